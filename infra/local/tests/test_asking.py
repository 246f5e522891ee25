"""What `make ask-providers` hands to the function that asks."""

import io
import json
import unittest
from unittest import mock

from botocore.exceptions import ClientError
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

    def test_where_it_fails_about_many_each_is_asked_about_by_itself_and_the_others_go_on(self):
        ids = [f"ord_{number}" for number in range(22)]
        broken = {"errorMessage": "no more time"}
        self.answers(ids[:20], broken, FunctionError="Unhandled")
        for one in ids[:20]:
            if one == "ord_7":
                self.answers([one], broken, FunctionError="Unhandled")
            else:
                self.answers([one], {"batchItemFailures": [], "orders": 1, "failed": 0})
        self.answers(ids[20:], {"batchItemFailures": [], "orders": 2, "failed": 1})
        with mock.patch.object(asking, "say") as said:
            self.assertEqual(self.ask(ids), (22, 2))
        said.assert_called_once()
        self.assertIn("ord_7", said.call_args.args[0])
        self.assertIn("no more time", said.call_args.args[0])
        self.session.on("lambda").assert_no_pending_responses()

    def test_too_many_calls_at_once_are_waited_for(self):
        stub = self.session.on("lambda")
        for _ in range(2):
            stub.add_client_error("invoke", "TooManyRequestsException", http_status_code=429)
        self.answers(["ord_1"], {"batchItemFailures": [], "orders": 1, "failed": 0})
        with mock.patch.object(asking.time, "sleep") as sleep:
            self.assertEqual(self.ask(["ord_1"]), (1, 0))
        self.assertEqual([call.args[0] for call in sleep.call_args_list], [0, 1, 2])
        stub.assert_no_pending_responses()

    def test_what_is_throttled_to_the_end_counts_as_failed_and_the_others_go_on(self):
        ids = [f"ord_{number}" for number in range(21)]
        stub = self.session.on("lambda")
        for _ in range(5):
            stub.add_client_error("invoke", "TooManyRequestsException", http_status_code=429)
        self.answers(ids[20:], {"batchItemFailures": [], "orders": 1, "failed": 0})
        with mock.patch.object(asking.time, "sleep"), mock.patch.object(asking, "say") as said:
            self.assertEqual(self.ask(ids), (21, 20))
        self.assertIn("ord_0, ord_1", said.call_args.args[0])
        stub.assert_no_pending_responses()

    def test_who_may_not_call_the_function_is_told_so_at_once(self):
        self.session.on("lambda").add_client_error("invoke", "AccessDeniedException", http_status_code=403)
        with self.assertRaises(ClientError):
            self.ask(["ord_1", "ord_2"])

    def test_an_option_that_there_is_not_is_refused_before_anything_is_asked(self):
        with self.assertRaises(Failure):
            asking.run("prod", "only=orders")


if __name__ == "__main__":
    unittest.main()
