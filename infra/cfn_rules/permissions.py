"""Functions may do what their statements name, and nothing by wildcard."""

from cfnlint.rules import CloudFormationLintRule, RuleMatch

# The policies of infra/common.yaml, which areas get as parameters.
_SHARED = ("AnswerRequests", "SendMessages")


class NamedPermissions(CloudFormationLintRule):
    """A function's statements name their actions and resources, and allow rather than exclude."""

    id = "E9001"
    shortdesc = "No wildcard permissions"
    description = "A function's statements name each action, and each resource down to the table, index, bucket or prefix."
    source_url = "docs/security.md"
    tags = ["iam"]

    def match(self, cfn):
        """Looks at the policies of every function."""
        matches = []
        shared = cfn.get_resources(["AWS::IAM::ManagedPolicy"])
        for name, resource in shared.items():
            document = resource["Properties"]["PolicyDocument"]
            for statement in _listed(document["Statement"]):
                here = ["Resources", name, "Properties", "PolicyDocument"]
                matches += [RuleMatch(here, f"{name}: {fault}") for fault in _faults(statement)]
        for name, resource in cfn.get_resources(["AWS::Serverless::Function"]).items():
            path = ["Resources", name, "Properties"]
            if "Role" in resource["Properties"]:
                matches.append(RuleMatch(path, f"{name} shares a role; give it Policies of its own"))
            for index, policy in enumerate(_listed(resource["Properties"].get("Policies", []))):
                here = [*path, "Policies", index]
                if isinstance(policy, dict) and policy.get("Ref") in _SHARED:
                    continue
                if not isinstance(policy, dict) or "Statement" not in policy:
                    matches.append(RuleMatch(here, f"{name} has a policy that is neither a list of its own nor a policy of infra/common.yaml"))
                    continue
                for statement in _listed(policy["Statement"]):
                    matches += [RuleMatch(here, f"{name}: {fault}") for fault in _faults(statement)]
        return matches


def _faults(statement):
    if statement.get("Effect") == "Deny":
        return  # What is denied grants nothing, however much it names.
    for exclusion in ("NotAction", "NotResource"):
        if exclusion in statement:
            yield f"{exclusion} grants everything but something; name what is needed instead"
    for action in _listed(statement.get("Action", [])):
        if "*" in str(action):
            yield f"the action {action} is a wildcard; name the actions"
    for resource in _listed(statement.get("Resource", [])):
        # A telephone, which is published to, has no name of its own.
        if resource == "*" and _listed(statement.get("Action", [])) != ["sns:Publish"]:
            yield "the resource * is everything; name the table, index, bucket or prefix"


def _listed(value):
    return value if isinstance(value, list) else [value]
