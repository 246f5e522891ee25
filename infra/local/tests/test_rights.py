"""Which rights were used, and which were not."""

import os
import tempfile
import unittest
import unittest.mock
from types import SimpleNamespace

from ministack.core import iam_evaluator

from apothecary_local import rights
from ministack_mends import rights_used

_TABLE = "arn:aws:dynamodb:us-east-1:000000000000:table/apothecary-local-Data-AB12-OrdersTable-X9Y8"
_CALLER = "arn:aws:sts::000000000000:assumed-role/apothecary-local-Cart-1-CartGetRole-2/apothecary-local-cart-get"


class Rights(unittest.TestCase):
    def test_what_is_granted_is_what_the_templates_say(self):
        granted = rights.granted()
        self.assertIn("cart-get dynamodb:GetItem OrdersTable", granted)
        self.assertIn("orders-release dynamodb:Query OrdersTable/by_status", granted)
        self.assertIn("auth-login cognito-idp:AdminInitiateAuth", granted)
        self.assertFalse([right for right in granted if "$" in right or "Arn" in right or "{" in right])

    def test_what_was_used_is_named_as_the_templates_name_it(self):
        roles = {"apothecary-local-Cart-1-CartGetRole-2": "cart-get"}
        lines = [f"{_CALLER}\tdynamodb:GetItem\t{_TABLE}", f"{_CALLER}\tdynamodb:Query\t{_TABLE}/index/by_owner",
                 f"{_CALLER}\tkms:Decrypt\tarn:aws:kms:us-east-1:000000000000:key/1",
                 "arn:aws:sts::000000000000:assumed-role/another/x\tdynamodb:GetItem\t" + _TABLE]
        self.assertEqual(rights.used(lines, roles), {
            "cart-get dynamodb:GetItem OrdersTable", "cart-get dynamodb:Query OrdersTable/by_owner", "cart-get kms:Decrypt"})

    def test_the_record_has_each_right_once_and_no_refusal(self):
        before = iam_evaluator.evaluate
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "rights")
            os.environ[rights_used.VARIABLE] = file
            try:
                rights_used.apply()
                policy = [iam_evaluator.parse_policy_document({"Version": "2012-10-17", "Statement": [
                    {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": _TABLE}]})]
                for action in ("dynamodb:GetItem", "dynamodb:GetItem", "dynamodb:PutItem"):
                    context = iam_evaluator.EvalContext(
                        principal_arn=_CALLER, principal_type="AssumedRole", principal_account="000000000000", action=action,
                        resource_arn=_TABLE, region="us-east-1", service_context={}, principal_keys={})
                    iam_evaluator.evaluate(context, policy)
                with open(file, encoding="utf-8") as record:
                    self.assertEqual(record.read(), f"{_CALLER}\tdynamodb:GetItem\t{_TABLE}\n")
            finally:
                iam_evaluator.evaluate = before
                del os.environ[rights_used.VARIABLE]

    def test_the_list_may_only_shrink(self):
        with tempfile.TemporaryDirectory() as folder:
            file = rights.ROOT / folder / "unused"
            record = rights.ROOT / folder / "used"
            record.write_text("")
            lambdas = SimpleNamespace(get_paginator=lambda _: SimpleNamespace(paginate=lambda: []))
            stack = SimpleNamespace(client=lambda _: lambdas, rights_used=record)
            was, root, grants = rights.FILE, rights.ROOT, rights.granted
            rights.FILE, rights.ROOT, rights.granted = file, file.parent, lambda: {"a x", "b y"}
            try:
                # Without a list everything would pass.
                with self.assertRaises(rights.Failure):
                    rights.check(stack)
                self.assertFalse(file.exists())
                with unittest.mock.patch.dict(os.environ, UPDATE_RIGHTS="1"):
                    rights.check(stack)
                lines = file.read_text().splitlines()
                self.assertEqual([line for line in lines if not line.startswith("#")], ["a x", "b y"])
                rights.check(stack)
                rights.granted = lambda: {"a x"}
                rights.check(stack)
                rights.granted = lambda: {"a x", "b y", "c 1", "c 2", "c 3"}
                rights.check(stack)
                rights.granted = lambda: {"a x", "b y", "c 1", "c 2", "c 3", "c 4"}
                with self.assertRaises(rights.Failure) as raised:
                    rights.check(stack)
                self.assertTrue(raised.exception.details.startswith("c 1\nc 2\nc 3\nc 4\n"))
            finally:
                rights.FILE, rights.ROOT, rights.granted = was, root, grants
