# SPDX-License-Identifier: Apache-2.0
"""The house is tidy, and the tool that says so finds each kind of fault it is there for."""
import pathlib
import shutil
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import tidy  # noqa: E402

HEAD = "// SPDX-License-Identifier: Apache-2.0\n// Tests something.\n"


class TidyTest(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)
        for name in ("spec", "tools"):
            shutil.copytree(ROOT / name, self.root / name)
        (self.root / "modules.toml").write_text(
            '[core]\nmay = []\nforeign = ["fmt"]\n\n[store]\nmay = ["core"]\nforeign = []\n')
        for module in ("core", "store"):
            (self.root / "src" / module).mkdir(parents=True)
            (self.root / "src" / module / "README.md").write_text("# x\n")
        shutil.copy(ROOT / "src/core/problem_catalogue.inc", self.root / "src/core")

    def faults(self, text, file="src/core/a.cpp"):
        (self.root / file).write_text(text)
        return [fault for fault in tidy.check_tree(self.root)
                if not fault.startswith("spec/problems.yaml")]

    def test_the_house_itself_is_tidy(self):
        self.assertEqual(list(tidy.check_tree(ROOT)), [])

    def test_a_tidy_file_passes(self):
        self.assertEqual(self.faults(HEAD + "#include <fmt/format.h>\n#include <string>\n"), [])

    def test_each_fault_is_found(self):
        for line, word in [('#include "store/a.hpp"', "may not include store"),
                           ("#include <duckdb.h>", "no header for core"),
                           ("using namespace std;", "using namespace"),
                           ("int n = atoi(text);", "atoi"),
                           ("assert(true);", "AMATE_CHECK"),
                           ("// TODO: later", "TODO"),
                           ("// as in Mexico", "one country"),
                           ("\tint a;", "tab"),
                           ("// " + "x" * 100, "columns")]:
            with self.subTest(line=line):
                found = self.faults(HEAD + line + "\n")
                self.assertEqual(len(found), 1, found)
                self.assertIn(word, found[0])
                self.assertIn("src/core/a.cpp:3:", found[0])

    def test_a_file_without_purpose_or_licence_is_found(self):
        self.assertEqual(len(self.faults("int a;\nint b;\n")), 2)

    def test_a_circle_of_arrows_is_found(self):
        (self.root / "modules.toml").write_text(
            '[core]\nmay = ["store"]\nforeign = []\n\n[store]\nmay = ["core"]\nforeign = []\n')
        self.assertTrue(any("circle" in fault for fault in tidy.check_tree(self.root)))

    def test_a_private_header_stays_private(self):
        found = self.faults(HEAD + '#include "core/internal/a.hpp"\n', "src/store/a.cpp")
        self.assertIn("private to core", found[0])

    def test_an_unformatted_file_is_found(self):
        shutil.copy(ROOT / ".clang-format", self.root)
        found = self.faults(HEAD + "int   a;\n")
        self.assertEqual(len(found), 1, found)
        self.assertIn("not formatted", found[0])

    def test_an_unused_problem_code_is_found(self):
        with open(self.root / "spec/problems.yaml", "a", encoding="utf-8") as spec:
            spec.write('- code: core.never_used\n  http: 500\n  es: "x"\n  en: "x"\n')
        self.assertTrue(any("core.never_used is used nowhere" in fault
                            for fault in tidy.check_tree(self.root)))


if __name__ == "__main__":
    unittest.main()
