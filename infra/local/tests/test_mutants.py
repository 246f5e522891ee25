"""What `make mutants` asks of cargo-mutants, and when it fails."""

import sys
import unittest
from importlib import util

from apothecary_local import toolbox

sys.path.insert(0, str(toolbox.ROOT / "infra" / "mutants"))

import areas

# By its place, since what runs the clients is called so as well.

_SPEC = util.spec_from_file_location("mutants_run", toolbox.ROOT / "infra" / "mutants" / "run.py")
mutants = util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(mutants)

FILE = "shared/src/orders/gate.rs"


class Areas(unittest.TestCase):
    def test_every_file_is_there_and_no_rule_is_left_out(self):
        for name, area in areas.AREAS.items():
            for file in area.files:
                self.assertTrue((toolbox.ROOT / file).is_file(), f"{name}: {file}")
        self.assertLessEqual({"gate", "ledger", "pricing", "stock", "payments", "permission"}, set(areas.AREAS))

    def test_what_an_area_leaves_out_is_in_another(self):
        left = {file for area in areas.AREAS.values() if area.without for file in area.files if file.endswith("/stock.rs")}
        self.assertLessEqual(left, {file for area in areas.AREAS.values() if not area.without for file in area.files})

    def test_unit_tests_are_asked_unless_an_area_says_otherwise(self):
        command = mutants.command(areas.AREAS["gate"])
        self.assertEqual(command[command.index("--file") + 1], FILE)
        tests = command[command.index("--"):]
        self.assertEqual(tests[:3], ["--", "--lib", "--"])
        self.assertTrue(all(word.startswith("--skip=") for word in tests[3:]), tests)
        self.assertNotIn("--test-package", command)
        command = mutants.command(areas.AREAS["stock-store"])
        self.assertEqual(command[command.index("--test-package") + 1], "apothecary-tests")
        self.assertIn("--exclude-re", mutants.command(areas.AREAS["stock"]))


class Judging(unittest.TestCase):
    LINE = f"{FILE}:183:9: replace == with != in judge"
    NAME = f"{FILE}: replace == with != in judge"

    def test_a_place_is_no_part_of_a_mutant(self):
        self.assertEqual(mutants.bare(self.LINE), self.NAME)
        self.assertEqual(mutants.bare(f"{FILE}:183: replace == with != in judge\n"), self.NAME)

    def test_what_nobody_notices_needs_a_reason(self):
        self.assertEqual(mutants.judge(99, [self.LINE], {self.NAME: "equal"}, (FILE,)), [])
        [found] = mutants.judge(99, [self.LINE], {}, (FILE,))
        self.assertIn(self.LINE, found)

    def test_a_reason_that_is_not_needed_goes(self):
        [found] = mutants.judge(99, [], {self.NAME: "equal"}, (FILE,))
        self.assertIn(self.NAME, found)
        self.assertEqual(mutants.judge(99, [], {self.NAME: "equal"}, ("another.rs",)), [])

    def test_most_must_be_noticed_whatever_is_explained(self):
        explained = {self.NAME: "equal"}
        self.assertEqual(mutants.judge(95, [self.LINE] * 5, explained, (FILE,)), [])
        [found] = mutants.judge(94, [self.LINE] * 6, explained, (FILE,))
        self.assertIn("94 of 100", found)
        self.assertEqual(len(mutants.judge(0, [], {}, (FILE,))), 1, "nothing was broken")

    def test_a_line_without_a_reason_is_no_explanation(self):
        self.assertEqual(mutants.explanations(f"# why\n{self.NAME}\tequal\n"), {self.NAME: "equal"})
        for line in (self.NAME, f"{self.NAME}\t "):
            with self.assertRaises(mutants.Unjudged):
                mutants.explanations(line)

    def test_what_is_explained_is_of_an_area(self):
        files = {file for area in areas.AREAS.values() for file in area.files}
        for mutant in mutants.explanations(mutants.EXPLAINED.read_text()):
            self.assertIn(mutant.partition(": ")[0], files)

    def test_an_area_that_is_not_there_is_said(self):
        self.assertEqual(mutants.main(["gates"]), 2)
