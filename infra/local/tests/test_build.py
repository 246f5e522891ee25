"""Which functions are built for the bench: the lists stand in its own code."""

import unittest
from unittest import mock

from apothecary_local import build
from apothecary_local.console import Failure


class WhatTheBenchMeasures(unittest.TestCase):
    def test_the_kinds_are_functions_and_what_ci_looks_at_is_of_them(self):
        kinds, quick = build.kinds(), build.kinds("QUICK")
        self.assertTrue(set(quick) < set(kinds) <= set(build.function_packages()))
        self.assertGreater(len(quick), 2)

    def test_words_name_functions_and_what_names_none_is_told(self):
        for only, first in (("cart-get", "cart-get"), ("quick", "platform-health"), ("kinds", "platform-health")):
            self.assertEqual(build._chosen(only)[0], first)
        with self.assertRaises(Failure):
            build._chosen("nothing-of-the-kind")

    def test_what_is_weighed_is_put_where_nothing_is_deployed_from(self):
        for only, expected in (("cart-get", ["cart-get"]), ("all", build.function_packages()), ("kinds", build.kinds())):
            with mock.patch.object(build, "_cargo") as cargo, mock.patch.object(build, "_require_target") as required:
                build.build_arm64(only)
            command = cargo.call_args.args
            required.assert_called_once_with("aarch64-unknown-linux-gnu")
            self.assertIn("--arm64", command)
            self.assertEqual(command[command.index("--lambda-dir") + 1], "target/arm64")
            packages = [command[at + 1] for at, word in enumerate(command) if word == "--package"]
            self.assertEqual(packages, [*expected, "bench-hello"])


if __name__ == "__main__":
    unittest.main()
