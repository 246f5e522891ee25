"""What `make ask-providers` hands to the function that asks."""

import io
import json
import unittest

from botocore.response import StreamingBody

from apothecary_local import asking
from apothecary_local.console import Failure

from . import stubs

_NAME = "apothecary-prod-payments-settle"


class Asking(unittest.TestCase):
    def setUp(self):
        self.session = stubs.Session()

    def answers(self, batch, said, **more):
        body = json.dumps(said).encode()
        self.session.on("lambda").add_response(
            "invoke", {"StatusCode": 200, "Payload": StreamingBody(io.BytesIO(body), len(body)), **more},
            {"FunctionName": _NAME, "Payload": json.dumps({"ask": batch}).encode()})

    def ask(self, ids):
        return asking.ask(self.session.client("lambda"), _NAME, iter(ids))

    def test_orders_that_are_paid_online_are_found_on_every_page(self):
        asked = {"TableName": "orders", "ProjectionExpression": "pk",
                 "FilterExpression": "sk = :sk AND attribute_exists(payment.online)",
                 "ExpressionAttributeValues": {":sk": {"S": "ORDER"}}}
        more = {"pk": {"S": "ORDER#ord_1"}, "sk": {"S": "ORDER"}}
        stub = self.session.on("dynamodb")
        stub.add_response("scan", {"Items": [{"pk": {"S": "ORDER#ord_1"}}], "LastEvaluatedKey": more}, asked)
        stub.add_response("scan", {"Items": [{"pk": {"S": "ORDER#ord_2"}}]}, {**asked, "ExclusiveStartKey": more})
        self.assertEqual(list(asking.paid_online(self.session.client("dynamodb"), "orders")), ["ord_1", "ord_2"])
        stub.assert_no_pending_responses()

    def test_twenty_are_asked_about_at_a_time_and_those_that_failed_are_counted(self):
        ids = [f"ord_{number}" for number in range(45)]
        for batch, failed in ((ids[:20], 1), (ids[20:40], 0), (ids[40:], 2)):
            self.answers(batch, {"batchItemFailures": [], "orders": len(batch), "failed": failed})
        self.assertEqual(self.ask(ids), (45, 3))
        self.session.on("lambda").assert_no_pending_responses()

    def test_a_function_that_fails_is_said_with_what_it_was_about(self):
        self.answers(["ord_1"], {"errorMessage": "no more time"}, FunctionError="Unhandled")
        with self.assertRaises(Failure) as raised:
            self.ask(["ord_1"])
        self.assertIn("ord_1", raised.exception.details)
        self.assertIn("no more time", raised.exception.details)

    def test_an_option_that_there_is_not_is_refused_before_anything_is_asked(self):
        with self.assertRaises(Failure):
            asking.run("prod", "only=orders")


if __name__ == "__main__":
    unittest.main()
