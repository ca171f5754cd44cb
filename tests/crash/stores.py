# SPDX-License-Identifier: Apache-2.0
"""The two stores as an outsider sees them: plain SQL, no part of the program."""
import contextlib
import csv
import io
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "way"))
import support  # noqa: E402  (the path is set above)


class Sqlite:
    """A store in the workspace's file."""
    name = "sqlite"

    def __init__(self, workspace):
        self.file, self.address = workspace / "store.sqlite", "sqlite:store.sqlite"

    def rows(self, sql):
        with contextlib.closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as store:
            return [tuple("" if value is None else str(value) for value in row)
                    for row in store.execute(sql)]

    def drop(self):
        """Nothing: the file goes with the workspace."""


class Postgres:
    """A schema of its own on a server."""
    name = "postgres"

    def __init__(self, server):
        self.server, self.schema = server, f"crash_{uuid.uuid4().hex}"
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


@contextlib.contextmanager
def postgres_server(durable=False):
    """The address of AMATE_TEST_STORE, else of a server of our own."""
    given = os.environ.get("AMATE_TEST_STORE")
    if given and not durable:
        yield given
        return
    folder = pathlib.Path(tempfile.mkdtemp(prefix="amate-pg-")) / "pg"
    folder.parent.chmod(0o755)
    tool = str(support.ROOT / "tools/throwaway_postgres")
    done = subprocess.run([tool, "start", str(folder), *(["--durable"] if durable else [])],
                          stdout=subprocess.PIPE, text=True, check=True)
    try:
        yield done.stdout.strip()
    finally:
        subprocess.run([tool, "stop", str(folder)], check=False)
        folder.parent.rmdir()
