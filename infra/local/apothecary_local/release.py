"""Deploys into AWS by a change set that shows what happens inside the nested stacks, and stops where data would be replaced."""

import hashlib
import json
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone

from botocore.exceptions import BotoCoreError, ClientError

from . import account, environments, toolbox
from .console import Failure, say, step
from .environments import Environment

# What holds people's data, or the keys to it. None of these is replaced or removed by a deployment.
HELD = ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key", "AWS::SecretsManager::Secret", "AWS::Cognito::UserPool")
# The nested stacks that have them, by their names in template.yaml.
HOLDERS = ("Data", "Identity")
# By these a deployment is taken back when it makes things worse, for as many minutes after it.
TRIGGERS, WATCHED_MINUTES = ("api-errors", "function-failures"), 10

_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
_PACKAGED = toolbox.LOCAL / "packaged.yaml"
# The stack in which SAM keeps the bucket that it uploads to.
_SAM_STACK = "aws-sam-cli-managed-default"
# How often it is asked, every three seconds, whether a deployment has begun.
_BEGINS = 40
_NOTHING_CHANGED = ("didn't contain changes", "No updates are to be performed")
# The options of the command, and what each may be.
_OPTIONS = {"replace": ("yes", "no"), "nested": ("yes", "no")}


@dataclass(frozen=True)
class Change:
    """What a change set does to one resource."""

    # The names of the nested stacks that it is in, and its own.
    path: str
    kind: str
    # Add, Modify, Remove, Import or Dynamic.
    action: str
    # True, False or Conditional: CloudFormation cannot always say before it does it.
    replaced: str

    @property
    def endangers_data(self) -> bool:
        """Whether something that holds data is replaced, may be, or goes."""
        return self.kind in HELD and (self.action not in ("Add", "Import", "Modify") or self.replaced != "False" and self.action == "Modify")


def release(name: str, *options: str) -> None:
    """Deploys what is built. Options: replace=yes lets data be replaced, nested=no looks into no nested stack.

    Raises Failure when AWS refuses, data would be replaced, or the person does not say yes.
    """
    chosen = _chosen(options)
    environment = environments.named(name)
    account.check_binaries(name)
    session = account.session(environment)
    try:
        _release(environment, session, chosen)
    except (ClientError, BotoCoreError) as error:
        raise Failure("AWS did not do what it was asked to.", str(error)) from None


def _release(environment: Environment, session, chosen: dict[str, str]) -> None:
    cloudformation = session.client("cloudformation")
    with step("Uploading the functions and the templates"):
        template = _upload(environment, session)
    with step("Asking CloudFormation what would change"):
        change_set = make_change_set(cloudformation, environment, template, chosen["nested"] == "yes",
                                     triggers(session.client("cloudwatch"), environment, _account_of(session), session.region_name))
    if change_set is None:
        say("  Nothing has changed.")
    else:
        changes = list(changes_of(cloudformation, change_set))
        say("\n".join(told(changes)))
        try:
            allow(environment, changes, chosen["replace"] == "yes", input)
        except Failure:
            cloudformation.delete_change_set(ChangeSetName=change_set)
            raise
        with step("Deploying; the first time takes some minutes"):
            before = _last_change(cloudformation, environment.stack)
            cloudformation.execute_change_set(ChangeSetName=change_set)
            wait(cloudformation, environment.stack, before, time.sleep)
    if environment.production:
        with step("Protecting the stack"):
            protect(cloudformation, environment.stack)


def _chosen(options: tuple[str, ...]) -> dict[str, str]:
    chosen = {"replace": "no", "nested": "yes"}
    for option in options:
        key, _, value = option.partition("=")
        if value not in _OPTIONS.get(key, ()):
            raise Failure(f"There is no option {option}.",
                          "Options: " + ", ".join(f"{one}={'|'.join(values)}" for one, values in _OPTIONS.items()))
        chosen[key] = value
    return chosen


def _account_of(session) -> str:
    return session.client("sts").get_caller_identity()["Account"]


def _upload(environment: Environment, session) -> str:
    """Has SAM upload what the templates name, and uploads the root template. Returns where that is."""
    command = [toolbox.program("sam"), "package", "--template-file", "template.yaml", "--resolve-s3", "--s3-prefix", environment.stack,
               "--output-template-file", str(_PACKAGED), "--region", session.region_name, "--no-progressbar"]
    packaged = subprocess.run(command, cwd=toolbox.ROOT, capture_output=True, text=True)
    if packaged.returncode != 0:
        raise Failure("SAM could not upload what is deployed.", packaged.stderr[-3000:])
    outputs = session.client("cloudformation").describe_stacks(StackName=_SAM_STACK)["Stacks"][0]["Outputs"]
    bucket = next(output["OutputValue"] for output in outputs if output["OutputKey"] == "SourceBucket")
    body = _PACKAGED.read_bytes()
    key = f"{environment.stack}/{hashlib.sha256(body).hexdigest()[:32]}.template"
    session.client("s3").put_object(Bucket=bucket, Key=key, Body=body)
    return f"https://s3.{session.region_name}.amazonaws.com/{bucket}/{key}"


def triggers(cloudwatch, environment: Environment, account_id: str, region: str) -> dict:
    """The alarms by which an update of production is taken back. One that rings already would take back what is to mend it."""
    if not environment.production:
        return {}
    names = [f"{environment.stack}-{alarm}" for alarm in TRIGGERS]
    found = {alarm["AlarmName"]: alarm["StateValue"] for alarm in cloudwatch.describe_alarms(AlarmNames=names)["MetricAlarms"]}
    ringing = [name for name, state in found.items() if state == "ALARM"]
    if ringing:
        say(f"  {', '.join(ringing)} rings already, so this deployment is not taken back by itself.")
        # Explicitly none: what was given once would hold for this update as well.
        return {"RollbackTriggers": [], "MonitoringTimeInMinutes": 0}
    arns = [f"arn:aws:cloudwatch:{region}:{account_id}:alarm:{name}" for name in names if name in found]
    return {"RollbackTriggers": [{"Arn": arn, "Type": "AWS::CloudWatch::Alarm"} for arn in arns],
            "MonitoringTimeInMinutes": WATCHED_MINUTES if arns else 0}


def make_change_set(cloudformation, environment: Environment, template: str, nested: bool, rollback: dict,
                    sleep: Callable[[float], None] = time.sleep) -> str | None:
    """Makes a change set and returns its ARN; None when nothing would change.

    Raises Failure when CloudFormation cannot make it.
    """
    status = _status(cloudformation, environment.stack)
    new = status in (None, "REVIEW_IN_PROGRESS")
    answer = cloudformation.create_change_set(
        StackName=environment.stack, ChangeSetName=f"release-{datetime.now(timezone.utc):%Y%m%d-%H%M%S}",
        ChangeSetType="CREATE" if new else "UPDATE", TemplateURL=template, Capabilities=_CAPABILITIES,
        # What samconfig.toml does not give has its default, whatever it had before.
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in environment.parameters.items()],
        Tags=[{"Key": key, "Value": value} for key, value in {"apothecary:stack": environment.stack, **environment.tags}.items()],
        # A stack that is not there yet has nothing to lose, and no outputs from which nested ones could be told.
        IncludeNestedStacks=nested and not new,
        **({"RollbackConfiguration": rollback} if rollback and not new else {}))
    change_set = answer["Id"]
    while True:
        found = cloudformation.describe_change_set(ChangeSetName=change_set)
        if found["Status"] == "CREATE_COMPLETE":
            return change_set
        if found["Status"] == "FAILED":
            reasons = "\n".join(dict.fromkeys(_reasons_of_change_set(cloudformation, found)))
            cloudformation.delete_change_set(ChangeSetName=change_set)
            if any(words in reasons for words in _NOTHING_CHANGED):
                return None
            raise Failure("CloudFormation cannot say what would change.",
                          f"{reasons}\nIf it is a nested stack that cannot be looked into: make deploy env={environment.name} nested=no")
        sleep(3)


def _stack(cloudformation, stack: str) -> dict:
    try:
        return cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in str(error):
            return {}
        raise


def _status(cloudformation, stack: str) -> str | None:
    return _stack(cloudformation, stack).get("StackStatus")


def _last_change(cloudformation, stack: str):
    """When a stack was changed last."""
    found = _stack(cloudformation, stack)
    return found.get("LastUpdatedTime", found.get("CreationTime"))


def _pages(cloudformation, change_set: str) -> Iterator[dict]:
    more: dict = {}
    while True:
        page = cloudformation.describe_change_set(ChangeSetName=change_set, **more)
        yield page
        if "NextToken" not in page:
            return
        more = {"NextToken": page["NextToken"]}


def _reasons_of_change_set(cloudformation, found: dict) -> Iterator[str]:
    yield found.get("StatusReason", found["Status"])
    for change in found.get("Changes", []):
        inner = change.get("ResourceChange", {}).get("ChangeSetId")
        if inner:
            nested = cloudformation.describe_change_set(ChangeSetName=inner)
            if nested["Status"] == "FAILED" and not any(words in nested.get("StatusReason", "") for words in _NOTHING_CHANGED):
                yield from _reasons_of_change_set(cloudformation, nested)


def changes_of(cloudformation, change_set: str, within: str = "") -> Iterator[Change]:
    """Every change of a change set and of those of its nested stacks."""
    for page in _pages(cloudformation, change_set):
        for change in page["Changes"]:
            resource = change.get("ResourceChange")
            if resource is None:
                continue
            path = f"{within}{resource['LogicalResourceId']}"
            yield Change(path, resource["ResourceType"], resource["Action"], resource.get("Replacement", "False"))
            if "ChangeSetId" in resource:
                yield from changes_of(cloudformation, resource["ChangeSetId"], f"{path}/")


def told(changes: list[Change]) -> Iterator[str]:
    """The changes for the person who says yes: those that count in full, the others by their number."""
    number: Counter = Counter()
    for change in changes:
        if change.endangers_data:
            yield f"  DATA    {change.action} {change.path} ({change.kind}), replaced: {change.replaced}"
        elif change.action == "Remove" or change.replaced == "True":
            yield f"  {change.action:7} {change.path} ({change.kind})" + (", replaced" if change.replaced == "True" else "")
        else:
            number[change.action, change.kind] += 1
    for (action, kind), times in sorted(number.items()):
        yield f"  {action:7} {times} × {kind}"


def allow(environment: Environment, changes: list[Change], replace: bool, ask: Callable[[str], str]) -> None:
    """Raises Failure when data is endangered, or the person who is asked does not say yes."""
    endangered = [change for change in changes if change.endangers_data]
    if endangered and not replace:
        raise Failure(
            "This deployment would replace or remove what holds data, and was stopped.",
            "\n".join(f"{change.path}: {change.action}, replaced: {change.replaced}" for change in endangered)
            + "\nWhat is replaced begins empty. If that is meant: docs/operations.md, \"When data has to be replaced\".")
    if environment.asks:
        try:
            said = ask(f"  Write {environment.stack} to deploy this: ")
        except EOFError:
            said = ""
        if said.strip() != environment.stack:
            raise Failure("Nothing was deployed.")


def wait(cloudformation, stack: str, before, sleep: Callable[[float], None]) -> None:
    """Waits until a deployment has ended that began after the time `before`.

    Raises Failure when it was rolled back, with CloudFormation's reasons.
    """
    # For a moment the stack is as the deployment before has left it, and "complete" would be said of that.
    for _ in range(_BEGINS):
        found = _stack(cloudformation, stack)
        if found.get("StackStatus", "").endswith("_IN_PROGRESS") or found.get("LastUpdatedTime", found.get("CreationTime")) != before:
            break
        sleep(3)
    else:
        raise Failure("The deployment did not begin.", f"Look at the change sets of {stack} in CloudFormation's console.")
    while (status := _status(cloudformation, stack)) is not None and status.endswith("_IN_PROGRESS"):
        sleep(5)
    if status not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        raise Failure(f"The deployment failed: {status}.", "\n".join(dict.fromkeys(_reasons(cloudformation, stack))))


def _reasons(cloudformation, stack: str, depth: int = 2) -> Iterator[str]:
    """Why the last deployment of a stack failed: the events since it began, of nested stacks as well."""
    for event in cloudformation.describe_stack_events(StackName=stack)["StackEvents"]:
        own = event.get("PhysicalResourceId") == event["StackId"]
        if own and event["ResourceStatus"] in ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"):
            return
        if not event["ResourceStatus"].endswith("_FAILED"):
            continue
        yield f"{event['LogicalResourceId']} ({event['ResourceType']}): {event.get('ResourceStatusReason', event['ResourceStatus'])}"
        if event["ResourceType"] == "AWS::CloudFormation::Stack" and not own and depth and event.get("PhysicalResourceId"):
            yield from _reasons(cloudformation, event["PhysicalResourceId"], depth - 1)


def protect(cloudformation, stack: str) -> None:
    """Nobody deletes the stack by mistake, and no update replaces or removes what holds data. Done again, it changes nothing."""
    cloudformation.update_termination_protection(StackName=stack, EnableTerminationProtection=True)
    everything = {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}
    kept = {"Effect": "Deny", "Action": ["Update:Replace", "Update:Delete"], "Principal": "*"}
    holders = [f"LogicalResourceId/{holder}" for holder in HOLDERS]
    _set_policy(cloudformation, stack, [everything, {**kept, "Resource": holders}])
    for holder in HOLDERS:
        nested = cloudformation.describe_stack_resource(StackName=stack, LogicalResourceId=holder)
        of_kind = {"Resource": "*", "Condition": {"StringEquals": {"ResourceType": list(HELD)}}}
        _set_policy(cloudformation, nested["StackResourceDetail"]["PhysicalResourceId"], [everything, {**kept, **of_kind}])


def _set_policy(cloudformation, stack: str, statements: list[dict]) -> None:
    cloudformation.set_stack_policy(StackName=stack, StackPolicyBody=json.dumps({"Statement": statements}))
