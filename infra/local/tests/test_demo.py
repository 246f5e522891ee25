"""What `make demo` is made of, and where it stops."""

import json
import os
import sys
import tempfile
import unittest
from datetime import date, datetime, timezone
from pathlib import Path
from unittest import mock

from apothecary_local import toolbox

sys.path.insert(0, str(toolbox.ROOT / "infra" / "demo"))

import aws
import caller
import demo
import parts


class Parts(unittest.TestCase):
    def test_a_gtin_has_its_check_digit(self):
        self.assertEqual(parts.gtin(13435), "09506000134352")
        self.assertEqual(parts.gtin(5_000_000_000_001), parts.gtin(1))
        self.assertEqual({len(parts.gtin(number)) for number in (0, 7, 999_999)}, {14})

    def test_a_scan_says_product_day_lot_and_serial(self):
        self.assertEqual(parts.scan("09506000134352", "A1", "2028-01-31", "S7"),
                         "(01)09506000134352(17)280131(10)A1(21)S7")

    def test_a_prescription_is_a_pdf_whose_table_is_right(self):
        file = parts.prescription("one")
        self.assertNotEqual(file, parts.prescription("two"))
        table = int(file.split(b"startxref\n")[1].split()[0])
        rows = file[table:].split(b"\n")
        self.assertEqual(rows[0], b"xref")
        for number, row in enumerate(rows[3:8], 1):
            self.assertTrue(file[int(row[:10]):].startswith(f"{number} 0 obj".encode()))

    def test_days_and_money_are_for_people(self):
        self.assertEqual(parts.day(date(2026, 12, 31), 1), "2027-01-01")
        self.assertEqual(parts.money({"amount": 1205, "currency": "USD"}), "12.05 USD")


    def test_somebody_is_awake_somewhere_at_every_hour(self):
        ahead = {"UTC": 0, "Asia/Tokyo": 9, "Pacific/Honolulu": -10}
        for hour in range(24):
            self.assertIn((hour + ahead[parts.awake(hour)]) % 24, range(9, 20), hour)

    def test_a_call_is_signed_as_botocore_signs_it(self):
        try:
            from botocore.auth import SigV4Auth
            from botocore.awsrequest import AWSRequest
            from botocore.credentials import Credentials
        except ImportError:
            self.skipTest("botocore is in the tools' environment alone")
        now = datetime(2026, 12, 1, 3, 4, 5, tzinfo=timezone.utc)
        ours = aws.signed("127.0.0.1:4566", "/2015-03-31/functions/f/invocations", b"{}", now)
        request = AWSRequest("POST", "http://127.0.0.1:4566/2015-03-31/functions/f/invocations", data=b"{}")
        request.context["timestamp"] = request.headers["X-Amz-Date"] = ours["x-amz-date"]
        auth = SigV4Auth(Credentials("test", "test"), "lambda", "us-east-1")
        signature = auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)
        self.assertTrue(ours["authorization"].endswith(f"Signature={signature}"))


class Stopping(unittest.TestCase):
    def described(self, stack):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "stack.json"
            if stack is not None:
                file.write_text(json.dumps(stack))
            with mock.patch.dict(os.environ, {"APOTHECARY_STACK": str(file)}):
                return demo.description()

    def test_no_stack_is_said(self):
        with self.assertRaisesRegex(caller.Stuck, "make dev"):
            self.described(None)

    def test_an_older_stack_is_said(self):
        with self.assertRaisesRegex(caller.Stuck, "payments_url"):
            self.described({"api_url": "http://x", "aws_endpoint": "http://y"})

    def test_nobody_answers(self):
        with self.assertRaisesRegex(caller.Stuck, "Is the local stack running"):
            caller.Caller("http://127.0.0.1:9").get("/v1/health")

    def test_what_does_not_come_is_named(self):
        with self.assertRaisesRegex(caller.Stuck, "The parcel did not come within 0 seconds"):
            caller.eventually("The parcel", lambda: None, seconds=0)

    def test_the_shelf_is_emptied_when_a_chapter_fails(self):
        story = mock.Mock(shelf=[{"id": "prd_1", "name": "One"}, {"id": "prd_2", "name": "Two"}])

        def fails(_):
            """A chapter"""
            raise caller.Stuck("no")

        with mock.patch.object(demo, "CHAPTERS", (fails,)), self.assertRaises(caller.Stuck):
            demo.play(story)
        gone = [call.args for call in story.pharmacist.call.call_args_list]
        self.assertEqual(gone, [("DELETE", "/v1/products/prd_1"), ("DELETE", "/v1/products/prd_2")])

    def test_an_answer_without_a_member_is_said(self):
        def reads(_):
            """A chapter"""
            return {}["totals"]

        with mock.patch.object(demo, "CHAPTERS", (reads,)), self.assertRaisesRegex(caller.Stuck, "no 'totals'"):
            demo.play(mock.Mock(shelf=[]))
