# SPDX-License-Identifier: Apache-2.0
"""A new register needs one YAML file and no C++: it appears in ingest, table and API."""
import shutil
import unittest

from support import DEMO, Served, WayTest

LOST_LUGGAGE = """\
register: lost_luggage
title: {es: Equipaje extraviado, en: Lost luggage}
institution: INSTITUTION
folio: "LUG-{year}-{seq:5}"
sensitivity: internal
retention: {keep: 2y, then: delete}
fields:
  reported_on: {type: date, title: {es: Fecha del reporte, en: Reported on}, required: true}
  pieces:      {type: integer, title: {es: Piezas, en: Pieces}, required: true, constraint: "pieces > 0", message: {es: Al menos una pieza, en: At least one piece}}
  found:       {type: boolean, title: {es: Localizado, en: Found}}
access: {purposes: [statistics], roles: {}}
statistics:
  time: reported_on
  dimensions: [found]
tests:
  - given: {reported_on: 2018-01-02, pieces: 0}
    expect: {problems: [pieces]}
"""


class NewRegisterTest(WayTest):
    def setUp(self):
        super().setUp()
        self.pack = self.folder / "pack"
        shutil.copytree(DEMO, self.pack)

    def test_one_file_makes_a_register(self):
        # The workspace exists and holds records before the register does.
        self.fill(self.pack)
        with open(self.pack / "institutions.csv", encoding="utf-8") as file:
            institution = file.read().splitlines()[1].split(",")[0]
        (self.pack / "registers/lost_luggage.yaml").write_text(
            LOST_LUGGAGE.replace("INSTITUTION", institution), encoding="utf-8")
        self.run_amate("check", self.pack)

        file = self.folder / "lost.csv"
        file.write_text("reported_on,pieces,found\n2018-03-01,2,true\n2018-03-02,1,false\n"
                        "2018-03-03,1,true\n2018-03-04,0,false\n", encoding="utf-8")
        at = ("-w", self.workspace)
        told = self.run_amate(*at, "ingest", "lost_luggage", file).out
        self.assertIn("4 rows read, 3 accepted", told)
        self.assertIn("1 quarantined", told)
        self.assertIn("all holds", self.run_amate(*at, "verify").out)
        self.run_amate(*at, "snapshot", "--cutoff", "2018-09-07")

        rows = self.run_amate(*at, "table", "lost_luggage", "--by", "found").rows()
        self.assertEqual({row["found"]: list(row.values())[-1] for row in rows}, {"true": "2", "false": "1"})
        with Served(self.workspace) as served:
            status, register = served.get_json("/api/v1/registers/lost_luggage")
            self.assertEqual(status, 200)
            self.assertEqual(register["name"], "lost_luggage")
            status, table = served.get_json("/api/v1/registers/lost_luggage/table?by=found")
            self.assertEqual((status, table["total"]), (200, 3))
            status, page = served.get("/en/registers/lost_luggage")
            self.assertEqual(status, 200)
            self.assertIn("Lost luggage", page)


del WayTest  # so that unittest does not run the base class by itself

if __name__ == "__main__":
    unittest.main()
