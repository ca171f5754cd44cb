# SPDX-License-Identifier: Apache-2.0
"""The promise at the size of a country: what the registers hold gives the figures reported.

Every source of packs/mx is invented and taken in; each computed figure must be what is reported, but
for those that packs/mx itself says cannot be (a total that its parts contradict), and, in a
demonstration, those of the two logs of which it has a hundredth. At a hundredth of all records each
must be a hundredth, or, where rosters and kinds are counted, still the whole. The whole country, 46
million records, is bench/country.py.
"""
import csv
import re
import time
import unittest

from support import ROOT, WayTest

COUNTRY = ROOT / "packs/mx"
# Figure -> computed value. The report prints 970,467 cards; its five parts add up to 970,461.
PARTS_WIN = {"F0073": "970461"}
# There are 339 providers, and a hundredth of their 12,110 cases is 121: one each.
FEWER_RECORDS_THAN_KINDS = {"F0118": 121}
# Of the two logs; a hundredth of what is reported.
LOGGED = {"F0025": "265249", "F0238": "100000", "F0057": "14550"}


class CountryTest(WayTest):
    def computed_figures(self, scale, *more):
        began = time.monotonic()
        self.fill(COUNTRY, scale, more=more)
        filled = time.monotonic()
        rows = self.run_amate("-w", self.workspace, "figures").rows()
        self.assertEqual(len(rows), 306)
        self.assertFalse([row for row in rows if row["how"] == "not_computable"])
        self.assertIn("all holds", self.run_amate("-w", self.workspace, "verify").out)
        print(f"\nfilled in {filled - began:.1f} s, counted and verified in "
              f"{time.monotonic() - filled:.1f} s")
        computed = {row["figure_id"]: row for row in rows if row["how"] == "computed"}
        self.assertGreaterEqual(len(computed), 244)
        return computed

    def test_at_a_hundredth_every_computed_figure_is_one(self):
        hundredths = 0
        for figure, row in self.computed_figures("0.01").items():
            with self.subTest(figure=figure):
                reported, counted = float(row["reported"]), float(row["computed"])
                wanted = FEWER_RECORDS_THAN_KINDS.get(figure, reported / 100)
                hundredths += abs(counted - wanted) <= 1
                self.assertTrue(abs(counted - wanted) <= 1 or counted == reported,
                                f"{counted} is neither {wanted} nor {reported}")
        self.assertGreater(hundredths, 120)

    def test_in_a_demonstration_every_computed_figure_is_the_reported_one(self):
        for figure, row in self.computed_figures("1", "--demonstration").items():
            with self.subTest(figure=figure):
                wanted = PARTS_WIN.get(figure) or LOGGED.get(figure) or row["reported"]
                self.assertEqual(row["computed"], wanted)

    def test_people_come_again_and_bear_no_real_number(self):
        files = self.folder / "files"
        self.run_amate("synth", "--pack", COUNTRY, "--scale", "0.01", "--seed", 7, "--out", files,
                       "--truth")

        def persons(source):
            with open(files / "truth" / f"{source}.csv", newline="") as file:
                return [row["person"] for row in csv.DictReader(file)]

        for source, other, share in (("inm_reintegration", "inm_repatriation", 0.6),
                                     ("dif_shelters", "inm_opi", 0.3),
                                     ("pale_cases", "sipc_cases", 0.5),
                                     ("ine_overseas_roll", "ine_voter_card", 0.7)):
            with self.subTest(source=source):
                own, known = persons(source), set(persons(other))
                self.assertGreater(sum(each in known for each in own) / len(own), share)
        # Who is new in a file that counts persons is new in truth, too.
        self.assertEqual(len(persons("dif_shelters")), len(set(persons("dif_shelters"))))
        with open(files / "stps_repatriates.csv", encoding="windows-1252", newline="") as file:
            for row in csv.DictReader(file):
                self.assertRegex(row["CURP"], "^[A-Z]{4}[0-9]{6}[HMX][A-Z]{5}[ÑÄËÏÖÜÁÉÍÓÚ][0-9]$")

    def test_something_follows_every_programme(self):
        done = self.run_amate("check", COUNTRY, "--coverage")
        self.assertRegex(done.out, r"all +192 +192 +0 +0")

    def test_the_audit_finds_what_does_not_add_up(self):
        self.run_amate("init", self.workspace, "--pack", COUNTRY)
        told = self.run_amate("-w", self.workspace, "audit").out
        self.assertRegex(told, r"DIFFERS +F0073 .*970,461")
        differing = re.findall(r"^DIFFERS +(F\d+)", told, re.M)
        self.assertEqual(len(differing), len(set(differing)))


del WayTest  # so that unittest does not run the base class by itself

if __name__ == "__main__":
    unittest.main()
