# SPDX-License-Identifier: Apache-2.0
"""The guide does what it says: every block of docs/guide/changing-a-country.md, in its order."""
import os
import re
import shlex
import shutil
import subprocess
import unittest

from support import AMATE, ROOT, WayTest

GUIDE = ROOT / "docs/guide/changing-a-country.md"
BLOCK = re.compile(r"([^\n]*)\n\n(`{3,})(\w+)\n(.*?)\2(?=\n)", re.DOTALL)


class GuideTest(WayTest):
    def write(self, said, block):
        """Puts a block where the line before it says: a new file, its end, or after a line."""
        names = re.findall(r"`([^`]+)`", said[said.rfind(". ") + 1:] if ". " in said else said)
        path = self.folder / names[0]
        if "t the end of" in said:
            path.write_text(path.read_text(encoding="utf-8") + block, encoding="utf-8")
        elif "after" in said and len(names) == 2:
            text = path.read_text(encoding="utf-8")
            self.assertEqual(text.count(f"\n{names[1]}\n"), 1, said)
            path.write_text(text.replace(f"\n{names[1]}\n", f"\n{names[1]}\n{block}"), encoding="utf-8")
        else:
            self.assertFalse(path.exists(), said)
            path.write_text(block, encoding="utf-8")

    def test_works_as_written(self):
        (self.folder / "packs").mkdir()
        shutil.copytree(ROOT / "packs/demo", self.folder / "packs/demo")
        told = ""
        kinds, tables = [], []
        for said, _, kind, block in BLOCK.findall(GUIDE.read_text(encoding="utf-8")):
            kinds.append(kind)
            if kind == "sh":
                told = ""
                for line in block.splitlines():
                    words = shlex.split(line)
                    words[0] = AMATE if words[0] == "amate" else words[0]
                    done = subprocess.run(words, cwd=self.folder, capture_output=True, text=True,
                                          timeout=300, check=False, env=os.environ | {"LC_ALL": "C"})
                    quarantine_expected = words[-1] == "lost.csv"
                    self.assertTrue(done.returncode == 0 or quarantine_expected,
                                    f"{line}\n{done.stdout}{done.stderr}")
                    told += done.stdout
            elif kind == "says":
                self.assertIn(block.strip(), told)
                tables += re.findall("long_pier,.*,true,.*,1\n", told)
            else:
                self.write(said, block)
        self.assertEqual((kinds.count("sh"), kinds.count("says")), (6, 3))
        self.assertEqual(len(tables), 1)


del WayTest  # so that unittest does not run the base class by itself

if __name__ == "__main__":
    unittest.main()
