# SPDX-License-Identifier: Apache-2.0
"""What the tests of the whole way share: running the program, workspaces in a temporary folder."""
import csv
import io
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.request
import uuid

ROOT = pathlib.Path(os.environ.get("AMATE_ROOT", pathlib.Path(__file__).resolve().parents[2]))
AMATE = os.environ.get("AMATE", str(ROOT / "build/dev/bin/amate"))
DEMO = ROOT / "packs/demo"
SERVER = os.environ.get("AMATE_TEST_STORE")  # the address of a PostgreSQL, where there is one


class Run:
    """What one call of the program gave."""

    def __init__(self, *arguments, stdin=None, timeout=900):
        done = subprocess.run([AMATE, *map(str, arguments)], capture_output=True, text=True,
                              input=stdin, timeout=timeout, check=False)
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr

    def rows(self):
        return list(csv.DictReader(io.StringIO(self.out)))


class Postgres:
    """A schema of its own on a server, as an outsider sees it: plain SQL, no part of the program."""
    name = "postgres"

    def __init__(self, server):
        self.server, self.schema = server, f"test_{uuid.uuid4().hex}"
        self.address = f"{server}&options=-csearch_path%3D{self.schema}"
        self._psql(server, f"CREATE SCHEMA {self.schema}")

    @staticmethod
    def _psql(address, sql):
        done = subprocess.run(["psql", "--quiet", "--csv", "--tuples-only", "--set",
                               "ON_ERROR_STOP=1", address, "--command", sql],
                              capture_output=True, text=True, check=False)
        if done.returncode:
            raise AssertionError(done.stderr)
        return done.stdout

    def rows(self, sql):
        return [tuple(row) for row in csv.reader(io.StringIO(self._psql(self.address, sql)))]

    def drop(self):
        self._psql(self.server, f"DROP SCHEMA {self.schema} CASCADE")


class WayTest(unittest.TestCase):
    """A test with a temporary folder of its own."""
    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="amate-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.workspace = self.folder / "work"

    def server_store(self):
        """A store to throw away on the server that AMATE_TEST_STORE names."""
        store = Postgres(SERVER)
        self.addCleanup(store.drop)
        return store

    def run_amate(self, *arguments, stdin=None):
        """Runs the program, which must succeed."""
        done = Run(*arguments, stdin=stdin)
        self.assertEqual(done.code, 0, f"{arguments}: {done.err}\n{done.out}")
        return done

    def refuse(self, *arguments, says, stdin=None):
        """Runs the program, which must fail and say `says` on standard error."""
        done = Run(*arguments, stdin=stdin)
        self.assertNotIn(done.code, (0, 70), f"{arguments}: {done.err}")
        self.assertIn(says, done.err)
        return done

    def fill(self, pack, scale=1, cutoff="2018-09-07", invented=True, more=()):
        """synth (with `more` options), init, ingest of every source, snapshot."""
        files = self.folder / "files"
        self.run_amate("synth", "--pack", pack, "--scale", scale, "--seed", 7, "--out", files, *more)
        self.run_amate("init", self.workspace, "--pack", pack,
                       *(["--invented"] if invented else []))
        for file in sorted(files.glob("*.csv")):
            done = self.run_amate("-w", self.workspace, "ingest", file.stem, file)
            self.assertIn(" 0 quarantined", done.out, file.stem)
        self.run_amate("-w", self.workspace, "snapshot", "--cutoff", cutoff)


class Served:
    """The program serving a workspace on a free port, as a context."""

    def __init__(self, workspace):
        self.workspace = workspace

    def __enter__(self):
        self.process = subprocess.Popen(
            [AMATE, "-w", str(self.workspace), "serve", "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        found = re.search(r"http://[0-9.:]+", line)
        if not found:
            self.process.kill()
            raise AssertionError(f"no address: {line!r} {self.process.stderr.read()}")
        self.address = found[0]
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.exit_code = self.process.wait(timeout=10)
        self.process.stdout.close()
        self.process.stderr.close()

    def get(self, path):
        """(status, body); never raises for an HTTP error."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def get_json(self, path):
        status, body = self.get(path)
        return status, json.loads(body)
