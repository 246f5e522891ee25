"""What has to be said in several templates is said in all of them."""

import re
import unittest

from botocore import xform_name
from samtranslator.yaml_helper import yaml_parse

from apothecary_local import deploy, environments, release
from apothecary_local.toolbox import ROOT

from . import stubs

_TEMPLATES = {str(path.relative_to(ROOT)): yaml_parse(path.read_text()) for path in deploy.templates()}


def resources(kind, of=None):
    """The resources of a kind: path, name, and what is written there."""
    return [(path, name, resource) for path, template in _TEMPLATES.items() if of in (None, path)
            for name, resource in template["Resources"].items() if resource["Type"] == kind]


def invoked_by(*kinds):
    """The functions with an event of such a kind, by their packages."""
    return {function["Properties"]["CodeUri"].rsplit("/", 1)[1] for _, _, function in resources("AWS::Serverless::Function")
            if any(event["Type"] in kinds for event in function["Properties"].get("Events", {}).values())}


def alarms(named):
    """The metrics of the alarms whose names begin so: one has room for ten, so there may be a second."""
    return [alarm["Properties"]["Metrics"] for _, name, alarm in resources("AWS::CloudWatch::Alarm", "infra/observability.yaml")
            if name.startswith(named)]


def watched(named):
    """The functions that such alarms look at."""
    metrics = [metric for one in alarms(named) for metric in one]
    names = [metric["MetricStat"]["Metric"]["Dimensions"][0]["Value"]["Fn::Sub"] for metric in metrics if "MetricStat" in metric]
    return {name.removeprefix("${RootStackName}-") for name in names}


class Templates(unittest.TestCase):
    def test_an_alarm_rings_for_each_function_that_runs_by_the_clock(self):
        self.assertEqual(watched("SchedulesStopped"), invoked_by("Schedule", "ScheduleV2"))
        for metrics in alarms("SchedulesStopped"):
            filled = set(re.findall(r"FILL\((\w+), 0\)", metrics[-1]["Expression"]))
            self.assertEqual(filled, {metric["Id"] for metric in metrics[:-1]})

    def test_an_alarm_rings_for_each_stream(self):
        self.assertEqual(watched("StreamsLate"), invoked_by("DynamoDB"))

    def test_no_alarm_looks_at_more_metrics_than_it_may(self):
        for _, name, alarm in resources("AWS::CloudWatch::Alarm"):
            self.assertLessEqual(sum("MetricStat" in metric for metric in alarm["Properties"].get("Metrics", [])), 10, name)

    def test_alarms_are_of_this_stack_but_for_those_of_the_accounts_own_limits(self):
        shared = {"FunctionThrottles", "FunctionsNearLimit", "TextMessageSpend"}
        for _, name, alarm in resources("AWS::CloudWatch::Alarm"):
            whole = str(alarm["Properties"].get("Metrics", "")) + str(alarm["Properties"].get("Dimensions", "")) + str(alarm["Properties"].get("Namespace", ""))
            self.assertEqual("'Ref'" in whole or "RootStackName" in whole, name not in shared, name)

    def test_deployments_are_taken_back_by_alarms_that_there_are(self):
        names = {alarm["Properties"]["AlarmName"]["Fn::Sub"] for _, _, alarm in resources("AWS::CloudWatch::Alarm")}
        for trigger in release.TRIGGERS:
            self.assertIn("${RootStackName}-" + trigger, names)

    def test_limits_of_single_routes_are_of_routes_that_there_are(self):
        api = _TEMPLATES["infra/api.yaml"]["Resources"]["Api"]["Properties"]
        paths = api["DefinitionBody"]["paths"]
        routes = {f"{method.upper()} {path}" for path, item in paths.items() for method in item if method != "parameters"}
        # API Gateway refuses a stage with settings of a route that is not there.
        self.assertLessEqual(set(api["RouteSettings"]), routes)
        self.assertIn("POST /v1/auth/otp", api["RouteSettings"])
        for settings in [api["DefaultRouteSettings"], *api["RouteSettings"].values()]:
            self.assertEqual(set(settings), {"ThrottlingRateLimit", "ThrottlingBurstLimit"})

    def test_what_is_held_is_in_the_stacks_that_a_policy_protects(self):
        stacks = _TEMPLATES["template.yaml"]["Resources"]
        holders = {stacks[holder]["Properties"]["TemplateURL"] for holder in release.HOLDERS}
        for kind in release.HELD:
            found = {path for path, _, _ in resources(kind)}
            self.assertTrue(found, kind)
            self.assertLessEqual(found, holders, kind)

    def test_every_parameter_is_in_the_guide(self):
        guide = (ROOT / "docs/operations.md").read_text()
        for name in environments.known():
            self.assertTrue(f"`{name}`" in guide, name)

    def test_no_level_of_the_log_silences_an_alarm(self):
        # Alarms count lines of WARN; lines of figures have no level, which Lambda takes for INFO.
        self.assertEqual(_TEMPLATES["template.yaml"]["Parameters"]["LogLevel"]["AllowedValues"], ["INFO", "DEBUG"])

    def test_whom_the_firewall_refuses_for_too_many_requests_can_be_looked_up(self):
        rules = _TEMPLATES["infra/edge-firewall.yaml"]["Resources"]["Firewall"]["Properties"]["Rules"]
        sampled = {rule["Name"]: rule["VisibilityConfig"]["SampledRequestsEnabled"] for rule in rules}
        self.assertTrue(sampled["too-many"])

    def test_every_alarm_is_in_the_guide(self):
        guide = (ROOT / "docs/operations.md").read_text()
        for _, _, alarm in resources("AWS::CloudWatch::Alarm"):
            name = alarm["Properties"]["AlarmName"]["Fn::Sub"].removeprefix("${RootStackName}-")
            self.assertTrue(f"`$STACK-{name}`" in guide, name)

    def test_every_alarm_has_a_runbook_and_no_runbook_is_of_none(self):
        runbook, guide = ((ROOT / path).read_text() for path in ("docs/runbook.md", "docs/operations.md"))
        sections = {part.split("\n", 1)[0]: part for part in runbook.split("\n## ")[1:]}
        names = {alarm["Properties"]["AlarmName"]["Fn::Sub"].removeprefix("${RootStackName}-")
                 for _, _, alarm in resources("AWS::CloudWatch::Alarm")}
        self.assertEqual(set(sections), names)
        for name, section in sections.items():
            self.assertIn("\n1. ", section, name)
            self.assertIn("\n2. ", section, name)
            self.assertIn(f"](runbook.md#{name})", guide, name)

    def test_the_web_acl_blocks_no_call_that_a_function_makes(self):
        acl = _TEMPLATES["infra/identity.yaml"]["Resources"]["PoolWebAcl"]["Properties"]["Rules"][0]
        pattern = acl["Statement"]["RegexMatchStatement"]["RegexString"]
        self.assertLessEqual(len(pattern), 512)
        self.assertTrue(re.match(pattern, "awscognitoidentityproviderservice.deleteuser"))
        source = "\n".join(path.read_text() for path in (ROOT / "shared/src").rglob("*.rs"))
        operations = stubs.Session().client("cognito-idp").meta.service_model.operation_names
        called = [name for name in operations if f".{xform_name(name)}()" in source]
        self.assertIn("ChangePassword", called)
        for name in called:
            self.assertFalse(re.match(pattern, f"awscognitoidentityproviderservice.{name.lower()}"), name)
