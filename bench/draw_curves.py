#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws what bench_tabulate wrote (what,records,ours,DuckDB) as two charts with log scales.

Usage: bench/draw_curves.py CURVES.csv FOLDER; makes FOLDER/curve-records.svg and curve-cells.svg.
"""
import csv
import math
import pathlib
import sys

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 360, 64, 150, 20, 44
OURS, DUCKDB, LINE, SOFT = "#9b2335", "#28487a", "#d9cdb6", "#6a5545"


def draw(title, across, series, file):
    """series: name -> (colour, dashed, [(x, seconds)])"""
    points = [point for _, _, line in series.values() for point in line]
    low_x, high_x = min(x for x, _ in points), max(x for x, _ in points)
    low_y = 10 ** math.floor(math.log10(min(y for _, y in points)))
    high_y = 10 ** math.ceil(math.log10(max(y for _, y in points)))

    def x_of(x):
        share = math.log(x / low_x) / math.log(high_x / low_x)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y_of(y):
        share = math.log(y / low_y) / math.log(high_y / low_y)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
           f'aria-label="{title}" font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>']
    decade = low_y
    while decade <= high_y * 1.001:
        label = f"{decade:g} s" if decade >= 1 else f"{decade * 1000:g} ms"
        out.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y_of(decade):.1f}" '
                   f'y2="{y_of(decade):.1f}" stroke="{LINE}"/><text x="{LEFT - 8}" '
                   f'y="{y_of(decade) + 4:.1f}" text-anchor="end" fill="{SOFT}">{label}</text>')
        decade *= 10
    for x in sorted({x for x, _ in points}):
        label = f"{x / 1e6:g} M" if x >= 1e6 else f"{x / 1e3:g} k" if x >= 1e3 else f"{x:g}"
        out.append(f'<text x="{x_of(x):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle" '
                   f'fill="{SOFT}">{label}</text>')
    out.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 8}" text-anchor="middle" '
               f'fill="{SOFT}">{across}</text>')
    for name, (colour, dashed, line) in series.items():
        path = " ".join(f"{x_of(x):.1f},{y_of(y):.1f}" for x, y in line)
        dash = ' stroke-dasharray="5 4"' if dashed else ""
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        out += [f'<circle cx="{x_of(x):.1f}" cy="{y_of(y):.1f}" r="3" fill="{colour}"/>'
                for x, y in line]
        out.append(f'<text x="{x_of(line[-1][0]) + 8:.1f}" y="{y_of(line[-1][1]) + 4:.1f}" '
                   f'fill="{colour}">{name}</text>')
    file.write_text("\n".join(out) + "\n</svg>\n")


def main():
    rows = list(csv.reader(open(sys.argv[1], encoding="utf-8")))
    folder = pathlib.Path(sys.argv[2])
    records = {}
    for what, name in (("table", "table"), ("persons", "persons")):
        found = sorted({(int(row[1]), float(row[2]), float(row[3]))
                        for row in rows if row[0] == what})
        records[f"{name}"] = (OURS, what == "persons", [(n, ours) for n, ours, _ in found])
        records[f"{name}, DuckDB"] = (DUCKDB, what == "persons", [(n, its) for n, _, its in found])
    draw("Time of a three-way table and of distinct persons in it, by records", "records", records,
         folder / "curve-records.svg")
    most = max(int(row[1]) for row in rows if row[0].isdigit())
    cells = sorted((int(row[0]), float(row[2]), float(row[3]))
                   for row in rows if row[0].isdigit() and int(row[1]) == most)
    draw(f"Time of a table over {most:,} records, by cells", "cells",
         {"Amate": (OURS, False, [(n, ours) for n, ours, _ in cells]),
          "DuckDB": (DUCKDB, False, [(n, its) for n, _, its in cells])},
         folder / "curve-cells.svg")


if __name__ == "__main__":
    main()
