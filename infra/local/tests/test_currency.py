"""What a local stack sells in."""

import os
import sys
import tempfile
import unittest
from argparse import Namespace
from pathlib import Path
from unittest import mock

from apothecary_local import currency, deploy, peers, toolbox
from apothecary_local.console import Failure
from apothecary_local.stack import Stack

sys.path.insert(0, str(toolbox.ROOT / "infra" / "seed"))

import seed


class Currency(unittest.TestCase):
    def setUp(self):
        kept = tempfile.TemporaryDirectory()
        self.addCleanup(kept.cleanup)
        self.home = Path(kept.name)

    def test_it_is_chosen_once_and_kept(self):
        self.assertEqual(currency.of(self.home, None), "USD")
        self.assertEqual(currency.of(self.home, "NPR"), "NPR")
        currency.keep(self.home, "NPR")
        self.assertEqual(currency.of(self.home, None), "NPR")
        self.assertEqual(currency.of(self.home, "NPR"), "NPR")
        with self.assertRaisesRegex(Failure, "NPR"):
            currency.of(self.home, "USD")

    def test_what_was_there_before_is_in_dollars(self):
        (self.home / "deployed.json").write_text("{}")
        self.assertEqual(currency.of(self.home, None), "USD")
        with self.assertRaises(Failure):
            currency.of(self.home, "BDT")

    def test_nobody_sells_in_what_no_provider_takes(self):
        with self.assertRaisesRegex(Failure, "KWD"):
            currency.of(self.home, "KWD")

    def test_the_variable_is_for_the_stack_of_the_developer_alone(self):
        with mock.patch.dict(os.environ, {"APOTHECARY_PORT": "64999", "currency": "BDT"}):
            self.assertEqual(Stack.of_the_developer().currency, "BDT")
            self.assertEqual(Stack(0, self.home, self.home / "stack.json").currency, "USD")

    def test_each_provider_is_there_where_its_currency_is(self):
        self.assertEqual(set(currency.PROVIDERS), set(currency.RATES))
        for code, prefix, others in (("USD", "PayPal", ("Esewa", "Bkash")), ("NPR", "Esewa", ("PayPal", "Bkash")),
                                     ("BDT", "Bkash", ("PayPal", "Esewa"))):
            stack = Stack(4566, self.home, self.home / "stack.json", code)
            with mock.patch.object(peers, "_secret", lambda _, name: f"arn:{name}"):
                found = peers.parameters(stack)
            self.assertEqual(found[f"{prefix}Url"], stack.peers_url)
            self.assertEqual(found["StripeUrl"], stack.peers_url)
            self.assertFalse([name for name in found if name.startswith(others)])
            self.assertEqual("EsewaFormUrl" in found, code == "NPR")
            self.assertEqual(deploy.parameters(stack)["Currency"], code)

    def test_the_catalogue_and_what_delivery_costs_are_priced_in_it(self):
        self.assertEqual(currency.parameters("NPR"),
                         {"Currency": "NPR", "DeliveryFee": "42000", "FreeDeliveryFrom": "700000"})
        product = {"slug": "a", "price": {"amount": 1499, "currency": "USD"}}
        self.assertEqual(seed._priced(product, Namespace(currency="NPR", rate=140))["price"],
                         {"amount": 209_860, "currency": "NPR"})
        self.assertIs(seed._priced(product, Namespace(currency=None, rate=None)), product)


if __name__ == "__main__":
    unittest.main()
