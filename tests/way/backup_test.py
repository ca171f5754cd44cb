# SPDX-License-Identifier: Apache-2.0
"""A backup is worth what can be restored from it: to any entry, to either store, and nothing else."""
import contextlib
import json
import shutil
import sqlite3
import subprocess
import threading
import time
import unittest

from support import AMATE, DEMO, SERVER, Run, WayTest

# A register that a later pack has.
FERRY = """\
register: ferry
title: {es: Transbordador, en: Ferry}
institution: Q06
folio: "FER-{year}-{seq:5}"
sensitivity: internal
retention: {keep: 2y, then: delete}
fields:
  left_on: {type: date, title: {es: Salida, en: Left on}, required: true, constraint: "left_on <= today()", message: {es: No en el futuro, en: Not in the future}}
  full:    {type: boolean, title: {es: Lleno, en: Full}}
access: {purposes: [statistics], roles: {}}
statistics: {time: left_on, dimensions: [full]}
tests:
  - given: {left_on: 2999-01-02}
    expect: {problems: [left_on]}
"""


class BackupTest(WayTest):
    def setUp(self):
        super().setUp()
        self.backup = self.folder / "kept"
        self.keys = self.folder / "keys-kept-apart"

    def take(self, workspace=None, out=None):
        workspace = workspace or self.workspace
        told = self.run_amate("-w", workspace, "backup", out or self.backup).out
        shutil.rmtree(self.keys, ignore_errors=True)
        shutil.copytree(workspace / "keys", self.keys)
        return told

    def restore(self, name, *options, backup=None):
        place = self.folder / name
        self.run_amate("restore", backup or self.backup, place, "--keys", self.keys, *options)
        self.assertIn("all holds", self.run_amate("-w", place, "verify").out)
        return place

    def refuse_restore(self, *options, says):
        place = self.folder / "refused"
        done = self.refuse("restore", self.backup, place, *options, says=says)
        self.assertFalse(place.exists())
        return done

    def rows(self, workspace):
        """What each register holds, counted in the store of a file."""
        with sqlite3.connect(workspace / "store.sqlite") as store:
            tables = [name for (name,) in store.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'r_*'")]
            return {name: store.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
                    for name in tables}

    def entries(self, workspace):
        with sqlite3.connect(workspace / "store.sqlite") as store:
            return store.execute("SELECT seq, at, action, after_json FROM ledger ORDER BY seq"
                                 ).fetchall()

    def figures(self, workspace):
        return self.run_amate("-w", workspace, "figures", "--format", "csv").out

    def test_while_others_write_and_to_any_entry(self):
        files = self.folder / "files"
        self.run_amate("synth", "--pack", DEMO, "--seed", 7, "--out", files)
        self.run_amate("init", self.workspace, "--pack", DEMO, "--invented")
        counted = {}
        for file in sorted(files.glob("*.csv"))[:-1]:
            self.run_amate("-w", self.workspace, "ingest", file.stem, file)
            counted[self.entries(self.workspace)[-1][0]] = self.rows(self.workspace)
        self.run_amate("-w", self.workspace, "snapshot", "--cutoff", "2018-09-07")
        figures = self.figures(self.workspace)
        last = sorted(files.glob("*.csv"))[-1]
        writer = threading.Thread(target=Run, args=("-w", self.workspace, "ingest", last.stem, last))
        writer.start()
        self.take()
        writer.join()
        manifest = json.loads((self.backup / "manifest.json").read_text())
        secret = (self.keys / "ledger.key").read_text().strip()
        master = json.loads((self.keys / "master.json").read_text())["keys"][0]["key"]
        for file in self.backup.rglob("*"):
            if file.is_file():
                held = file.read_bytes()
                self.assertNotIn(secret.encode(), held, file)
                self.assertNotIn(master.encode(), held, file)

        whole = self.restore("whole")
        told = self.entries(whole)[-1]
        self.assertEqual((told[0], told[2]), (manifest["head"]["seq"] + 1, "workspace.restored"))
        after = json.loads(told[3])
        self.assertEqual(after["cut"], manifest["head"])
        self.assertEqual(after["backup"], (self.backup / "manifest.digest").read_text().strip())
        self.assertEqual(self.figures(whole), figures)

        middle = sorted(counted)[0]
        at = dict((seq, when) for seq, when, *_ in self.entries(self.workspace))[middle]
        for name, point in (("entry", ("--entry", middle)), ("until", ("--until", at))):
            place = self.restore(name, *point)
            self.assertEqual(self.rows(place), counted[middle])
            after = json.loads(self.entries(place)[-1][3])
            self.assertEqual((after["cut"]["seq"], after["head"]), (middle, manifest["head"]))
        # What was left out can be taken in again: the restored workspace lives.
        file = sorted(files.glob("*.csv"))[1]
        self.run_amate("-w", self.folder / "entry", "ingest", file.stem, file)
        self.assertIn("all holds", self.run_amate("-w", self.folder / "entry", "verify").out)
        self.refuse("restore", self.backup, self.folder / "entry", "--keys", self.keys,
                    says="backup.place_not_empty")
        self.refuse_restore("--keys", self.keys, "--entry", 10_000, says="ledger.restore_no_entry")
        self.refuse_restore("--keys", self.keys, "--until", "2001-01-01T00:00:00Z",
                            says="ledger.restore_none_by")
        self.refuse_restore("--keys", self.keys, "--until", "yesterday", says="cli.bad_moment")
        self.refuse("-w", self.workspace, "backup", self.backup, says="backup.exists")

    def test_a_rotation_behind_the_cut(self):
        self.fill(DEMO)
        before = self.entries(self.workspace)[-1][0]
        self.run_amate("-w", self.workspace, "keys", "rotate")
        self.take()
        place = self.restore("before", "--entry", before)
        self.assertIn("data_keys", json.loads(self.entries(place)[-1][3])["schema"])

    def test_a_changed_pack_behind_the_cut(self):
        pack, later = self.folder / "pack", self.folder / "later"
        shutil.copytree(DEMO, pack)
        self.fill(pack)
        before = (self.columns(self.workspace), self.rows(self.workspace), self.definitions())
        cut = self.entries(self.workspace)[-1][0]
        register = pack / "registers/help_desk_visit.yaml"
        text = register.read_text(encoding="utf-8")
        shutil.copytree(pack, later)
        register = later / "registers/help_desk_visit.yaml"
        register.write_text(text.replace("  minutes:\n    type: integer", "  minutes:\n    type: decimal")
                            .replace("band(minutes, 'visit_minutes')", "'30+'")
                            .replace("    expect: {valid: true, flags: [], dimensions: {length: 30+, ", "    expect: {valid: true, flags: [], dimensions: {")
                            .replace("rules:\n", "  remark: {type: text, title: {es: Nota, en: "
                                     "Remark}}\nrules:\n", 1), encoding="utf-8")
        (later / "registers/ferry.yaml").write_text(FERRY, encoding="utf-8")
        self.run_amate("diff", pack, later)
        shutil.rmtree(pack)
        shutil.copytree(later, pack)
        self.run_amate("-w", self.workspace, "snapshot", "--cutoff", "2018-09-08")
        after = self.columns(self.workspace)
        self.assertIn("r_ferry", after)
        self.assertEqual(after["r_help_desk_visit"]["minutes"], "DOUBLE PRECISION")
        self.assertEqual(before[0]["r_help_desk_visit"]["minutes"], "BIGINT")
        self.take()
        for store in ["sqlite:store.sqlite"] + ([self.server_store().address] if SERVER else []):
            name = store.split(":", 1)[0]
            place = self.folder / name
            told = self.run_amate("restore", self.backup, place, "--keys", self.keys, "--store",
                                  store, "--entry", cut).out
            self.assertIn("the pack is later", told)
            if name == "sqlite":
                self.assertEqual((self.columns(place), self.rows(place), self.definitions(place)),
                                 before)
                self.assertFalse((place / "snapshots/2018-09-08").exists())
            # The store follows the later pack as any store does.
            self.run_amate("-w", place, "snapshot", "--cutoff", "2018-09-08")
            self.assertIn("all holds", self.run_amate("-w", place, "verify").out)
            if name == "sqlite":
                self.assertEqual(self.columns(place), after)
        old = self.folder / "old-pack"
        told = self.run_amate("restore", self.backup, old, "--keys", self.keys, "--entry", cut,
                              "--pack", DEMO).out
        self.assertNotIn("the pack is later", told)

    def columns(self, workspace):
        with sqlite3.connect(workspace / "store.sqlite") as store:
            return {name: {row[1]: row[2] for row in store.execute(f"PRAGMA table_info({name})")}
                    for name in self.rows(workspace)}

    def definitions(self, workspace=None):
        with sqlite3.connect((workspace or self.workspace) / "store.sqlite") as store:
            return store.execute("SELECT number, digest FROM definitions ORDER BY number").fetchall()

    def test_every_damaged_file_is_named(self):
        self.fill(DEMO)
        self.take()
        for file in sorted(path for path in self.backup.rglob("*") if path.is_file()):
            sound = file.read_bytes()
            if not sound:
                continue
            damaged = bytearray(sound)
            damaged[len(sound) // 2] ^= 1
            file.write_bytes(damaged)
            self.refuse_restore("--keys", self.keys, says=file.relative_to(self.backup).as_posix())
            file.write_bytes(sound)
        (self.backup / "tables/more.jsonl").write_text("[]\n")
        self.refuse_restore("--keys", self.keys, says="backup.file_unknown")
        (self.backup / "tables/more.jsonl").unlink()
        (self.backup / "tables/ledger.jsonl").unlink()
        self.refuse_restore("--keys", self.keys, says="backup.file_missing")

    def test_without_the_keys_or_with_anothers(self):
        self.fill(DEMO)
        self.take()
        other = self.folder / "other"
        self.run_amate("init", other, "--pack", DEMO)
        self.refuse_restore(says="backup.no_keys")
        self.refuse_restore("--keys", other / "keys", says="ledger.restore_other_key")
        shutil.copy(other / "keys/master.json", self.keys / "master.json")
        self.refuse_restore("--keys", self.keys, says="ledger.restore_master_key")
        (self.keys / "master.json").unlink()
        self.refuse_restore("--keys", self.keys, says="ledger.restore_master_key")

    def test_killed_on_the_way_it_is_no_workspace(self):
        self.fill(DEMO)
        self.take()
        began = time.monotonic()
        self.restore("whole")
        whole = time.monotonic() - began
        for part in range(10):
            place = self.folder / f"killed-{part}"
            with subprocess.Popen([AMATE, "restore", self.backup, place, "--keys", self.keys],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
                try:
                    process.wait(timeout=whole * part / 20)
                except subprocess.TimeoutExpired:
                    process.kill()
            if (place / "workspace.json").exists():
                self.assertIn("all holds", self.run_amate("-w", place, "verify").out)
            else:
                self.refuse("-w", place, "verify", says="store.no_workspace")
        self.assertFalse((self.folder / "killed-0/workspace.json").exists())

    def test_a_backup_killed_on_the_way_is_none(self):
        self.fill(DEMO)
        self.take()
        files = sum(path.is_file() for path in self.backup.rglob("*"))
        draft = self.folder / "next.unfinished"
        cut_off = 0
        for part in range(8):
            place = self.folder / "next"
            with subprocess.Popen([AMATE, "-w", self.workspace, "backup", place],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
                while process.poll() is None:
                    # Files come and go under the search; what is gone was one of the draft's.
                    with contextlib.suppress(FileNotFoundError):
                        if draft.exists() and sum(1 for path in draft.rglob("*")
                                                  if path.is_file()) >= files * part / 8:
                            break
                process.kill()
            if place.exists():
                self.restore(f"whole-{part}", backup=place)
                shutil.rmtree(place)
                continue
            cut_off += 1
            self.refuse("restore", place, self.folder / "refused", "--keys", self.keys,
                        says="backup.none")
            if not (draft / "manifest.json").exists():
                self.refuse("restore", draft, self.folder / "refused", "--keys", self.keys,
                            says="backup.none")
            self.assertFalse((self.folder / "refused").exists())
        self.assertGreater(cut_off, 0)
        # What was cut off is no hindrance.
        self.take(out=self.folder / "next")
        self.assertFalse(draft.exists())
        self.restore("after-all", backup=self.folder / "next")

    @unittest.skipUnless(SERVER, "no PostgreSQL server")
    def test_from_either_store_to_the_other(self):
        self.fill(DEMO)
        figures = self.figures(self.workspace)
        middle = self.entries(self.workspace)[2][0]
        self.take()
        store = self.server_store().address
        server = self.restore("server", "--store", store)
        self.assertEqual(self.figures(server), figures)
        self.refuse_restore("--keys", self.keys, "--store", store, says="ledger.store_not_empty")
        back = self.folder / "kept-of-server"
        self.take(server, back)
        again = self.restore("again", "--entry", self.entries(self.workspace)[-1][0], backup=back)
        self.assertEqual(self.rows(again), self.rows(self.workspace))
        self.assertEqual(self.figures(again), figures)
        # The same store gives the same tables, whichever database it lies in.
        for name in ("r_landing", "ledger_blocks", "definitions", "data_keys"):
            self.assertEqual((self.backup / f"tables/{name}.jsonl").read_bytes(),
                             (back / f"tables/{name}.jsonl").read_bytes(), name)
        self.restore("server-middle", "--store", self.server_store().address, "--entry", middle)


del WayTest  # so that unittest does not run the base class by itself

if __name__ == "__main__":
    unittest.main()
