# SPDX-License-Identifier: Apache-2.0
"""What synth invents ingest takes in, to the last row: the two must never read a source in two ways."""
import unittest

import support


class RoundTrip(support.WayTest):
    def test_every_invented_row_of_the_demo_is_accepted(self):
        for seed in (1, 2, 3):
            with self.subTest(seed=seed):
                files, workspace = self.folder / f"files{seed}", self.folder / f"work{seed}"
                self.run_amate("synth", "--pack", support.DEMO, "--seed", seed, "--out", files)
                self.run_amate("init", workspace, "--pack", support.DEMO)
                rows = 0
                for file in sorted(files.glob("*.csv")):
                    told = self.run_amate("-w", workspace, "ingest", file.stem, file).out
                    self.assertIn(" 0 quarantined", told)
                    rows += file.read_bytes().count(b"\n") - 1
                # 1110 landings by the log, 200 by ferry, 1380 visits: the plans of the demo.
                self.assertEqual(rows, 1110 + 200 + 1380)
                self.run_amate("-w", workspace, "verify")


if __name__ == "__main__":
    unittest.main()
