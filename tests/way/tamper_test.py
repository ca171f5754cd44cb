# SPDX-License-Identifier: Apache-2.0
"""Nothing is silently changed: whatever is done to the store behind the program's back is named."""
import shutil
import sqlite3
import unittest

from support import DEMO, Run, WayTest


class TamperTest(WayTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        keeper = cls("fill_once")
        keeper.setUp()
        keeper.fill(DEMO)
        cls.keeper = keeper

    @classmethod
    def tearDownClass(cls):
        cls.keeper.doCleanups()

    def fill_once(self):
        """Only makes the workspace that the tests copy."""

    def setUp(self):
        super().setUp()
        if hasattr(type(self), "keeper"):
            shutil.copytree(self.keeper.workspace, self.workspace)

    def tamper(self, *statements):
        store = next(path for path in self.workspace.rglob("*.sqlite"))
        connection = sqlite3.connect(store)
        for statement in statements:
            connection.execute(statement.format(records=self.table(connection, "r_%"),
                                                entries=self.ledger_table(connection)))
        connection.commit()
        connection.close()

    def table(self, connection, pattern):
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' "
                                   "AND name LIKE ? ORDER BY name", (pattern,)).fetchall()
        return next(name for (name,) in names
                    if connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0])

    def ledger_table(self, connection):
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in names:
            columns = {row[1] for row in connection.execute(f"PRAGMA table_info({name})")}
            if {"seq", "previous_hash", "hash"} <= columns:
                return name
        raise AssertionError("no ledger table")

    def found(self, *codes):
        done = Run("-w", self.workspace, "verify")
        self.assertNotEqual(done.code, 0, done.out)
        self.assertTrue(any(code in done.err for code in codes), done.err[:2000])
        return done.err

    def test_an_untouched_store_holds(self):
        self.assertIn("all holds", self.run_amate("-w", self.workspace, "verify").out)

    def test_a_changed_row(self):
        self.tamper("UPDATE {records} SET recorded_at = recorded_at || ' ' WHERE rowid = 2",
                    "UPDATE {records} SET state = 'x' WHERE rowid = 3")
        self.found("ledger.record_changed")

    def test_a_changed_row_with_its_hash_made_to_fit(self):
        self.tamper("UPDATE {records} SET row_hash = (SELECT row_hash FROM {records} "
                    "WHERE rowid = 4), state = 'x' WHERE rowid = 3")
        self.found("ledger.record_changed")

    def test_a_removed_row(self):
        self.tamper("DELETE FROM {records} WHERE rowid = 5")
        self.found("ledger.record_missing")

    def test_an_inserted_row(self):
        store = next(path for path in self.workspace.rglob("*.sqlite"))
        connection = sqlite3.connect(store)
        table = self.table(connection, "r_%")
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        values = list(connection.execute(f"SELECT * FROM {table} WHERE rowid = 1").fetchone())
        values[columns.index("record_id")] = "0190a0a0-0000-7000-8000-000000000000"
        values[columns.index("folio")] += "9"
        values[columns.index("batch_row")] = 999_999
        connection.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(values))})", values)
        connection.commit()
        connection.close()
        self.found("ledger.record_inserted")

    def test_a_changed_entry(self):
        self.tamper("UPDATE {entries} SET purpose = 'x' WHERE seq = 2")
        self.found("ledger.entry_changed")

    def test_a_removed_entry(self):
        self.tamper("DELETE FROM {entries} WHERE seq = 2")
        self.found("ledger.entry_missing")

    def test_the_last_entry_removed(self):
        self.tamper("DELETE FROM {entries} WHERE seq = (SELECT max(seq) FROM {entries})")
        self.found("ledger.head_differs", "ledger.entry_missing")

    def test_a_changed_seal(self):
        self.tamper("UPDATE ledger_seals SET at = 'x' WHERE number = 2")
        self.found("ledger.seal_changed")

    def test_a_removed_seal(self):
        self.tamper("DELETE FROM ledger_seals WHERE number = 2")
        self.found("ledger.seal_missing")

    def test_a_changed_part_of_the_tree(self):
        self.tamper("UPDATE ledger_nodes SET hash = (SELECT hash FROM ledger WHERE seq = 1)")
        self.found("ledger.nodes_damaged")

    def test_a_trigger(self):
        self.tamper("CREATE TRIGGER t AFTER INSERT ON ledger BEGIN DELETE FROM ledger; END")
        self.found("ledger.addition_found")

    def test_a_seal_file_taken_away(self):
        (self.workspace / "keys/ledger.seal.json").unlink()
        self.found("ledger.seal_file_missing")

    def test_a_changed_definition(self):
        self.tamper("UPDATE definitions SET form = form || ' '")
        self.found("ledger.definition_changed")

    def test_an_inserted_entry(self):
        store = next(path for path in self.workspace.rglob("*.sqlite"))
        connection = sqlite3.connect(store)
        table = self.ledger_table(connection)
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        last = list(connection.execute(f"SELECT * FROM {table} ORDER BY seq DESC").fetchone())
        last[columns.index("seq")] += 1
        connection.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(last))})", last)
        connection.commit()
        connection.close()
        self.found("ledger.entry_inserted", "ledger.entry_changed", "ledger.head_differs")


del WayTest  # so that unittest does not run the base class by itself

if __name__ == "__main__":
    unittest.main()
