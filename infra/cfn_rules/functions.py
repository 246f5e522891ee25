"""Functions are named for their package, log where retention is set, and lose no event."""

from cfnlint.rules import CloudFormationLintRule, RuleMatch

_CODE = "../../target/lambda/"


class NamedFunctions(CloudFormationLintRule):
    """A function is named for its package and logs to a group of the template."""

    id = "E9004"
    shortdesc = "Named, logged functions"
    description = "CodeUri and FunctionName hold the same package name; LoggingConfig names a log group; log groups expire."
    source_url = "docs/architecture.md"
    tags = ["lambda"]

    def match(self, cfn):
        """Looks at every function and log group."""
        matches = []
        for name, resource in cfn.get_resources(["AWS::Serverless::Function"]).items():
            properties = resource["Properties"]
            path = ["Resources", name]
            code = str(properties.get("CodeUri", ""))
            package = code.removeprefix(_CODE)
            if not code.startswith(_CODE) or "".join(part.title() for part in package.split("-")) != name:
                matches.append(RuleMatch(path, f"{name} is not the package its CodeUri {code} names"))
            if properties.get("FunctionName") != {"Fn::Sub": "${RootStackName}-" + package}:
                matches.append(RuleMatch(path, f"{name} is not named ${{RootStackName}}-{package}"))
            logging = properties.get("LoggingConfig", {})
            if logging.get("LogFormat") == "JSON" and "ApplicationLogLevel" not in logging:
                matches.append(RuleMatch(path, f"{name} does not say its ApplicationLogLevel; Lambda would drop what is below INFO"))
            if "LogGroup" not in logging:
                matches.append(RuleMatch(path, f"{name} logs to a group without retention"))
        for name, resource in cfn.get_resources(["AWS::Logs::LogGroup"]).items():
            if "RetentionInDays" not in resource.get("Properties", {}):
                matches.append(RuleMatch(["Resources", name], f"{name} keeps its logs for ever"))
        return matches


class KeptEvents(CloudFormationLintRule):
    """What is delivered to a function without anyone waiting for the answer is retried, then kept."""

    id = "E9005"
    shortdesc = "Kept events"
    description = "Event rules have RetryPolicy and DeadLetterConfig; their functions have a failure destination."
    source_url = "docs/architecture.md"
    tags = ["events"]

    asynchronous = ("EventBridgeRule", "CloudWatchEvent", "Schedule", "ScheduleV2")

    def match(self, cfn):
        """Looks at the events of every function."""
        matches = []
        for name, resource in cfn.get_resources(["AWS::Serverless::Function"]).items():
            properties = resource["Properties"]
            events = {event: declared for event, declared in properties.get("Events", {}).items()
                      if declared.get("Type") in self.asynchronous}
            for event, declared in events.items():
                for wanted in ("DeadLetterConfig", "RetryPolicy"):
                    if wanted not in declared.get("Properties", {}):
                        path = ["Resources", name, "Properties", "Events", event]
                        matches.append(RuleMatch(path, f"{name}: the event {event} has no {wanted}"))
            destinations = properties.get("EventInvokeConfig", {}).get("DestinationConfig", {})
            if events and "OnFailure" not in destinations:
                matches.append(RuleMatch(["Resources", name], f"{name} has no EventInvokeConfig with an OnFailure"))
        return matches
