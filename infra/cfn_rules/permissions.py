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


class OneStatement(CloudFormationLintRule):
    """A function's right to an action on a resource stands in one statement, with all the keys in it."""

    id = "E9008"
    shortdesc = "One statement for an action on a resource"
    description = "No action on one resource is allowed by two statements of a function."
    source_url = "docs/security.md"
    tags = ["iam"]

    # AWS documents leading keys for single calls and batches, not for transactions. With all keys in one statement it does not
    # matter whether a transaction is looked at item by item or as a whole.

    def match(self, cfn):
        """Looks at the statements of every function."""
        matches = []
        for name, resource in cfn.get_resources(["AWS::Serverless::Function"]).items():
            seen = set()
            for policy in _listed(resource["Properties"].get("Policies", [])):
                for statement in _listed(policy.get("Statement", []) if isinstance(policy, dict) else []):
                    if statement.get("Effect") != "Allow":
                        continue
                    for right in {(action, str(on)) for action in _listed(statement.get("Action", [])) for on in _listed(statement.get("Resource", []))}:
                        if right in seen:
                            path = ["Resources", name, "Properties", "Policies"]
                            matches.append(RuleMatch(path, f"{name}: two statements allow {right[0]} on {right[1]}; put their keys into one"))
                        seen.add(right)
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
        # A telephone, which is published to, has no name of its own, and Textract has no resources.
        if resource == "*" and _listed(statement.get("Action", [])) not in (["sns:Publish"], ["textract:DetectDocumentText"]):
            yield "the resource * is everything; name the table, index, bucket or prefix"


def _listed(value):
    return value if isinstance(value, list) else [value]
