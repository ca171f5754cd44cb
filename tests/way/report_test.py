# SPDX-License-Identifier: Apache-2.0
"""Reports of a pack, as somebody who writes and reads them meets them.

What a part shows must be what a table of the same words gives, in every language and format; every
number must open; and a report is a text of the pack, so a new one needs no program.
"""
import csv
import html.parser
import re
import shutil
import subprocess
import unittest
import zipfile

from support import ROOT, Served, WayTest

DEMO = ROOT / "packs/demo"


class Page(html.parser.HTMLParser):
    """Tables by caption, links, ids and the text of a page."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.tables, self.words = [], [], {}, []
        self.caption = self.row = None
        self.within = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.handle_data(" ")
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag == "a" and attributes.get("href", "").startswith("#"):
            self.links.append(attributes["href"][1:])
        if tag in ("caption", "th", "td"):
            self.within.append((tag, []))
        if tag == "tr":
            self.row = []

    def handle_endtag(self, tag):
        if self.within and tag == self.within[-1][0]:
            text = " ".join("".join(self.within.pop()[1]).split())
            if tag == "caption":
                self.caption = text
                self.tables[text] = []
            else:
                self.row.append(text)
        if tag == "tr" and self.row and self.caption is not None:
            self.tables[self.caption].append(self.row)

    def handle_data(self, data):
        self.words.append(data)
        if self.within:
            self.within[-1][1].append(data)

    @property
    def text(self):
        return " ".join("".join(self.words).split())


def number(text):
    return float(text.replace(",", "").replace("−", "-").removesuffix(" %"))


def numbers(row):
    return re.findall(r"[0-9][0-9,.]*", " ".join(row[1:]))


class ReportTest(WayTest):
    def setUp(self):
        super().setUp()
        self.pack = self.folder / "pack"
        shutil.copytree(DEMO, self.pack)
        self.fill(self.pack)

    def report(self, name, *more):
        return self.run_amate("-w", self.workspace, "report", name, "--as-of", "2018-09-07", *more)

    def cells(self, register, *words):
        done = self.run_amate("-w", self.workspace, "table", register, *words)
        rows = list(csv.reader(done.out.splitlines()))
        return rows[0], rows[1:]

    def test_parts_show_what_tables_give(self):
        page = Page(self.report("yearbook", "--lang", "en").out)
        rows = page.tables["Landings by point and modality"]
        head, cells = self.cells("landing", "--by", "point,modality", "--where",
                                 "year(landed_at) = 2017", "--totals", "--lang", "en")
        wanted = {(row[1], row[3]): int(row[4]) for row in cells}
        columns = rows[0][1:]
        self.assertIn("Total", columns)
        self.assertGreater(len(rows), 3)
        for row in rows[1:]:
            for column, value in zip(columns, row[1:]):
                self.assertEqual(number(value), wanted.get((row[0], column), 0))
        self.assertEqual(rows[-1][0], "Total")
        self.assertEqual(number(rows[-1][-1]), 660)  # the reported figure F001
        months = page.tables["Landings by month"]
        self.assertEqual([row[0] for row in months[1:]][:2], ["January", "February"])
        self.assertEqual(sum(number(value) for row in months[1:] for value in row[1:]), 660)
        shares = re.findall(r"<span class=\"amount\">([0-9.]+) %", self.report("yearbook").out)
        self.assertTrue(all(0 < float(share) <= 100 for share in shares))

    def test_every_number_opens_in_every_language(self):
        texts = {}
        for language in ("es", "en"):
            for name in ("yearbook", "gcm"):
                page = Page(self.report(name, "--lang", language).out)
                self.assertEqual(len(page.ids), len(set(page.ids)))
                self.assertEqual(set(page.links) - set(page.ids), set())
                self.assertGreater(len([each for each in page.links if each.startswith("a-")]), 5)
                texts[name, language] = page
        spanish, english = texts["yearbook", "es"], texts["yearbook", "en"]
        self.assertEqual(len(spanish.tables), len(english.tables))
        for one, other in zip(spanish.tables.values(), english.tables.values()):
            self.assertEqual([numbers(row) for row in one], [numbers(row) for row in other])

    def test_targets_have_their_light(self):
        page = Page(self.report("yearbook", "--lang", "en").out)
        rows = {row[0]: row for row in page.tables["Indicators and targets"][1:]}
        # 480 of 1,000 by 7 September, when 250 days of 365 are over: 48 of 68 per cent.
        visits = rows["Help desk visits"][-1]
        self.assertIn("Behind 1,000", visits)
        self.assertIn("48 % of the way; 68 % is due by now", visits)
        # From 30 in 2016 down to 20 in 2018; there was none in 2017.
        alone = rows["Children who arrived alone"]
        self.assertIn("30", alone[1])
        self.assertIn("On track 20", alone[-1])
        self.assertIn("300 % of the way; 50 % is due by now", alone[-1])

    def test_parameters_change_what_is_counted(self):
        page = Page(self.report("yearbook", "--lang", "en", "--set", "year=2018").out)
        self.assertIn("Yearbook of the coast 2018", page.text)
        rows = page.tables["Landings by point and modality"]
        self.assertEqual(number(rows[-1][-1]), 450)
        self.refuse("-w", self.workspace, "report", "yearbook", "--as-of", "2018-09-07",
                    "--set", "yaer=2018", says="no parameter `yaer`")

    def test_a_new_report_is_a_text(self):
        for language, title in (("es", "Visitas"), ("en", "Visits")):
            (self.pack / f"reports/visits.{language}.md").write_text(
                f"---\nreport: visits\ntitle: {title}\n---\n## {title}\n\n"
                "```table\ntitle: T\nregister: help_desk_visit\nby: channel\n```\n")
        self.run_amate("check", self.pack)
        self.assertIn("T", Page(self.report("visits").out).tables)
        broken = self.pack / "reports/visits.es.md"
        broken.write_text(broken.read_text().replace("by: channel", "by: chanel"))
        wrong = self.refuse("check", self.pack, says="reports/visits.es.md:10:")
        self.assertIn("channel", wrong.err)

    def test_documents_hold_the_same_numbers(self):
        for name in ("yearbook", "gcm"):
            word = self.folder / f"{name}.docx"
            self.report(name, "--lang", "en", "--out", word)
            with zipfile.ZipFile(word) as archive:
                document = archive.read("word/document.xml").decode()
                pictures = [each for each in archive.namelist() if each.endswith(".png")]
            self.assertIn(">660<", document)
            self.assertIn("w:tbl>", document)
            self.assertIn('w:anchor="a-F001"', document)
            self.assertEqual(len(pictures) > 0, name == "yearbook")
            paper = self.folder / f"{name}.pdf"
            self.report(name, "--lang", "en", "--out", paper)
            said = subprocess.run(["pdftotext", "-layout", str(paper), "-"], check=True,
                                  stdout=subprocess.PIPE, text=True).stdout
            self.assertIn("INVENTED DATA", said)
            self.assertRegex(said, r"\b660\b")
            self.assertIn("SELECT count(*)", said)
        self.refuse("-w", self.workspace, "report", "gcm", "--as-of", "2018-09-07", "--out",
                    self.folder / "gcm.odt", says=".odt")
        self.assertFalse((self.folder / "gcm.odt").exists())

    def test_the_server_shows_them(self):
        with Served(self.workspace) as server:
            status, body = server.get("/en/reports")
            self.assertEqual(status, 200)
            self.assertIn("Yearbook of the coast 2017", body)
            status, body = server.get("/en/reports/yearbook?set=year%3D2018")
            self.assertEqual(status, 200)
            self.assertIn("Yearbook of the coast 2018", body)
            self.assertEqual(server.get("/en/reports/none")[0], 404)
            self.assertEqual(server.get("/en/reports/yearbook?set=x%3D1")[0], 400)


del WayTest  # so that unittest does not run the base class by itself

if __name__ == "__main__":
    unittest.main()
