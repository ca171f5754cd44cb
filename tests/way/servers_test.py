# SPDX-License-Identifier: Apache-2.0
"""Two servers on one PostgreSQL, and a file taken in meanwhile: each write once, each entry in its
place, no revision lost to another."""
import collections
import json
import subprocess
import threading
import unittest
import urllib.error
import urllib.request

import support

THREADS = 8
RECORDS = 25   # created by each thread
SHARED = 5     # records all threads amend
AMENDMENTS = 6  # of each shared record by each thread


class ServersTest(support.WayTest):
    def setUp(self):
        super().setUp()
        self.store = self.server_store()
        self.run_amate("init", self.workspace, "--pack", support.DEMO, "--store",
                       self.store.address)
        added = self.run_amate("-w", self.workspace, "access", "add", "oto", "--role",
                               "reception_officer", "--office", "hill_house", "--purpose",
                               "reception")
        self.token = added.out.strip()
        self.lock = threading.Lock()
        self.failures = []

    def ask(self, server, method, path, body=None, key=None):
        """(status, answer); 503 is asked again, as its Retry-After says."""
        request = urllib.request.Request(server.address + "/api/v1/registers/landing/records" + path,
                                         method=method,
                                         data=None if body is None else json.dumps(body).encode())
        request.add_header("Authorization", f"Bearer {self.token}")
        if key:
            request.add_header("Idempotency-Key", key)
        for _ in range(30):
            try:
                with urllib.request.urlopen(request, timeout=90) as answer:
                    return answer.status, json.load(answer)
            except urllib.error.HTTPError as error:
                if error.code != 503:
                    return error.code, json.load(error)
        raise AssertionError("503 thirty times")

    def in_threads(self, work):
        def guarded(number):
            try:
                work(number)
            except Exception as error:  # pylint: disable=broad-except
                with self.lock:
                    self.failures.append(repr(error))
        threads = [threading.Thread(target=guarded, args=(i,)) for i in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(self.failures, [])

    @staticmethod
    def landing(size):
        return {"fields": {"landed_at": "2018-03-01T10:00", "point": "long_pier",
                           "modality": "assisted", "party_size": size,
                           "person": {"sex": "male", "birth": "1980"}}}

    def test_two_servers_and_a_file_write_as_one(self):
        files = self.folder / "files"
        self.run_amate("synth", "--pack", support.DEMO, "--scale", 20, "--seed", 7, "--out", files)
        file = files / "coast_guard_landings.csv"
        rows = sum(1 for _ in file.open(encoding="cp1252")) - 1
        with support.Served(self.workspace) as one, support.Served(self.workspace) as two:
            servers = (one, two)
            shared = []
            for _ in range(SHARED):
                status, receipt = self.ask(one, "POST", "", self.landing(1))
                self.assertEqual(status, 201, receipt)
                shared.append(receipt["folio"])

            taking_in = subprocess.Popen([support.AMATE, "-w", str(self.workspace), "ingest",
                                          "coast_guard_landings", str(file)],
                                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            folios, amended, stale = [], collections.Counter(), collections.Counter()

            def work(number):
                # Each request goes to both servers under one key: one of them does it.
                for i in range(RECORDS):
                    key = f"k-{number}-{i}"
                    answers = [self.ask(server, "POST", "", self.landing(2), key)
                               for server in (servers if i % 2 else servers[::-1])]
                    assert [status for status, _ in answers] == [201, 201], answers
                    first, again = (answer for _, answer in answers)
                    assert again["repeated"] and not first["repeated"], answers
                    assert again["folio"] == first["folio"], answers
                    with self.lock:
                        folios.append(first["folio"])
                # All amend the same records, each on the revision it saw.
                for i in range(AMENDMENTS):
                    for folio in shared:
                        server = servers[(number + i) % 2]
                        for _ in range(200):
                            _, record = self.ask(server, "GET", f"/{folio}")
                            size = record["fields"]["party_size"] + 1
                            status, answer = self.ask(
                                server, "POST", f"/{folio}/amend",
                                {"base": record["revision"], "fields": {"party_size": size}})
                            if status == 200:
                                break
                            assert answer["problems"][0]["code"] == "registry.base_stale", answer
                            with self.lock:
                                stale[folio] += 1
                        else:
                            raise AssertionError("never on the newest revision")
                        with self.lock:
                            amended[folio] += 1

            self.in_threads(work)
            out, err = taking_in.communicate(timeout=300)
            self.assertEqual(taking_in.returncode, 0, err)
            self.assertIn(" 0 quarantined", out)
            # What one wrote the other reads.
            for folio in shared:
                for server in servers:
                    _, record = self.ask(server, "GET", f"/{folio}")
                    self.assertEqual(record["revision"], 1 + THREADS * AMENDMENTS)
                    self.assertEqual(record["fields"]["party_size"], 1 + THREADS * AMENDMENTS)
        self.assertEqual(set(amended.values()), {THREADS * AMENDMENTS})
        self.assertGreater(sum(stale.values()), 0, "they never met")
        self.assertEqual(len(set(folios)), THREADS * RECORDS)
        self.assertEqual(self.store.rows("SELECT count(DISTINCT folio) FROM r_landing"),
                         [(str(rows + SHARED + THREADS * RECORDS),)])
        self.assertEqual(self.store.rows("SELECT folio FROM r_landing GROUP BY folio, revision "
                                         "HAVING count(*) > 1"), [])
        self.run_amate("-w", self.workspace, "verify")


if __name__ == "__main__":
    unittest.main()
