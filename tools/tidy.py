#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the house to its own rules: arrows between modules, foreign headers, sizes, words.

Prints one line a fault, `file:line: what is wrong`, and exits 1 if there is any.
Usage: tools/tidy.py [ROOT]
"""
import pathlib
import re
import subprocess
import sys

LINES_MAX = 800
LINES_WISE = 500
HEADER_LINES_MAX = 300
README_LINES_MAX = 30
# Words of one country: they belong into packs, never into src/ (design: declared, not coded).
COUNTRY_WORDS = re.compile(
    r"(?i)\b(m[eé]xic\w*|mex|packs/mx|curp|segob|inegi|paisano|grupos beta|oaxaca|tijuana)\b")
BANNED = [
    (re.compile(r"\busing namespace\b"), "name what you use instead of `using namespace`"),
    (re.compile(r"\b(printf|sprintf|strcpy|strtok|atoi|gets|system|popen)\s*\("),
     "use fmt, std::from_chars or core/text.hpp instead"),
    (re.compile(r"\bassert\s*\("), "use AMATE_CHECK, which is always on"),
    (re.compile(r"\bTODO(?!\((soon|perf|security|port)\):)"),
     "write TODO(soon|perf|security|port): or do it now"),
    (re.compile(r"-march=native"), "release builds are portable"),
]
# Where a banned call is right, and why.
ALLOWED = {("src/cli/command.cpp", "printf"): "fmt::print to standard error"}


def read_modules(root):
    """modules.toml -> {module: (may, foreign)}; Python 3.11 reads TOML by itself."""
    import tomllib
    data = tomllib.loads((root / "modules.toml").read_text(encoding="utf-8"))
    return {name: (set(entry["may"]), list(entry["foreign"])) for name, entry in data.items()}


def check_arrows(modules):
    """No cycles, no unknown module."""
    for name, (may, _) in modules.items():
        for other in sorted(may - modules.keys()):
            yield f"modules.toml: [{name}] may include the unknown module {other}"
    state = {}

    def visit(name, path):
        if state.get(name) == "done":
            return
        if name in path:
            cycles.append(" -> ".join(path[path.index(name):] + [name]))
            return
        for other in sorted(modules[name][0] & modules.keys()):
            visit(other, path + [name])
        state[name] = "done"

    cycles = []
    for name in modules:
        visit(name, [])
    for cycle in cycles:
        yield f"modules.toml: arrows go in a circle: {cycle}"


def is_foreign_allowed(header, foreign):
    return any(header == name or header.startswith(name.rstrip("/") + "/") for name in foreign)


def check_includes(path, name, lines, modules):
    module = path.parts[1]
    may, foreign = modules[module]
    is_test = name.endswith("_test.cpp")
    for number, line in enumerate(lines, 1):
        match = re.match(r'#include ([<"])([^">]+)[">]', line)
        if not match:
            continue
        header = match[2]
        if match[1] == '"':
            other = header.split("/")[0]
            if header.endswith(".inc") and "/" not in header:
                continue  # generated into the build tree
            if "/" not in header or other not in modules:
                yield number, f'"{header}" is not written from src/ ("module/file.hpp")'
            elif other != module and other not in may:
                yield number, f"{module} may not include {other} (modules.toml)"
            elif other != module and "/internal/" in header:
                yield number, f"{header} is private to {other}"
        elif "/" in header or header.endswith(".h"):
            top = header.split("/")[0]
            if top in ("sys", "netinet", "arpa") or header in ("unistd.h", "fcntl.h", "signal.h", "spawn.h"):
                continue
            if is_test and (top in ("gtest", "boost", "tl", "fmt", "libxml") or header in ("sqlite3.h", "xlsxwriter.h")):
                continue
            if not is_foreign_allowed(header, foreign):
                yield number, f"<{header}> is no header for {module} (modules.toml)"


def check_source(path, name, text, modules):
    lines = text.splitlines()
    if not lines or "SPDX-License-Identifier: Apache-2.0" not in lines[0]:
        yield 1, "the first line is not the SPDX line"
    if len(lines) < 2 or not re.match(r"// \w.*\S", lines[1]):
        yield 2, "the second line does not say what the file is for"
    if len(lines) > LINES_MAX:
        yield LINES_MAX, f"{len(lines)} lines; split it (at most {LINES_MAX})"
    elif len(lines) > LINES_WISE and not name.endswith("_test.cpp"):
        yield LINES_WISE, f"{len(lines)} lines; a file has one reason to change ({LINES_WISE})"
    if name.endswith(".hpp") and len(lines) > HEADER_LINES_MAX:
        yield HEADER_LINES_MAX, f"header of {len(lines)} lines (at most {HEADER_LINES_MAX})"
    for number, line in enumerate(lines, 1):
        if "\t" in line:
            yield number, "tab"
        if len(line) > 100 and "http" not in line and '"' not in line:
            yield number, f"{len(line)} columns (at most 100)"
        for pattern, remedy in BANNED:
            found = pattern.search(line)
            if found and (str(path), found[1] if pattern.groups else "") not in ALLOWED:
                yield number, f"{found[0].strip()}: {remedy}"
        found = COUNTRY_WORDS.search(line)
        if found:
            yield number, f"{found[0]}: words of one country belong into packs/"
    yield from check_includes(path, name, lines, modules)


def check_problem_codes(root):
    """Every code that sources use stands in the catalogue, and every one of the catalogue is used."""
    spec = (root / "spec/problems.yaml").read_text(encoding="utf-8")
    known = set(re.findall(r"^- code: (\S+)", spec, re.M))
    modules = {code.split(".")[0] for code in known}
    used = {}
    for path in sorted((root / "src").rglob("*.[ch]pp")):
        if path.name.endswith("_test.cpp"):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for code in re.findall(r'"([a-z]+\.[a-z0-9_]+)"', line):
                if code.split(".")[0] in modules:
                    used.setdefault(code, f"{path.relative_to(root)}:{number}")
    for code in sorted(known - used.keys()):
        yield f"spec/problems.yaml: {code} is used nowhere"


def check_format(root):
    """Formatting is clang-format's: its word is final (version 14, as in Debian 12)."""
    if not (root / ".clang-format").exists():
        return
    files = [file for folder in ("src", "fuzz")
             for file in sorted((root / folder).rglob("*.[ch]pp"))]
    done = subprocess.run(["clang-format", "--dry-run", "-Werror", *files], cwd=root,
                          capture_output=True, text=True, check=False)
    for file in sorted(set(re.findall(r"^([^:\n]+\.[ch]pp):\d+:\d+: error:", done.stderr, re.M))):
        yield f"{pathlib.Path(file).relative_to(root)}: not formatted; run clang-format -i on it"


def check_tree(root):
    modules = read_modules(root)
    yield from check_arrows(modules)
    for folder in sorted(p for p in (root / "src").iterdir() if p.is_dir()):
        if folder.name not in modules:
            yield f"src/{folder.name}: not in modules.toml"
            continue
        readme = folder / "README.md"
        if not readme.exists():
            yield f"src/{folder.name}: no README.md"
        elif len(readme.read_text(encoding="utf-8").splitlines()) > README_LINES_MAX:
            yield f"src/{folder.name}/README.md: over {README_LINES_MAX} lines"
    for path in sorted((root / "src").rglob("*.[ch]pp")):
        relative = path.relative_to(root)
        if relative.parts[1] not in modules:
            continue
        for number, fault in check_source(relative, path.name,
                                          path.read_text(encoding="utf-8"), modules):
            yield f"{relative}:{number}: {fault}"
    yield from check_problem_codes(root)
    yield from check_format(root)
    generate = subprocess.run([sys.executable, root / "tools/generate.py", "--check"],
                              capture_output=True, text=True, check=False)
    if generate.returncode:
        yield generate.stderr.strip()


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else
                        pathlib.Path(__file__).resolve().parent.parent)
    faults = list(check_tree(root))
    for fault in faults:
        print(fault)
    print(f"tidy: {len(faults)} faults" if faults else "tidy: no faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
