# SPDX-License-Identifier: Apache-2.0
"""A country on PostgreSQL: what the command line gives is what it gives on SQLite."""
import unittest

import support


class PostgresTest(support.WayTest):
    def test_both_stores_tell_the_same(self):
        files = self.folder / "files"
        self.run_amate("synth", "--pack", support.DEMO, "--seed", 7, "--out", files)
        told = []
        server = self.server_store()
        for name, store in (("file", "sqlite:store.sqlite"), ("server", server.address)):
            workspace = self.folder / name
            self.run_amate("init", workspace, "--pack", support.DEMO, "--store", store)
            for file in sorted(files.glob("*.csv")):
                self.assertIn(" 0 quarantined",
                              self.run_amate("-w", workspace, "ingest", file.stem, file).out)
                self.refuse("-w", workspace, "ingest", file.stem, file,
                            says="registry.batch_repeated")
            self.run_amate("-w", workspace, "snapshot", "--cutoff", "2018-09-07")
            self.run_amate("-w", workspace, "verify")
            told.append(self.run_amate("-w", workspace, "figures", "--format", "csv").out)
        self.assertFalse((self.folder / "server" / "store.sqlite").exists())
        self.assertEqual(told[0], told[1])
        server.rows("UPDATE r_landing SET folio = folio || 'x' WHERE batch_row = 3 AND "
                    "ledger_seq = (SELECT min(ledger_seq) FROM r_landing)")
        self.refuse("-w", self.folder / "server", "verify", says="ledger.record_changed")

    def test_an_address_that_will_not_do_makes_no_workspace(self):
        for address in ("postgresql://amate:s3cret@localhost/amate", "mysql://amate:s3cret@x/y"):
            done = self.refuse("init", self.workspace, "--pack", support.DEMO, "--store", address,
                               says="store.address_refused")
            self.assertNotIn("s3cret", done.out + done.err)
            self.assertFalse(self.workspace.exists())


if __name__ == "__main__":
    unittest.main()
