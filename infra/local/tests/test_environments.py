"""What samconfig.toml says of an environment."""

import tempfile
import unittest
from pathlib import Path

from apothecary_local import environments
from apothecary_local.console import Failure

_CONFIG = """
version = 0.1
[prod.belongs]
account = "123456789012"
region = "eu-west-1"
[prod.deploy.parameters]
stack_name = "apothecary-prod"
tags = ["Application=apothecary", "Team=pharmacy=night"]
confirm_changeset = true
parameter_overrides = ["Environment=prod", "AllowedOrigins=https://a.test,https://b.test", "StripeUrl=https://x.test/?a=b"]
"""


class Environments(unittest.TestCase):
    def of(self, text, name="prod"):
        with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
            file.write(text)
            file.flush()
            return environments.named(name, Path(file.name))

    def test_the_parameters_are_those_that_are_given_and_the_defaults_of_the_template(self):
        found = self.of(_CONFIG)
        self.assertEqual((found.stack, found.account, found.region, found.asks), ("apothecary-prod", "123456789012", "eu-west-1", True))
        self.assertEqual(found.parameter("AllowedOrigins"), "https://a.test,https://b.test")
        self.assertEqual(found.parameter("StripeUrl"), "https://x.test/?a=b")
        self.assertEqual(found.parameter("Architecture"), "arm64")
        self.assertEqual(found.parameter("SenderAddress"), "")
        self.assertEqual(found.parameter("DeliveryFee"), "300")
        self.assertTrue(found.production)
        self.assertEqual(found.tags, {"Application": "apothecary", "Team": "pharmacy=night"})
        with self.assertRaises(Failure):
            self.of(_CONFIG.replace('"Application=apothecary"', '"Application"'))

    def test_an_environment_that_is_not_there_is_said_with_those_that_are(self):
        with self.assertRaises(Failure) as raised:
            self.of(_CONFIG, "stage")
        self.assertIn("prod", raised.exception.details)

    def test_a_parameter_without_a_value_is_said(self):
        with self.assertRaises(Failure) as raised:
            self.of(_CONFIG.replace("Environment=prod", "Environment"))
        self.assertIn("Environment", raised.exception.headline)

    def test_the_file_of_the_repository_gives_parameters_that_there_are(self):
        for name in ("dev", "prod"):
            self.assertLessEqual(set(environments.named(name).parameters), set(environments.known()))
