#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the sources generated from spec/: run after a change there; `--check` only compares."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def read_problems(path):
    """The small part of YAML that spec/problems.yaml uses: a list of maps of scalars."""
    items = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = re.fullmatch(r'(- |  )([a-z_]+): (?:"(.*)"|(\S+))', line)
        if not match:
            sys.exit(f"{path}:{number}: expected `- code: x` or `  key: \"text\"`")
        if match[1] == "- ":
            items.append({})
        text = match[4] if match[4] is not None else match[3].replace('\\"', '"')
        items[-1][match[2]] = text
    codes = [item["code"] for item in items]
    for code in codes:
        if codes.count(code) > 1:
            sys.exit(f"{path}: {code} stands twice")
    return sorted(items, key=lambda item: item["code"])


def quote(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def problem_catalogue():
    lines = ["// Generated from spec/problems.yaml by tools/generate.py. Do not edit."]
    for item in read_problems(ROOT / "spec/problems.yaml"):
        fields = [quote(item["code"]), item["http"]] + [
            quote(item.get(key, "")) for key in ("es", "en", "remedy_es", "remedy_en")]
        lines.append("{" + ", ".join(fields) + "},")
    return "\n".join(lines) + "\n"


def main():
    stale = []
    for path, text in {ROOT / "src/core/problem_catalogue.inc": problem_catalogue()}.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path)
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    if stale and "--check" in sys.argv:
        sys.exit("not up to date with spec/: " + ", ".join(str(p) for p in stale) +
                 "\nrun tools/generate.py")


if __name__ == "__main__":
    main()
