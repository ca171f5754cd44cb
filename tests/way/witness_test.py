# SPDX-License-Identifier: Apache-2.0
"""A ledger that others can hold to its word: sealed, proved, given out, kept, held against itself."""
import json
import re
import subprocess
import sys
import unittest

from support import DEMO, ROOT, WayTest


def page_program(name):
    """The program that docs/formats/ledger.md tells to run under this name."""
    page = (ROOT / "docs/formats/ledger.md").read_text(encoding="utf-8")
    return page.split(f"`python3 {name}", 1)[1].split("```python\n", 1)[1].split("```", 1)[0]


class WitnessTest(WayTest):
    def test_from_seal_to_witness(self):
        self.fill(DEMO)
        at = ("-w", self.workspace)
        told = self.run_amate(*at, "seal").out
        size = int(re.search(r"^size (\d+)$", told, re.M)[1])
        root = re.search(r"^root (.*)$", told, re.M)[1].replace(" ", "")
        seal = json.loads((self.workspace / "keys/ledger.seal.json").read_text())
        self.assertEqual((seal["size"], seal["root"]), (size, root))
        self.assertIn(f"({size} sealed)", self.run_amate(*at, "verify").out)

        key = (self.workspace / "keys/ledger.pub").read_text().strip()
        checker, proof = self.folder / "check_proof.py", self.folder / "proof.json"
        checker.write_text(page_program("check_proof.py"), encoding="utf-8")
        folio = self.run_amate(*at, "prove", "--entry", 2).out
        self.assertEqual(json.loads(folio)["entry"]["seq"], 2)
        first = json.loads(folio)["entry"]["register_name"]
        for what in (("--entry", 1), ("--entry", size), ("--from", 2, "--to", size)):
            self.run_amate(*at, "prove", *what, "--out", proof)
            done = subprocess.run([sys.executable, checker, proof, key], capture_output=True,
                                  text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("holds", done.stdout)
        self.refuse(*at, "prove", "--register", first, "--folio", "none", says="ledger.no_record")
        self.refuse(*at, "prove", "--entry", size + 1, says="ledger.no_entry")

        witness = self.folder / "witness"
        self.run_amate("init", witness, "--pack", DEMO)
        one, two = self.folder / "one.range", self.folder / "two.range"
        self.run_amate(*at, "ledger", "export", "--to", 2, one)
        self.run_amate(*at, "ledger", "export", "--from", 2, two)
        self.refuse("-w", witness, "ledger", "import", two, says="ledger.range_gap")
        self.run_amate("-w", witness, "ledger", "import", one)
        self.assertIn("entries added", self.run_amate("-w", witness, "ledger", "import", two).out)
        self.run_amate("-w", witness, "verify")
        self.assertIn("the same ledger", self.run_amate(*at, "verify", "--against", two).out)
        self.refuse("-w", witness, "verify", "--against", two, says="ledger.other_ledger")
        damaged = self.folder / "damaged.range"
        damaged.write_text(two.read_text().replace("command-line", "command-lane", 1))
        self.refuse(*at, "verify", "--against", damaged, says="ledger.range_damaged")

    def test_a_clock_that_is_right(self):
        self.run_amate("init", self.workspace, "--pack", DEMO)
        self.assertIn("nothing to do", self.run_amate("-w", self.workspace, "clock").out)


del WayTest  # so that unittest does not run the base class by itself

if __name__ == "__main__":
    unittest.main()
