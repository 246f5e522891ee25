"""What `make recount` puts into the queue."""

import json
import unittest

from apothecary_local import recount
from apothecary_local.console import Failure

from . import stubs

_QUEUE = "https://sqs.eu-west-1.amazonaws.com/123456789012/apothecary-prod-count"


def _entries(ids):
    return [{"Id": str(place), "MessageBody": json.dumps({"count": one})} for place, one in enumerate(ids)]


class Recount(unittest.TestCase):
    def setUp(self):
        self.session = stubs.Session()

    def test_every_order_of_every_page_is_named_by_its_id(self):
        asked = {"TableName": "orders", "ProjectionExpression": "pk", "FilterExpression": "sk = :sk AND begins_with(pk, :pk)",
                 "ExpressionAttributeValues": {":sk": {"S": "ORDER"}, ":pk": {"S": "ORDER#"}}}
        more = {"pk": {"S": "ORDER#ord_1"}, "sk": {"S": "ORDER"}}
        stub = self.session.on("dynamodb")
        stub.add_response("scan", {"Items": [{"pk": {"S": "ORDER#ord_1"}}], "LastEvaluatedKey": more}, asked)
        stub.add_response("scan", {"Items": [{"pk": {"S": "ORDER#ord_2"}}]}, {**asked, "ExclusiveStartKey": more})
        found = recount.ids(self.session.client("dynamodb"), "orders", "ORDER#", "ORDER")
        self.assertEqual(list(found), ["ord_1", "ord_2"])
        stub.assert_no_pending_responses()

    def test_they_go_into_the_queue_ten_at_a_time(self):
        ids = [f"ord_{number}" for number in range(23)]
        stub = self.session.on("sqs")
        for batch in (ids[:10], ids[10:20], ids[20:]):
            done = {"Successful": [], "Failed": []}
            stub.add_response("send_message_batch", done, {"QueueUrl": _QUEUE, "Entries": _entries(batch)})
        self.assertEqual(recount.send(self.session.client("sqs"), _QUEUE, iter(ids)), 23)
        stub.assert_no_pending_responses()

    def test_what_the_queue_refuses_is_said(self):
        failed = [{"Id": "1", "SenderFault": False, "Code": "InternalError"}]
        self.session.on("sqs").add_response("send_message_batch", {"Successful": [], "Failed": failed})
        with self.assertRaises(Failure) as raised:
            recount.send(self.session.client("sqs"), _QUEUE, ["rx_1", "rx_2"])
        self.assertIn("rx_2", raised.exception.details)
        self.assertNotIn("rx_1", raised.exception.details)

    def test_an_option_that_there_is_not_is_refused_before_anything_is_asked(self):
        with self.assertRaises(Failure):
            recount.run("prod", "only=orders")


if __name__ == "__main__":
    unittest.main()
