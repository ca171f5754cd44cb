# SPDX-License-Identifier: Apache-2.0
"""Scripts rely on the command line: its names, its exit codes, errors on standard error."""
import json
import shutil
import unittest

from support import DEMO, Run, Served, WayTest

COMMANDS = ["check", "init", "synth", "ingest", "snapshot", "table", "figures", "audit", "report",
            "clock", "seal", "prove", "ledger", "verify", "serve"]


class CommandLineTest(WayTest):
    def test_every_command_has_help(self):
        for command in COMMANDS:
            with self.subTest(command=command):
                self.assertIn("--help", self.run_amate(command, "--help").out)
        for command in COMMANDS:
            self.assertIn(command, self.run_amate("--help").out)

    def test_wrong_usage_fails_on_standard_error(self):
        for arguments in ([], ["nonsense"], ["check"], ["table", "--by"], ["figures", "--format", "x"]):
            with self.subTest(arguments=arguments):
                done = Run(*arguments)
                self.assertNotEqual(done.code, 0)
                self.assertEqual(done.out, "")
                self.assertNotEqual(done.err, "")

    def test_a_missing_workspace_is_named(self):
        self.refuse("-w", self.folder / "none", "figures", says="store.no_workspace")
        self.refuse("figures", says="cli.no_workspace_given")

    def test_init_does_not_overwrite(self):
        self.run_amate("init", self.workspace, "--pack", DEMO)
        self.refuse("init", self.workspace, "--pack", DEMO, says="store.workspace_exists")

    def test_a_broken_pack_is_told_with_places_and_no_workspace_is_made(self):
        pack = self.folder / "pack"
        shutil.copytree(DEMO, pack)
        file = sorted((pack / "registers").glob("*.yaml"))[0]
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("sensitivity:", "sensitivty:", 1), encoding="utf-8")
        done = self.refuse("check", pack, says="sensitivty")
        self.assertRegex(done.err, rf"registers/{file.name}:\d+:\d+")
        self.assertIn("sensitivity", done.err)  # the suggestion
        self.refuse("init", self.workspace, "--pack", pack, says="sensitivty")
        self.assertFalse(self.workspace.exists())

    def test_a_programme_that_nothing_follows_is_a_hole(self):
        done = self.run_amate("check", DEMO, "--coverage")
        self.assertRegex(done.out, r"all +12 +\d+ +\d+ +0")
        pack = self.folder / "pack"
        shutil.copytree(DEMO, pack)
        file = pack / "programmes.yaml"
        text = file.read_text(encoding="utf-8")
        at = text.index("    followed_by:")
        end = text.index("\n", text.index("    why:", at)) + 1
        file.write_text(text[:at] + text[end:], encoding="utf-8")
        self.run_amate("check", pack)
        self.refuse("check", pack, "--coverage", says="no register holds it")

    def test_the_whole_way(self):
        self.fill(DEMO)
        at = ("-w", self.workspace)
        self.assertIn("all holds", self.run_amate(*at, "verify").out)
        figures = self.run_amate(*at, "figures", "--format", "csv").rows()
        self.assertEqual(list(figures[0]), ["figure_id", "reported", "computed", "how", "cutoff"])
        computed = [row for row in figures if row["how"] == "computed"]
        self.assertTrue(computed)
        for row in computed:
            self.assertEqual(row["computed"], row["reported"], row["figure_id"])
        self.assertEqual(self.run_amate(*at, "audit").code, 0)
        for language in ("es", "en"):
            page = self.folder / f"report.{language}.html"
            self.run_amate(*at, "report", "gcm", "--as-of", "2018-12-31", "--lang", language,
                           "--out", page)
            html = page.read_text(encoding="utf-8")
            self.assertIn(f'lang="{language}"', html)
            for row in figures:
                self.assertIn(row["figure_id"], html)
        self.refuse(*at, "report", "gcm", "--as-of", "someday", says="cli.bad_date")
        self.refuse(*at, "report", "nothing", "--as-of", "2018-12-31", says="reports.unknown_report")

    def test_tables_agree_in_every_format(self):
        self.fill(DEMO)
        at = ("-w", self.workspace, "table")
        register, dimension = "help_desk_visit", "office"
        rows = self.run_amate(*at, register, "--by", dimension, "--format", "csv").rows()
        told = json.loads(self.run_amate(*at, register, "--by", dimension, "--format", "json").out)
        self.assertEqual(sum(int(list(row.values())[-1]) for row in rows), told["total"])
        sql = self.run_amate(*at, register, "--by", dimension, "--format", "sql").out
        self.assertIn("select", sql.lower())
        self.refuse(*at, register, "--by", dimension + "x", says=dimension)
        self.refuse(*at, register + "x", "--by", dimension, says=register)
        self.refuse(*at, register, "--by", dimension, "--where", f"{dimension} =",
                    says="where:1:9: definitions.expression_incomplete")

    def test_bad_files_leave_nothing(self):
        self.fill(DEMO)
        at = ("-w", self.workspace)
        before = self.run_amate(*at, "verify").out
        file = sorted((self.folder / "files").glob("*.csv"))[0]
        self.refuse(*at, "ingest", file.stem, file, says="registry.batch_repeated")
        self.refuse(*at, "ingest", file.stem, self.folder / "none.csv", says="core.file_unreadable")
        self.refuse(*at, "ingest", "nobody", file, says="cli.unknown_source")
        wrong = self.folder / "wrong.csv"
        wrong.write_bytes(b"A" + file.read_bytes())
        self.refuse(*at, "ingest", file.stem, wrong, says="column")
        self.assertEqual(self.run_amate(*at, "verify").out, before)

    def test_files_come_in_every_format_and_on_standard_input(self):
        self.run_amate("init", self.workspace, "--pack", DEMO)
        at = ("-w", self.workspace, "ingest", "help_desk_log")
        header = "day,desk,topic,channel,minutes,resolved\n"
        visit = {"day": "2018-03-01", "desk": "capital", "topic": "wage_claim", "channel": "window",
                 "minutes": 15, "resolved": True}
        rows = header + "2018-03-01,capital,wage_claim,window,15,true\n"
        self.assertIn("1 accepted", self.run_amate(*at, "-", stdin=rows).out)
        line = json.dumps(visit) + "\n"
        self.assertIn("1 accepted", self.run_amate(*at, "-", "--format", "jsonl", stdin=line).out)
        self.refuse(*at, "-", stdin=rows, says="registry.batch_repeated")
        self.refuse(*at, "-", stdin="day\n", says="standard input:1: registry.missing_column")
        self.refuse(*at, "-", "--format", "xlsx", stdin=rows, says="exchange.format_disagrees")
        self.refuse(*at, "-", "--format", "xls", stdin=rows, says="--format")
        # The same file under another name and the same rows on standard input are one batch.
        file = self.folder / "visits.jsonl"
        file.write_text(line, encoding="utf-8")
        self.refuse(*at, file, says="registry.batch_repeated")
        renamed = self.folder / "visits.xlsx"
        renamed.write_text(line, encoding="utf-8")
        self.refuse(*at, renamed, says="exchange.format_disagrees")
        self.assertIn("all holds", self.run_amate("-w", self.workspace, "verify").out)
        left = [path.name for path in self.workspace.iterdir()]
        self.assertEqual([name for name in left if "incoming" in name], [])

    def test_serving_ends_cleanly_and_says_what_is_wrong_with_an_address(self):
        self.run_amate("init", self.workspace, "--pack", DEMO)
        with Served(self.workspace) as served:
            self.assertEqual(served.get("/api/v1/health")[0], 200)
            port = served.address.rsplit(":", 1)[1]
            self.refuse("-w", self.workspace, "serve", "--listen", f"127.0.0.1:{port}",
                        says="server.address_in_use")
        self.assertEqual(served.exit_code, 0)
        self.refuse("-w", self.workspace, "serve", "--listen", "nowhere", says="cli.bad_listen")


del WayTest  # so that unittest does not run the base class by itself

if __name__ == "__main__":
    unittest.main()
