"""What is asked of the shell and of the binaries before anything goes out."""

import unittest

from apothecary_local import account
from apothecary_local.console import Failure

from . import stubs


class Account(unittest.TestCase):
    def test_another_account_than_the_environments_is_refused(self):
        session = stubs.Session()
        session.on("sts").add_response("get_caller_identity", {"Account": "999999999999"})
        with self.assertRaises(Failure) as raised:
            account.require_account(stubs.environment(), session.client("sts"))
        self.assertIn("999999999999", raised.exception.headline)

    def test_the_environments_own_account_is_taken(self):
        session = stubs.Session()
        session.on("sts").add_response("get_caller_identity", {"Account": stubs.ACCOUNT})
        account.require_account(stubs.environment(), session.client("sts"))

    def test_credentials_that_aws_does_not_take_are_said(self):
        session = stubs.Session()
        session.on("sts").add_client_error("get_caller_identity", "ExpiredToken", "expired")
        with self.assertRaises(Failure) as raised:
            account.require_account(stubs.environment(), session.client("sts"))
        self.assertIn("expired", raised.exception.details)

    def test_production_is_deployed_to_an_account_that_is_named(self):
        named, session = account.environments.named, account.session
        account.session = lambda _: None
        try:
            for number, name, fine in (("", "prod", False), (stubs.ACCOUNT, "prod", True), ("", "dev", True)):
                account.environments.named = lambda _: stubs.environment(name, account=number)
                if fine:
                    account.check(name)
                else:
                    with self.assertRaises(Failure):
                        account.check(name)
        finally:
            account.environments.named, account.session = named, session

    def test_a_binary_says_what_machine_it_is_for(self):
        def header(machine):
            return b"\x7fELF" + bytes(14) + machine.to_bytes(2, "little")

        self.assertEqual(account.architecture_of(header(183)), "arm64")
        self.assertEqual(account.architecture_of(header(62)), "x86_64")
        self.assertIsNone(account.architecture_of(header(3)))
        self.assertIsNone(account.architecture_of(b"#!/bin/sh\necho no binary"))
        self.assertIsNone(account.architecture_of(b"\x7fELF"))
