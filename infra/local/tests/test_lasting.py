"""What an update cannot change is noticed before the update."""

import copy
import unittest

from apothecary_local import lasting


class Lasting(unittest.TestCase):
    def setUp(self):
        self.now = lasting.of_the_templates()
        self.before = copy.deepcopy(self.now)

    def faults(self):
        return lasting.faults(self.before, self.now)

    def test_nothing_has_changed(self):
        self.assertEqual(self.faults(), [])
        lasting.check()

    def test_other_keys_of_a_table(self):
        self.now["OrdersTable"]["kept"]["KeySchema"][0]["AttributeName"] = "id"
        self.assertIn("OrdersTable: another KeySchema", self.faults()[0])

    def test_another_name_of_a_bucket_or_of_a_resource(self):
        self.now["MediaBucket"]["kept"]["BucketName"] = "pictures"
        self.now["PatientsTable"] = self.now.pop("RecordsTable")
        self.assertEqual(sorted(fault.split(" ")[0] for fault in self.faults()), ["MediaBucket:", "RecordsTable"])

    def test_a_pool_may_get_attributes_and_lose_none(self):
        self.now["UserPool"]["kept"]["Schema"].append({"Name": "more"})
        self.assertEqual(self.faults(), [])
        self.now["UserPool"]["kept"]["Schema"].pop(0)
        self.assertIn("another Schema", self.faults()[0])

    def test_one_index_of_a_table_at_a_time(self):
        indexes = self.now["OrdersTable"]["indexes"]
        indexes["by_new"] = {"IndexName": "by_new"}
        self.assertEqual(self.faults(), [])
        indexes["by_newer"] = {"IndexName": "by_newer"}
        self.assertIn("by_new, by_newer", self.faults()[0])
        del indexes["by_newer"], indexes["by_new"]
        indexes["by_due"]["Projection"] = {"ProjectionType": "ALL"}
        self.assertIn("by_due", self.faults()[0])

    def test_what_is_new_is_no_fault(self):
        del self.before["RecordsTable"]
        self.assertEqual(self.faults(), [])
