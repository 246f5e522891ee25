"""What is said of a coverage report."""

import sys
import unittest

from apothecary_local import toolbox

sys.path.insert(0, str(toolbox.ROOT / "infra" / "coverage"))

import summary


def report(**totals):
    return {"data": [{"totals": {kind: {"covered": covered, "count": count} for kind, (covered, count) in totals.items()}}]}


class WhatIsSaid(unittest.TestCase):
    def test_of_each_kind_how_much_of_it_was_reached(self):
        said = summary.said(report(lines=(90, 100), regions=(3, 4), functions=(1, 1), branches=(1, 3)))
        self.assertEqual([line.split() for line in said], [
            ["lines", "90", "of", "100,", "90.0%"], ["regions", "3", "of", "4,", "75.0%"],
            ["functions", "1", "of", "1,", "100.0%"], ["branches", "1", "of", "3,", "33.3%"]])

    def test_branches_that_nobody_counted_are_not_all_of_them(self):
        for totals in ({"lines": (1, 2), "branches": (0, 0)}, {"lines": (1, 2)}):
            said = summary.said(report(**totals))
            self.assertEqual(len(said), 2)
            self.assertIn("Branches were not counted", said[1])


if __name__ == "__main__":
    unittest.main()
