"""Deploys the template into a stack - all of it when a template changed, else only the functions that did."""

import hashlib
import json
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

from botocore.exceptions import ClientError

from . import build, currency, peers, processes, reading, toolbox
from .console import Failure, say
from .stack import STACK_NAME, Stack

# The bucket infra/local/samconfig.toml names.
SENDER = "no-reply@apothecary.test"
ARTIFACTS = f"{STACK_NAME}-artifacts"
# What a stack is left in when its very first deployment fails or is interrupted.
_NEVER_CREATED = ("REVIEW_IN_PROGRESS", "CREATE_IN_PROGRESS", "CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED")

ARCHITECTURES = {"x86_64": "x86_64", "amd64": "x86_64", "arm64": "arm64", "aarch64": "arm64"}


def bring_up_to_date(stack: Stack, whole: bool = False, only: Sequence[str] = ()) -> None:
    """Deploys what has changed since the last time: everything when `whole`, of the functions `only` some.

    Raises Failure when a binary is missing or CloudFormation refuses.
    """
    binaries = {package: build.digest(build.binary(package)) for package in build.function_packages()}
    template = _template_digest(stack)
    before = _last_deployment(stack)
    if whole or before.get("template") != template or before.get("functions", {}).keys() != binaries.keys():
        _deploy_template(stack)
    else:
        changed = [package for package in only or binaries if before["functions"][package] != binaries[package]]
        # What was left out is still to come.
        binaries = {**before["functions"], **{package: binaries[package] for package in changed}}
        for package in changed:
            _replace_code(stack, package)
        say(f"  {len(changed)} of {len(binaries)} functions changed" + (f": {', '.join(changed)}" if changed else ""))
    stack.deployed.write_text(json.dumps(
        {"template": template, "functions": binaries, "stack": _identity_of_deployed(stack)}, indent=2))


def function_name(package: str) -> str:
    """The name a function is deployed under."""
    return f"{STACK_NAME}-{package}"


def parameters(stack: Stack) -> dict[str, str]:
    """The template's parameters for a stack of this machine."""
    machine = subprocess.run(["uname", "-m"], capture_output=True, text=True).stdout.strip()
    return {
        "Environment": "local",
        "Architecture": ARCHITECTURES.get(machine, "x86_64"),
        # Everybody on this machine calls from one address, and the seeded staff signs in without an authenticator.
        "AddressLimitFactor": "1000",
        "StaffMfaRequired": "false",
        "AssistantGuests": "true",
        "AllowedOrigins": "http://localhost:3000,http://localhost:5173",
        # Not the client of anybody: it turns the way to Google on, and a test brings a provider of that name.
        "GoogleClientId": "local",
        "SocialRedirectUris": "http://localhost:3000/signed-in,http://localhost:5173/signed-in",
        "MediaBaseUrl": f"{stack.endpoint}/{stack.bucket('media')}",
        "LogLevel": "INFO",
        "SenderAddress": SENDER,
        **currency.parameters(stack.currency),
    }


def _deploy_template(stack: Stack) -> None:
    _clear_failed_creation(stack)
    currency.keep(stack.home, stack.currency)
    # As in AWS, mails go out from a verified address alone.
    stack.client("ses").verify_email_identity(EmailAddress=SENDER)
    s3 = stack.client("s3")
    try:
        s3.create_bucket(Bucket=ARTIFACTS)
    except s3.exceptions.BucketAlreadyOwnedByYou:
        pass
    command = [
        toolbox.program("sam"), "deploy", "--template-file", str(_template_with_packed_functions(stack)),
        "--config-file", str(toolbox.REQUIREMENTS / "samconfig.toml"),
        "--parameter-overrides", *(f"{name}={value}" for name, value in {**parameters(stack), **peers.parameters(stack), **reading.parameters()}.items()),
    ]
    log = stack.home / "sam-deploy.log"
    with open(log, "wb") as said:
        status = processes.run(command, cwd=toolbox.ROOT, env=stack.environment(), stdout=said, stderr=said)
    if status != 0:
        raise Failure(
            "The deployment failed.",
            f"{_reasons(stack) or log.read_text(errors='replace')[-3000:]}\n"
            f"All that SAM said is in {log.relative_to(toolbox.ROOT)}",
        )


def _clear_failed_creation(stack: Stack) -> None:
    """A stack whose creation failed or was interrupted holds no data and cannot be updated; it makes room."""
    cloudformation = stack.client("cloudformation")
    try:
        status = cloudformation.describe_stacks(StackName=STACK_NAME)["Stacks"][0]["StackStatus"]
    except ClientError:
        return
    if status in _NEVER_CREATED:
        cloudformation.delete_stack(StackName=STACK_NAME)
        cloudformation.get_waiter("stack_delete_complete").wait(
            StackName=STACK_NAME, WaiterConfig={"Delay": 1, "MaxAttempts": 60})


def _replace_code(stack: Stack, package: str) -> None:
    code = build.packed(package).read_bytes()
    stack.client("lambda").update_function_code(FunctionName=function_name(package), ZipFile=code)


def templates() -> list[Path]:
    """Every template that is deployed: the root's, those it names in infra/, and one for each area of functions."""
    return [toolbox.ROOT / "template.yaml", *sorted((toolbox.ROOT / "infra").glob("*.yaml")),
            *sorted((toolbox.ROOT / "functions").glob("*/template.yaml"))]


def _template_with_packed_functions(stack: Stack) -> Path:
    """The templates, as they are but for where the functions are: in files that are packed already.

    Raises Failure when a function has not been built.
    """
    build.pack_all()
    copies = stack.home / "templates"
    for template in templates():
        text = re.sub(r"(?m)^( +CodeUri: )\.\./\.\./target/lambda/([\w-]+)$", rf'\1"{build.PACKED}/\2.zip"', template.read_text())
        copy = copies / template.relative_to(toolbox.ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text)
    return copies / "template.yaml"


def _template_digest(stack: Stack) -> str:
    content = hashlib.sha256(json.dumps(parameters(stack), sort_keys=True).encode())
    for path in templates():
        content.update(path.read_bytes())
    return content.hexdigest()


def _last_deployment(stack: Stack) -> dict:
    """What was deployed last - nothing, if the emulator has lost or never finished it."""
    try:
        last = json.loads(stack.deployed.read_text())
    except (OSError, ValueError):
        return {}
    return last if last.get("stack") == _identity_of_deployed(stack) else {}


def _identity_of_deployed(stack: Stack) -> str | None:
    try:
        found = stack.client("cloudformation").describe_stacks(StackName=STACK_NAME)["Stacks"][0]
    except ClientError:
        return None
    if not found["StackStatus"].endswith("_COMPLETE") or "ROLLBACK" in found["StackStatus"]:
        return None
    return f"{found['StackId']} {found.get('LastUpdatedTime', found['CreationTime'])}"


def _reasons(stack: Stack) -> str:
    """The events of this and the nested stacks that say why a deployment failed."""
    cloudformation = stack.client("cloudformation")
    lines = []
    try:
        for summary in cloudformation.list_stacks()["StackSummaries"]:
            if not summary["StackName"].startswith(STACK_NAME) or summary["StackStatus"] == "DELETE_COMPLETE":
                continue
            for event in cloudformation.describe_stack_events(StackName=summary["StackId"])["StackEvents"]:
                if event["ResourceStatus"].endswith("_FAILED"):
                    lines.append(f"{summary['StackName']} / {event['LogicalResourceId']} ({event['ResourceType']}): "
                                 f"{event.get('ResourceStatusReason', event['ResourceStatus'])}")
    except ClientError:
        return ""
    return "\n".join(dict.fromkeys(lines))
