# SPDX-License-Identifier: Apache-2.0
"""Kills the program at random moments and looks with its own eyes at what is left.

python3 tests/crash/kill_test.py --store sqlite|postgres [--rounds N] [--seed S]
Whatever was acknowledged must be there exactly once, a batch wholly or not at all, and `amate
verify` must pass. What it did is printed at the end; a failure keeps its workspace and names it.
"""
import argparse
import collections
import hashlib
import http.client
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

from desk_clients import Client, ask, connect
from stores import Postgres, Sqlite, postgres_server, support

ROUNDS_A_WORKSPACE = 15
CLIENTS = 4
REPLAYED = 25  # of the acknowledged writes of a round; those without an answer are all asked again
HEADER = ("FECHA;PUNTO;NOMBRE;NACIMIENTO;SEXO;PAÍS;DOCUMENTO;MODALIDAD;ACOMPAÑADO;SERVICIOS;"
          "CAPTURISTA\n")


def expect(holds, *says):
    if not holds:
        raise AssertionError(" ".join(str(each) for each in says))


def start(*arguments, out=subprocess.DEVNULL):
    return subprocess.Popen([support.AMATE, *map(str, arguments)], stdout=out,
                            stderr=subprocess.PIPE, text=True)


class Country:
    """A workspace, and all that was ever asked of it."""

    def __init__(self, folder, store, dice):
        self.folder, self.dice, self.workspace = folder, dice, folder / "work"
        self.store = store(self.workspace)
        self.files, self.tokens, self.writes = {}, [], {}
        self.clients = 0

    def init(self):
        return ["init", self.workspace, "--pack", support.DEMO, "--invented",
                "--store", self.store.address]

    def must(self, *arguments):
        done = support.Run("-w", self.workspace, *arguments)
        expect(done.code == 0, arguments, done.code, done.err, done.out)
        return done.out

    def make_file(self):
        """An invented batch nobody has seen; some rows are for quarantine."""
        name = f"b{len(self.files)}"
        rows = self.dice.choice((3, 40, 300, 1500))
        good, lines = 0, [HEADER]
        for number in range(rows):
            bad = self.dice.random() < 0.02
            good += not bad
            lines.append(f"0{1 + number % 9}/03/2018 1{number % 10}:00;"
                         f"{'Nowhere' if bad else 'Muelle Largo'};;;M;;{name}-{number};ASISTIDO;"
                         f"S/D;ALI;\n")
        file = self.folder / f"{name}.csv"
        file.write_bytes("".join(lines).encode("windows-1252"))
        self.files[file] = good if good < rows else rows
        return file

    def check(self):
        """The store against what was acknowledged: told by verify, then by plain SQL."""
        self.must("verify")
        batches = {}
        entries = self.store.rows(
            "SELECT seq, action, after_json, (SELECT count(*) FROM r_landing WHERE "
            "r_landing.ledger_seq = ledger.seq) FROM ledger ORDER BY seq")
        expect([int(row[0]) for row in entries] == list(range(1, len(entries) + 1)), "seq gap")
        for seq, action, after, rows in entries:
            wanted = 0
            if action == "batch.ingest":
                batch = json.loads(after)
                wanted = batch["accepted"]
                expect(batch["file_digest"] not in batches, "one file is in twice")
                batches[batch["file_digest"]] = wanted
            elif action.startswith("record."):
                wanted = 1
            expect(int(rows) == wanted, f"entry {seq} {action} has {rows} rows, not {wanted}")
        for file, good in self.files.items():
            digest = hashlib.blake2b(file.read_bytes(), digest_size=32).hexdigest()
            known = batches.pop(digest, None)
            expect(known in (None, good), f"{file.name}: {known} rows of {good}")
            seen = self.store.rows("SELECT count(*), count(DISTINCT person__document_number) FROM "
                                   f"r_landing WHERE person__document_number LIKE '{file.stem}-%'")
            expect(seen == [(str(known or 0),) * 2], f"{file.name}: {seen} of {known}")
        expect(not batches, "batches nobody gave", batches)
        self.check_writes()

    def check_writes(self):
        found = collections.Counter()
        by_entry = {}
        for folio, revision, seq, mark, act in self.store.rows(
                "SELECT folio, revision, ledger_seq, person__document_number, act_name "
                "FROM r_landing WHERE person__document_number LIKE 'k-%'"):
            by_entry[int(seq)] = (folio, int(revision))
            if int(revision) == 1 or act == "amend":
                found[mark] += 1
        for key, asked in self.writes.items():
            told = asked.answer
            at_most = 0 if asked.path.endswith("attend") else 1
            expect(found[key] <= at_most, f"{key} was carried out {found[key]} times")
            if told is None:
                continue
            expect(found[key] == at_most, f"{key} was acknowledged and is not there")
            expect(by_entry.get(told["entry"]) == (told["folio"], told["revision"]),
                   f"{key}: entry {told['entry']} is not what was told")

    def head_lag(self):
        head = json.loads((self.workspace / "keys/ledger.head.json").read_text())["seq"]
        return int(self.store.rows("SELECT coalesce(max(seq), 0) FROM ledger")[0][0]) - head


class Rounds:
    """The kinds of round; each starts something, kills it, and leaves the store to be checked."""

    def __init__(self, dice):
        self.dice, self.told = dice, collections.Counter()
        self.took = collections.defaultdict(lambda: 0.05)  # seconds, by kind and size; learnt

    def kill(self, process, kind, country, size=0):
        """Kills at a random moment of its run, or as soon as it writes a file beside its keys."""
        share = self.dice.choice((self.dice.uniform(0, 1.2), self.dice.uniform(0.7, 1.1)))
        moment = time.monotonic() + share * self.took[kind, size]
        began, keys = time.monotonic(), country.workspace / "keys"
        on_sight = self.dice.random() < 0.3
        while process.poll() is None:
            if on_sight:
                try:
                    if any(name.endswith(".tmp") for name in os.listdir(keys)):
                        break
                except FileNotFoundError:
                    pass
                if time.monotonic() > began + 5:
                    break
            elif time.monotonic() >= moment:
                break
            else:
                time.sleep(0.0005)
        process.kill()
        code = process.wait()
        err = process.stderr.read()
        process.stderr.close()
        if code == 0:
            self.took[kind, size] += 0.5 * (time.monotonic() - began - self.took[kind, size])
        elif share > 1 and not on_sight:
            self.took[kind, size] *= 1.3  # it takes longer than was thought
        expect(code in (0, -9), kind, "ended with", code, err)
        self.told[f"{kind} {'killed' if code else 'finished'}"] += 1
        return code == 0

    def init(self, country):
        """The first moments of a workspace: what was cut off is begun again."""
        self.kill(start(*country.init()), "init", country)
        again = support.Run(*country.init())
        known = "store.workspace_exists" in again.err
        expect(again.code == 0 or known, "init after a killed init", again.code, again.err)
        first = country.store.rows("SELECT action FROM ledger WHERE seq = 1")
        expect(first == [("workspace.init",)], "the first entry is", first)
        told = json.loads((country.workspace / "workspace.json").read_text())
        expect(told["invented"], "the workspace forgot that its data are invented")
        self.told[f"init again: {'was made' if known else 'made or completed'}"] += 1

    def ingest(self, country):
        file = country.make_file()
        whole = self.kill(start("-w", country.workspace, "ingest", "coast_guard_landings", file),
                          "ingest", country, country.files[file] // 30)
        country.check()
        again = support.Run("-w", country.workspace, "ingest", "coast_guard_landings", file)
        known = again.code != 0 and "registry.batch_repeated" in again.err
        expect(known or again.code == 0 and not whole, "second ingest", again.code, again.err)
        self.told["batch in, killed after commit" if known and not whole else
                  "batch in" if whole else "batch out"] += 1

    def seal(self, country):
        country.must("access", "list")
        self.kill(start("-w", country.workspace, "seal"), "seal", country)

    def serve(self, country, beside=None):
        while len(country.tokens) < 2:
            country.tokens.append(country.must(
                "access", "add", f"user{len(country.tokens)}", "--office", "hill_house", "--role",
                "reception_officer", "--purpose", "reception").strip())
        process, address = self.serving(country)
        clients = []
        for _ in range(CLIENTS):
            country.clients += 1
            clients.append(Client(country.clients, address, self.dice.choice(country.tokens),
                                  random.Random(self.dice.random())))
        for client in clients:
            client.start()
        other = beside(country) if beside else None
        time.sleep(self.dice.uniform(0, 0.15))
        if other and self.dice.random() < 0.5:
            self.stop(other)
        self.stop(process)
        for client in clients:
            client.join()
            expect(client.fault is None, client.fault)
        if other:
            self.stop(other)
        asked = [each for client in clients for each in client.asked]
        country.writes.update((each.key, each) for each in asked)
        country.check()
        self.replay(country, asked)
        self.told["serve killed"] += 1
        self.told["writes acknowledged"] += sum(each.answer is not None for each in asked)

    def serve_and_ingest(self, country):
        file = country.make_file()
        self.serve(country, lambda _: start("-w", country.workspace, "ingest",
                                            "coast_guard_landings", file))

    def serve_and_seal(self, country):
        self.serve(country, lambda _: start("-w", country.workspace, "seal"))

    @staticmethod
    def stop(process):
        process.kill()
        process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe and not pipe.closed:
                pipe.close()

    @staticmethod
    def serving(country):
        process = start("-w", country.workspace, "serve", "--listen", "127.0.0.1:0",
                        out=subprocess.PIPE)
        line = process.stdout.readline()
        found = re.search(r"http://[0-9.:]+", line)
        expect(found, "serve did not start:", line, "" if found else process.stderr.read())
        return process, found[0]

    def replay(self, country, asked):
        """Asks again with the same keys: the answers must be those that were given, or would be."""
        process, address = self.serving(country)
        try:
            connection = connect(address)
            given = [each for each in asked if each.answer is not None]
            chosen = self.dice.sample(given, min(REPLAYED, len(given)))
            for each in chosen + [each for each in asked if each.answer is None]:
                try:
                    status, answer = ask(connection, each)
                except (OSError, http.client.HTTPException) as gone:
                    raise AssertionError(f"the service went away: {gone}") from gone
                expect(status < 300, each.key, "asked again:", status, answer)
                if each.answer is None:
                    self.told["writes cut off, in" if answer["repeated"] else
                              "writes cut off, out"] += 1
                    each.answer = answer
                    continue
                expect(answer.pop("repeated"), each.key, "was carried out again")
                first = {name: value for name, value in each.answer.items() if name != "repeated"}
                expect(answer == first, each.key, "first", first, "then", answer)
        finally:
            self.stop(process)
        country.check_writes()


def play(rounds, store, dice, folder):
    kinds = Rounds(dice)
    each = [(kinds.serve, 40), (kinds.ingest, 34), (kinds.seal, 8), (kinds.serve_and_ingest, 10),
            (kinds.serve_and_seal, 8)]
    country, began = None, time.monotonic()
    for number in range(rounds):
        if number % ROUNDS_A_WORKSPACE == 0:
            if country:
                country.store.drop()
                shutil.rmtree(country.folder)
            place = folder / f"c{number}"
            place.mkdir()
            country, kind = Country(place, store, dice), kinds.init
        else:
            kind = dice.choices([kind for kind, _ in each], [weight for _, weight in each])[0]
        try:
            kind(country)
            if (lag := country.head_lag()) > 0:
                kinds.told["head behind the ledger"] += 1
                expect(lag < 4096, "the head is far behind", lag)
            country.check()
        except (AssertionError, OSError) as fault:
            raise SystemExit(f"round {number} ({kind.__name__}) in {country.folder}: "
                             f"{fault}") from fault
        if sys.stderr.isatty() or (number + 1) % 100 == 0:
            print(f"round {number + 1} of {rounds}, {time.monotonic() - began:.0f} s",
                  file=sys.stderr)
    country.store.drop()
    return kinds.told, time.monotonic() - began


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--store", choices=("sqlite", "postgres"), required=True)
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    options = options.parse_args()
    print(f"seed {options.seed}", flush=True)
    dice = random.Random(options.seed)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="amate-crash-"))
    if options.store == "sqlite":
        told, took = play(options.rounds, Sqlite, dice, folder)
    else:
        with postgres_server() as server:
            told, took = play(options.rounds, lambda _: Postgres(server), dice, folder)
    shutil.rmtree(folder)
    for what, count in sorted(told.items()):
        print(f"  {what}: {count}")
    print(f"{options.rounds} rounds on {options.store} in {took:.0f} s, seed {options.seed}: "
          "nothing acknowledged was lost, no batch was split, every verify passed")


if __name__ == "__main__":
    main()
