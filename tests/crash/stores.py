# SPDX-License-Identifier: Apache-2.0
"""The two stores as an outsider sees them: plain SQL, no part of the program."""
import contextlib
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "way"))
import support  # noqa: E402  (the path is set above)
from support import Postgres  # noqa: E402,F401  (for those who choose a store)


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
