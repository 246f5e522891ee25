"""What a deployment shows, where it stops, and what it leaves protected."""

import json
import unittest
from datetime import datetime, timezone

from botocore.stub import ANY

from apothecary_local import release
from apothecary_local.console import Failure
from apothecary_local.release import Change

from . import stubs

_CREATED = datetime(2026, 1, 1, tzinfo=timezone.utc)
_UPDATED = datetime(2026, 1, 2, tzinfo=timezone.utc)
_STACK = f"arn:aws:cloudformation:{stubs.REGION}:{stubs.ACCOUNT}:stack/apothecary-prod/1"
_SET = f"arn:aws:cloudformation:{stubs.REGION}:{stubs.ACCOUNT}:changeSet/release/1"
_INNER = f"arn:aws:cloudformation:{stubs.REGION}:{stubs.ACCOUNT}:changeSet/inner/1"


def change(name, kind, action="Modify", replaced="False", inner=None):
    found = {"LogicalResourceId": name, "ResourceType": kind, "Action": action}
    if action == "Modify":
        found["Replacement"] = replaced
    if inner:
        found["ChangeSetId"] = inner
    return {"Type": "Resource", "ResourceChange": found}


class Release(unittest.TestCase):
    def setUp(self):
        self.session = stubs.Session()
        self.cloudformation = self.session.client("cloudformation")
        self.on = self.session.on("cloudformation")

    def tearDown(self):
        self.on.assert_no_pending_responses()

    def stack(self, status, updated=None):
        if status is None:
            self.on.add_client_error("describe_stacks", "ValidationError", "Stack with id x does not exist")
        else:
            self.on.add_response("describe_stacks", {"Stacks": [
                {"StackName": "x", "StackStatus": status, "CreationTime": _CREATED, **({"LastUpdatedTime": updated} if updated else {})}]})

    def make(self, environment, expected, rollback=None, nested=True):
        self.on.add_response("create_change_set", {"Id": _SET, "StackId": _STACK}, expected)
        return lambda: release.make_change_set(
            self.cloudformation, environment, "https://x/y.template", nested, rollback or {}, lambda _: None)

    def asked(self, kind, nested, **more):
        return {"StackName": "apothecary-prod", "ChangeSetName": ANY, "ChangeSetType": kind, "TemplateURL": "https://x/y.template",
                "Capabilities": ANY, "Parameters": [{"ParameterKey": "Environment", "ParameterValue": "prod"}], "Tags": ANY,
                "IncludeNestedStacks": nested, **more}

    def test_an_update_is_looked_at_with_its_nested_stacks_and_watched(self):
        rollback = {"RollbackTriggers": [{"Arn": "a", "Type": "AWS::CloudWatch::Alarm"}], "MonitoringTimeInMinutes": 10}
        self.stack("UPDATE_COMPLETE")
        make = self.make(stubs.environment(), self.asked("UPDATE", True, RollbackConfiguration=rollback), rollback)
        self.on.add_response("describe_change_set", {"Status": "CREATE_IN_PROGRESS"})
        self.on.add_response("describe_change_set", {"Status": "CREATE_COMPLETE"})
        self.assertEqual(make(), _SET)

    def test_a_first_deployment_has_nothing_to_look_into(self):
        for status in (None, "REVIEW_IN_PROGRESS"):
            self.stack(status)
            make = self.make(stubs.environment(), self.asked("CREATE", False), {"RollbackTriggers": [], "MonitoringTimeInMinutes": 0})
            self.on.add_response("describe_change_set", {"Status": "CREATE_COMPLETE"})
            self.assertEqual(make(), _SET)

    def test_a_change_set_without_changes_is_none(self):
        self.stack("UPDATE_COMPLETE")
        make = self.make(stubs.environment(), self.asked("UPDATE", True))
        self.on.add_response("describe_change_set", {"Status": "FAILED", "StatusReason": "The submitted information didn't contain changes."})
        self.on.add_response("delete_change_set", {}, {"ChangeSetName": _SET})
        self.assertIsNone(make())

    def test_a_change_set_that_fails_says_why_from_within(self):
        self.stack("UPDATE_COMPLETE")
        make = self.make(stubs.environment(), self.asked("UPDATE", True))
        self.on.add_response("describe_change_set", {"Status": "FAILED", "StatusReason": "Nested change set failed", "Changes": [
            change("Data", "AWS::CloudFormation::Stack", inner=_INNER)]})
        self.on.add_response("describe_change_set", {"Status": "FAILED", "StatusReason": "Parameter X is wrong"}, {"ChangeSetName": _INNER})
        self.on.add_response("delete_change_set", {}, {"ChangeSetName": _SET})
        with self.assertRaises(Failure) as raised:
            make()
        self.assertIn("Parameter X is wrong", raised.exception.details)

    def test_changes_are_those_of_all_pages_and_nested_stacks(self):
        self.on.add_response("describe_change_set", {"Status": "CREATE_COMPLETE", "NextToken": "2", "Changes": [
            change("Data", "AWS::CloudFormation::Stack", inner=_INNER)]}, {"ChangeSetName": _SET})
        self.on.add_response("describe_change_set", {"Status": "CREATE_COMPLETE", "Changes": [
            change("OrdersTable", "AWS::DynamoDB::Table", replaced="True"), {"Type": "Hook"}]}, {"ChangeSetName": _INNER})
        self.on.add_response("describe_change_set", {"Status": "CREATE_COMPLETE", "Changes": [
            change("Old", "AWS::CloudFormation::Stack", "Remove")]}, {"ChangeSetName": _SET, "NextToken": "2"})
        found = list(release.changes_of(self.cloudformation, _SET))
        self.assertEqual([one.path for one in found], ["Data", "Data/OrdersTable", "Old"])
        self.assertEqual([one.endangers_data for one in found], [False, True, False])

    def test_what_endangers_data(self):
        for kind, action, replaced, expected in (
            ("AWS::DynamoDB::Table", "Modify", "False", False),
            ("AWS::DynamoDB::Table", "Modify", "Conditional", True),
            ("AWS::S3::Bucket", "Modify", "True", True),
            ("AWS::KMS::Key", "Remove", "False", True),
            ("AWS::Cognito::UserPool", "Dynamic", "False", True),
            ("AWS::SecretsManager::Secret", "Add", "False", False),
            ("AWS::Lambda::Function", "Remove", "True", False),
        ):
            self.assertEqual(Change("x", kind, action, replaced).endangers_data, expected, (kind, action, replaced))

    def test_data_that_would_be_replaced_stops_the_deployment_before_anybody_is_asked(self):
        endangered = [Change("Data/OrdersTable", "AWS::DynamoDB::Table", "Modify", "True")]
        with self.assertRaises(Failure) as raised:
            release.allow(stubs.environment(), endangered, False, self.fail)
        self.assertIn("Data/OrdersTable", raised.exception.details)
        self.assertIn("DATA", "".join(release.told(endangered)))
        release.allow(stubs.environment(), endangered, True, lambda _: "apothecary-prod")

    def test_only_who_writes_the_name_of_the_stack_deploys_it(self):
        def nobody(_):
            raise EOFError

        for ask in (lambda _: "yes", lambda _: "", nobody):
            with self.assertRaises(Failure):
                release.allow(stubs.environment(), [], False, ask)
        release.allow(stubs.environment(), [], False, lambda _: "apothecary-prod\n")

    def test_an_alarm_that_rings_already_takes_nothing_back(self):
        cloudwatch = self.session.client("cloudwatch")
        for states, minutes, number in ((["OK", "OK"], 10, 2), (["OK", "ALARM"], 0, 0), ([], 0, 0)):
            self.session.on("cloudwatch").add_response("describe_alarms", {"MetricAlarms": [
                {"AlarmName": f"apothecary-prod-{name}", "StateValue": state} for name, state in zip(release.TRIGGERS, states)]})
            found = release.triggers(cloudwatch, stubs.environment(), stubs.ACCOUNT, stubs.REGION)
            self.assertEqual((found["MonitoringTimeInMinutes"], len(found["RollbackTriggers"])), (minutes, number), states)
        self.assertEqual(release.triggers(cloudwatch, stubs.environment("dev"), stubs.ACCOUNT, stubs.REGION), {})

    def test_a_deployment_that_was_rolled_back_says_why(self):
        self.stack("UPDATE_IN_PROGRESS")
        self.stack("UPDATE_IN_PROGRESS")
        self.stack("UPDATE_ROLLBACK_COMPLETE")

        def event(name, status, kind="AWS::Lambda::Function", physical="p", stack=_STACK, reason="because"):
            return {"StackId": stack, "EventId": "e", "StackName": "x", "LogicalResourceId": name, "PhysicalResourceId": physical,
                    "ResourceType": kind, "ResourceStatus": status, "ResourceStatusReason": reason, "Timestamp": "2026-01-01T00:00:00Z"}

        nested = _STACK.replace("apothecary-prod", "apothecary-prod-Cart")
        self.on.add_response("describe_stack_events", {"StackEvents": [
            event("Cart", "UPDATE_FAILED", "AWS::CloudFormation::Stack", nested, reason="see within"),
            event("x", "UPDATE_IN_PROGRESS", "AWS::CloudFormation::Stack", _STACK),
            event("Older", "UPDATE_FAILED", reason="of another deployment")]})
        self.on.add_response("describe_stack_events", {"StackEvents": [
            event("CartGet", "UPDATE_FAILED", stack=nested, reason="too large"),
            event("x", "UPDATE_IN_PROGRESS", "AWS::CloudFormation::Stack", nested, nested)]}, {"StackName": nested})
        with self.assertRaises(Failure) as raised:
            release.wait(self.cloudformation, "apothecary-prod", _CREATED, lambda _: None)
        self.assertIn("too large", raised.exception.details)
        self.assertNotIn("another deployment", raised.exception.details)

    def test_a_stack_that_is_as_the_last_deployment_left_it_has_not_ended_this_one(self):
        self.stack("UPDATE_COMPLETE", _CREATED)
        self.stack("UPDATE_COMPLETE", _UPDATED)
        self.stack("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", _UPDATED)
        self.stack("UPDATE_COMPLETE", _UPDATED)
        release.wait(self.cloudformation, "apothecary-prod", _CREATED, lambda _: None)

    def test_a_deployment_may_end_before_anybody_has_looked(self):
        self.stack("UPDATE_COMPLETE", _UPDATED)
        self.stack("UPDATE_COMPLETE", _UPDATED)
        release.wait(self.cloudformation, "apothecary-prod", _CREATED, lambda _: None)

    def test_production_is_protected(self):
        policies = {}

        class Remember:
            def __eq__(self, body):
                policies[len(policies)] = json.loads(body)
                return True

        self.on.add_response("update_termination_protection", {}, {"StackName": "apothecary-prod", "EnableTerminationProtection": True})
        self.on.add_response("set_stack_policy", {}, {"StackName": "apothecary-prod", "StackPolicyBody": Remember()})
        for holder in release.HOLDERS:
            self.on.add_response("describe_stack_resource", {"StackResourceDetail": {
                "LogicalResourceId": holder, "PhysicalResourceId": f"arn:{holder}", "ResourceType": "AWS::CloudFormation::Stack",
                "LastUpdatedTimestamp": "2026-01-01T00:00:00Z", "ResourceStatus": "UPDATE_COMPLETE"}},
                {"StackName": "apothecary-prod", "LogicalResourceId": holder})
            self.on.add_response("set_stack_policy", {}, {"StackName": f"arn:{holder}", "StackPolicyBody": Remember()})
        release.protect(self.cloudformation, "apothecary-prod")
        self.assertEqual(policies[0]["Statement"][1]["Resource"], ["LogicalResourceId/Data", "LogicalResourceId/Identity"])
        for policy in (policies[1], policies[2]):
            denied = policy["Statement"][1]
            self.assertEqual((denied["Effect"], denied["Action"]), ("Deny", ["Update:Replace", "Update:Delete"]))
            self.assertIn("AWS::DynamoDB::Table", denied["Condition"]["StringEquals"]["ResourceType"])

    def test_an_option_that_there_is_not(self):
        self.assertEqual(release._chosen(("replace=yes",)), {"replace": "yes", "nested": "yes"})
        for option in ("replace", "replace=maybe", "force=yes"):
            with self.assertRaises(Failure):
                release._chosen((option,))
