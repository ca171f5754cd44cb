# SPDX-License-Identifier: Apache-2.0
"""Broken surroundings: a full disk, a disk that cannot be written, a database that goes away, a
clock set back. Each must be said clearly, lose nothing, and be over when its cause is over."""
import contextlib
import http.client
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import unittest

from desk_clients import LANDINGS, Asked, ask, connect
from stores import Postgres, Sqlite, postgres_server, support

RESUMES_WITHIN_S = 20


@contextlib.contextmanager
def small_disk(megabytes):
    """A disk of its own to fill; skips the test where the machine cannot mount one."""
    folder = tempfile.mkdtemp(prefix="amate-disk-")
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder],
                          capture_output=True, text=True, check=False)
    if done.returncode:
        os.rmdir(folder)
        raise unittest.SkipTest(f"no disk can be mounted here: {done.stderr.strip()}")
    try:
        yield pathlib.Path(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=False)
        os.rmdir(folder)


class FaultTest(support.WayTest):
    def make(self, workspace, store):
        self.run_amate("init", workspace, "--pack", support.DEMO, "--invented",
                       "--store", store.address)
        self.token = self.run_amate(
            "-w", workspace, "access", "add", "oto", "--office", "hill_house", "--role",
            "reception_officer", "--purpose", "reception").out.strip()
        self.asked, self.acknowledged = 0, []

    def write(self, address, key=None):
        """(status, answer, key) of one landing."""
        self.asked += 1
        key = key or f"k-{self.asked}"
        connection = connect(address)
        status, answer = ask(connection, Asked(key, LANDINGS, {"fields": {
            "landed_at": "2018-03-01T10:00", "point": "long_pier", "modality": "assisted",
            "person": {"sex": "female", "document_number": key}}}, self.token))
        connection.close()
        if status < 300:
            self.acknowledged.append(key)
        return status, answer, key

    def expect_refused(self, address):
        status, answer, key = self.write(address)
        self.assertEqual(status, 503, answer)
        self.assertEqual(answer["problems"][0]["code"], "server.store_failed")
        return key

    def expect_resumed(self, address, key):
        """The same request, asked again, is carried out without anybody touching the service."""
        until = time.monotonic() + RESUMES_WITHIN_S
        while True:
            status, answer, _ = self.write(address, key)
            if status < 300:
                return
            self.assertEqual(status, 503, answer)
            self.assertLess(time.monotonic(), until, "the service did not resume")
            time.sleep(0.1)

    def expect_each_once(self, workspace, store):
        self.run_amate("-w", workspace, "verify")
        marks = [mark for mark, in store.rows("SELECT person__document_number FROM r_landing WHERE "
                                              "person__document_number LIKE 'k-%'")]
        self.assertEqual(sorted(set(self.acknowledged)), sorted(marks))

    def batch(self, rows):
        file = self.folder / f"batch{rows}.csv"
        file.write_text("FECHA;PUNTO;NOMBRE;NACIMIENTO;SEXO;PAÍS;DOCUMENTO;MODALIDAD;ACOMPAÑADO;"
                        "SERVICIOS;CAPTURISTA\n" +
                        "".join(f"01/03/2018 10:00;Muelle Largo;;;M;;B{i};ASISTIDO;S/D;ALI;\n"
                                for i in range(rows)), encoding="windows-1252")
        return file


class DiskTest(FaultTest):
    def test_a_full_disk_refuses_and_resumes(self):
        with small_disk(8) as disk:
            workspace = disk / "work"
            store = Sqlite(workspace)
            self.make(workspace, store)
            with support.Served(workspace) as served:
                self.assertEqual(self.write(served.address)[0], 201)
                filler = disk / "filler"
                with contextlib.suppress(OSError), open(filler, "wb", buffering=0) as out:
                    while True:
                        out.write(bytes(4096))
                # What was set aside before may take a few writes more.
                for _ in range(500):
                    status, answer, key = self.write(served.address)
                    if status >= 300:
                        break
                self.assertEqual((status, answer["problems"][0]["code"]),
                                 (503, "server.store_failed"))
                done = support.Run("-w", workspace, "ingest", "coast_guard_landings",
                                   self.batch(20_000))
                self.assertEqual(done.code, 74, done.err)
                self.assertRegex(done.err, "full|space")
                filler.unlink()
                self.expect_resumed(served.address, key)
            self.expect_each_once(workspace, store)
            self.assertEqual(store.rows("SELECT count(*) FROM ledger WHERE action = "
                                        "'batch.ingest'"), [("0",)], "the batch is wholly out")

    def test_full_in_the_middle_of_a_batch_takes_nothing_in(self):
        with small_disk(4) as disk:
            workspace = disk / "work"
            store = Sqlite(workspace)
            self.make(workspace, store)
            file = self.batch(40_000)
            done = support.Run("-w", workspace, "ingest", "coast_guard_landings", file)
            self.assertEqual(done.code, 74, done.err)
            self.assertRegex(done.err, "full|space")
            self.assertEqual(store.rows("SELECT count(*) FROM r_landing"), [("0",)])
            self.run_amate("-w", workspace, "verify")
            self.run_amate("-w", workspace, "ingest", "coast_guard_landings", self.batch(10))
            subprocess.run(["mount", "-o", "remount,size=200m", str(disk)], check=True)
            self.run_amate("-w", workspace, "ingest", "coast_guard_landings", file)
            self.run_amate("-w", workspace, "verify")

    def test_a_disk_that_cannot_be_written(self):
        with small_disk(16) as disk:
            workspace = disk / "work"
            store = Sqlite(workspace)
            self.make(workspace, store)
            self.run_amate("-w", workspace, "ingest", "coast_guard_landings", self.batch(10))
            subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
            for call in (("ingest", "coast_guard_landings", self.batch(20)), ("seal",),
                         ("access", "add", "pia", "--role", "supervisor", "--purpose",
                          "reception")):
                done = support.Run("-w", workspace, *call)
                self.assertNotIn(done.code, (0, 70), f"{call}: {done.err}")
                self.assertRegex(done.err, "[Rr]ead-?only", call)
            subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
            self.run_amate("-w", workspace, "ingest", "coast_guard_landings", self.batch(20))
            self.expect_each_once(workspace, store)

    def test_a_full_disk_for_the_keys_writes_nothing_twice(self):
        """What was committed and not told is told when asked again with the same key."""
        with small_disk(1) as disk:
            workspace = self.workspace
            store = Sqlite(workspace)
            self.make(workspace, store)
            shutil.copytree(workspace / "keys", disk / "keys")
            shutil.rmtree(workspace / "keys")
            (workspace / "keys").symlink_to(disk / "keys")
            with support.Served(workspace) as served:
                self.assertEqual(self.write(served.address)[0], 201)
                with contextlib.suppress(OSError), open(disk / "filler", "wb", buffering=0) as out:
                    while True:
                        out.write(bytes(4096))
                statuses = [self.write(served.address) for _ in range(3)]
                (disk / "filler").unlink()
                for status, _, key in statuses:
                    self.assertIn(status, (201, 503))
                    self.expect_resumed(served.address, key)
            self.expect_each_once(workspace, store)


class BackupDiskTest(FaultTest):
    """What looks like a backup, or like a workspace, is one; what failed is not in the way."""

    def setUp(self):
        super().setUp()
        self.make(self.workspace, Sqlite(self.workspace))
        self.run_amate("-w", self.workspace, "ingest", "coast_guard_landings", self.batch(2000))

    def refused_until_there_is_room(self, place, needed, *call):
        """`needed`: bytes that `place` has when all is well."""
        disk = place.parent
        for share in (0.05, 0.3, 0.6, 0.9, 0.98):
            filler = disk / "filler"
            with contextlib.suppress(OSError), open(filler, "wb", buffering=0) as out:
                while True:
                    out.write(bytes(4096))
            os.truncate(filler, max(0, filler.stat().st_size - int(needed * share)))
            done = support.Run(*call)
            self.assertEqual(done.code, 74, f"{share}: {done.err}{done.out}")
            self.assertRegex(done.err, "full|space", share)
            self.assertEqual(sorted(path.name for path in disk.iterdir()
                                    if not path.name.startswith(".")), ["filler"], share)
            filler.unlink()
        return self.run_amate(*call)

    @staticmethod
    def bytes_on_disk(folder):
        return sum(-(-path.stat().st_size // 4096) * 4096 for path in folder.rglob("*")
                   if path.is_file())

    def test_onto_a_full_disk_neither_is_made(self):
        whole, again = self.folder / "whole", self.folder / "again"
        self.run_amate("-w", self.workspace, "backup", whole)
        self.run_amate("restore", whole, again, "--keys", self.workspace / "keys")
        with small_disk(8) as disk:
            self.refused_until_there_is_room(disk / "kept", self.bytes_on_disk(whole), "-w",
                                             self.workspace, "backup", disk / "kept")
            self.run_amate("restore", disk / "kept", self.folder / "place", "--keys",
                           self.workspace / "keys")
            self.run_amate("-w", self.folder / "place", "verify")
        with small_disk(8) as disk:
            self.refused_until_there_is_room(disk / "place", self.bytes_on_disk(again), "restore",
                                             whole, disk / "place", "--keys",
                                             self.workspace / "keys")
            self.run_amate("-w", disk / "place", "verify")


class PostgresGone(FaultTest):
    def test_the_service_outlives_its_database(self):
        with postgres_server(durable=True) as server:
            store = Postgres(server)
            self.make(self.workspace, store)
            folder = pathlib.Path(re.search(r"host=(\S+)", server)[1])
            with support.Served(self.workspace) as served:
                for _ in range(5):
                    self.assertEqual(self.write(served.address)[0], 201)
                for mode in ("fast", "immediate"):
                    self.server("stop", folder, "-m", mode)
                    key = self.expect_refused(served.address)
                    self.expect_refused(served.address)
                    self.server("start", folder)
                    self.expect_resumed(served.address, key)
                self.stop_in_mid_write(served.address, folder)
            self.expect_each_once(self.workspace, store)

    def stop_in_mid_write(self, address, folder):
        stopping = subprocess.Popen(self.command("stop", folder, "-m", "immediate"))
        refused = []
        until = time.monotonic() + 1
        while time.monotonic() < until:
            with contextlib.suppress(http.client.HTTPException):
                status, answer, key = self.write(address)
                if status >= 300:
                    self.assertEqual(status, 503, answer)
                    refused.append(key)
                    if stopping.poll() is not None:
                        break
        stopping.wait()
        self.assertTrue(refused)
        self.server("start", folder)
        for key in refused:
            self.expect_resumed(address, key)

    @staticmethod
    def command(action, folder, *more):
        programs = (folder / "throwaway-postgres").read_text().strip()
        options = ["-o", f"-c listen_addresses='' -k {folder}"] if action == "start" else []
        call = [f"{programs}/pg_ctl", action, "-D", str(folder / "data"), "-w", "-s",
                "-l", str(folder / "log"), *options, *more]
        as_nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"]
        return [*as_nobody, *call] if os.getuid() == 0 else call

    def server(self, action, folder, *more):
        subprocess.run(self.command(action, folder, *more), check=True, cwd="/")


class ClockTest(FaultTest):
    def test_a_clock_set_back_refuses_until_it_caught_up(self):
        """The last entry stands ahead of the clock, as it does once the clock was set back."""
        faketime = shutil.which("faketime")
        if not faketime:
            self.skipTest("faketime is not installed: the clock of a program cannot be set here")
        store = Sqlite(self.workspace)
        self.make(self.workspace, store)
        before = store.rows("SELECT max(seq) FROM ledger")
        done = subprocess.run([faketime, "-f", "-1h", support.AMATE, "-w", str(self.workspace),
                               "ingest", "coast_guard_landings", str(self.batch(5))],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 74, done.stderr)
        self.assertIn("clock", done.stderr)
        self.assertEqual(store.rows("SELECT max(seq) FROM ledger"), before)
        self.run_amate("-w", self.workspace, "ingest", "coast_guard_landings", self.batch(5))
        self.run_amate("-w", self.workspace, "verify")


if __name__ == "__main__":
    unittest.main()
