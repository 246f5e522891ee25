"""What only a real account can say: whether what the stack needs is there. It reads and changes nothing."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from . import account, build, deploy, environments
from .console import Failure, say
from .environments import Environment
from .toolbox import ROOT

# What each region must have. Of SES the older name is asked: it has the same hosts, and the SDK lists it in full.
_SERVICES = ("apigatewayv2", "cloudformation", "cognito-idp", "dynamodb", "events", "kms", "lambda", "logs", "s3", "secretsmanager",
             "ses", "sns", "sqs", "wafv2", "xray")
# One request takes a fifth of a second and more where a function is cold; a new account starts with 10.
_CONCURRENCY = {True: 1000, False: 100}
# A name of a bucket begins with it (infra/data.yaml).
_LONGEST_NAME = 24
# What a stack is left in when it can take no update.
_STUCK = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "UPDATE_ROLLBACK_FAILED", "DELETE_FAILED", "IMPORT_ROLLBACK_FAILED")
# Ten resource policies are what CloudWatch Logs lets a region have; the log of the API needs to be in one.
_LOG_POLICIES = 10
_PLACEHOLDERS = re.compile(r"example\.(com|org|net)|^$")
_LOCAL = re.compile(r"//(localhost|127\.0\.0\.1)\b")
# Whoever has no network should hear so in seconds.
_PATIENCE = Config(connect_timeout=5, read_timeout=20, retries={"max_attempts": 3, "mode": "standard"})
# The stack in which SAM keeps the bucket that it uploads to.
_SAM_STACK = "aws-sam-cli-managed-default"


@dataclass(frozen=True)
class Point:
    """One thing that was looked at. What there is to be done about it is empty where it is as it should be."""

    about: str
    found: str
    todo: str = ""


class Aws:
    """What the checks ask: the clients of a session, each made once."""

    def __init__(self, session, environment: Environment):
        self.environment = environment
        self.region = session.region_name
        self._session = session
        self._clients: dict = {}

    def __call__(self, service: str, region: str | None = None):
        """The client of a service."""
        key = (service, region)
        if key not in self._clients:
            self._clients[key] = self._session.client(service, region_name=region, config=_PATIENCE)
        return self._clients[key]

    def has(self, service: str) -> bool:
        """Whether the region has a service."""
        return self.region in self._session.get_available_regions(service)

    @cached_property
    def account(self) -> str:
        """The account's number."""
        return self("sts").get_caller_identity()["Account"]

    def status(self, stack: str) -> str | None:
        """The status of a stack; None where there is none."""
        try:
            return self("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise


def check(name: str) -> None:
    """Prints how an account stands, point by point, and raises Failure when something is to be done first."""
    environment = environments.named(name)
    aws = Aws(account.session(environment), environment)
    try:
        # Before everything else: who has no network, or credentials that have expired, need not be told so fifteen times.
        say(f"  {environment.name} in {aws.region}, account {aws.account}")
    except (ClientError, BotoCoreError) as error:
        raise Failure("AWS cannot be asked.", str(error)) from None
    points = list(looked_at(aws))
    for point in points:
        say(f"  {'to do' if point.todo else 'fine ':5}  {point.about}: {point.found}")
        for line in point.todo.splitlines():
            say(f"           {line}")
    todo = sum(bool(point.todo) for point in points)
    if todo:
        raise Failure(f"{todo} of {len(points)} points are to be done before {name} is deployed here.",
                      "The lines above say what. docs/operations.md has more on each.")
    say(f"  All {len(points)} points are as they should be. What nobody can ask for is in docs/operations.md.")


def looked_at(aws: Aws) -> Iterator[Point]:
    """Every point. One that may not be asked for, or cannot, is to be done: nobody knows how it stands."""
    for ask in CHECKS:
        try:
            yield from ask(aws)
        except (ClientError, BotoCoreError) as error:
            about = (ask.__doc__ or ask.__name__).split("\n")[0].rstrip(".")
            yield Point(about, "could not be asked", f"{error}\nGive these credentials the right to ask, and run this again.")


def _parameters(aws: Aws) -> Iterator[Point]:
    """The parameters of samconfig.toml."""
    environment = aws.environment
    section = f"in [{environment.name}.deploy.parameters] of samconfig.toml"
    origins = environment.parameter("AllowedOrigins").split(",")
    if any(_PLACEHOLDERS.search(origin) for origin in origins):
        yield Point("AllowedOrigins", environment.parameter("AllowedOrigins") or "empty",
                    f"Set it {section}: the exact origins of your pages.")
    elif environment.production and any(_LOCAL.search(origin) or not origin.startswith("https://") for origin in origins):
        yield Point("AllowedOrigins", ",".join(origins), f"Set it {section}: in production each origin is public and begins with https://.")
    else:
        yield Point("AllowedOrigins", ",".join(origins))
    for name, why in (
        ("SenderAddress", "codes and notices are mails; without it nobody can register"),
        ("AdminEmail", "the first super admin; without one nobody can give roles"),
        ("AlarmEmail", "without it alarms ring and nobody hears them"),
    ):
        value = environment.parameter(name)
        missing = bool(_PLACEHOLDERS.search(value)) and (environment.production or name != "AlarmEmail")
        yield Point(name, value or "empty", f"Set it {section}: {why}." if missing else "")
    if environment.parameter("Environment") == "local":
        yield Point("Environment", "local", "That is the stack of one's own machine: choose dev or prod.")
    known = set(environments.known())
    for name in sorted(set(environment.parameters) - known):
        yield Point(name, "no parameter of template.yaml", f"Correct its name {section}.")


def _belongs(aws: Aws) -> Iterator[Point]:
    """The account that the environment belongs to."""
    environment = aws.environment
    found = f"{aws.account} in {aws.region}"
    missing = environment.production and not (environment.account and environment.region)
    yield Point("The account", found, (
        f"Write it down, so that no other is deployed to by mistake: in samconfig.toml\n[{environment.name}.belongs]\n"
        f"account = \"{aws.account}\"\nregion = \"{aws.region}\"") if missing else "")


def _services(aws: Aws) -> Iterator[Point]:
    """The region's services."""
    missing = [service for service in _SERVICES if not aws.has(service)]
    model = aws.environment.parameter("AssistantModelId")
    if model and not aws.has("bedrock"):
        missing.append("bedrock")
    yield Point("Services of the region", f"{', '.join(missing)} missing" if missing else "all there",
                f"Choose another region than {aws.region}." if missing else "")


def _stack(aws: Aws) -> Iterator[Point]:
    """The stack, and what an earlier one has left."""
    name = aws.environment.stack
    if len(name) > _LONGEST_NAME:
        yield Point("The stack's name", name, f"Take one of at most {_LONGEST_NAME} characters: bucket names begin with it.")
    status = aws.status(name)
    yield Point("The stack", status or "not there yet", (
        "It takes no update like this: `aws cloudformation describe-stack-events` says why. Where it was never created, delete it;\n"
        "where it holds data, `aws cloudformation continue-update-rollback`.") if status in _STUCK else "")
    if status is None:
        kept = [bucket for kind in ("media", "scans", "logs")
                if _bucket_is_there(aws, bucket := f"{name}-{kind}-{aws.account}-{aws.region}")]
        yield Point("Buckets of an earlier stack", ", ".join(kept) or "none", (
            "A stack of this name was deleted and its data kept, so it cannot be made anew: import what was kept, or take another\n"
            "stack_name (docs/operations.md, \"After a production stack was deleted\").") if kept else "")


def _bucket_is_there(aws: Aws, bucket: str) -> bool:
    try:
        aws("s3").head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            return False
        # Somebody's, and not ours to look into: in the way all the same.
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 403:
            return True
        raise
    return True


def _artifacts(aws: Aws) -> Iterator[Point]:
    """The bucket that deployments upload to."""
    status = aws.status(_SAM_STACK)
    if status is None:
        yield Point("The bucket for uploads", "not there yet; the first deployment makes it")
        return
    outputs = aws("cloudformation").describe_stacks(StackName=_SAM_STACK)["Stacks"][0].get("Outputs", [])
    bucket = next((output["OutputValue"] for output in outputs if output["OutputKey"] == "SourceBucket"), None)
    there = bucket is not None and _bucket_is_there(aws, bucket)
    yield Point("The bucket for uploads", bucket or status, "" if there else (
        f"The stack {_SAM_STACK} is there and its bucket is not: delete that stack, and the next deployment makes both."))


def _concurrency(aws: Aws) -> Iterator[Point]:
    """Lambda's concurrency."""
    needed = _CONCURRENCY[aws.environment.production]
    limit = aws("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    yield Point("Functions at a time", str(limit), (
        f"Ask for {needed}: Service Quotas, AWS Lambda, Concurrent executions. A new account starts low, and one busy route takes\n"
        "it from all others, signing in included.") if limit < needed else "")


def _roles(aws: Aws) -> Iterator[Point]:
    """Roles and policies of the account."""
    summary = aws("iam").get_account_summary()["SummaryMap"]
    functions = len(build.function_packages())
    new = aws.status(aws.environment.stack) is None
    # One for each function, and a few for API Gateway and what CloudFormation replaces.
    needed = functions + 10 if new else 10
    free = summary["RolesQuota"] - summary["Roles"]
    yield Point("Roles that are free", f"{free} of {summary['RolesQuota']}", (
        f"Ask for more: Service Quotas, AWS IAM, Roles per account. This stack makes {needed}.") if free < needed else "")


def _stacks(aws: Aws) -> Iterator[Point]:
    """Stacks of the account."""
    limits = {one["Name"]: one["Value"] for one in aws("cloudformation").describe_account_limits()["AccountLimits"]}
    if "StackLimit" not in limits:
        return
    needed = len(deploy.templates()) if aws.status(aws.environment.stack) is None else 0
    pages = aws("cloudformation").get_paginator("describe_stacks").paginate()
    there = sum(len(page["Stacks"]) for page in pages)
    yield Point("Stacks that are free", f"{limits['StackLimit'] - there} of {limits['StackLimit']}", (
        f"Ask for more: Service Quotas, AWS CloudFormation, Stack count. This one makes {needed}.")
        if limits["StackLimit"] - there < needed else "")


def _routes(aws: Aws) -> Iterator[Point]:
    """Routes of an API."""
    needed = len(re.findall(r"(?m)^ {12}(?:get|head|post|put|patch|delete):$", (ROOT / "infra/api.yaml").read_text()))
    pages = aws("service-quotas").get_paginator("list_service_quotas").paginate(ServiceCode="apigateway")
    quotas = [quota for page in pages for quota in page["Quotas"] if re.search(r"(?i)\b(routes|integrations)\b", quota["QuotaName"])]
    small = [quota for quota in quotas if quota["Value"] < needed]
    yield Point("Routes of an API", f"{needed} needed", "\n".join(
        f"Ask for more: Service Quotas, Amazon API Gateway, {quota['QuotaName']} is {quota['Value']:.0f}." for quota in small))


def _log_policies(aws: Aws) -> Iterator[Point]:
    """Resource policies of CloudWatch Logs."""
    policies = aws("logs").describe_resource_policies()["resourcePolicies"]
    full = len(policies) >= _LOG_POLICIES and not any("delivery.logs.amazonaws.com" in one.get("policyDocument", "") for one in policies)
    yield Point("Policies of logs", f"{len(policies)} of {_LOG_POLICIES}", (
        "Remove one that is not needed (`aws logs delete-resource-policy`): API Gateway adds one to write the API's log.") if full else "")


def _mail(aws: Aws) -> Iterator[Point]:
    """Mails, by SES."""
    environment = aws.environment
    sender = environment.parameter("SenderAddress")
    ses = aws("sesv2")
    whole = ses.get_account()
    if environment.production and not whole.get("ProductionAccessEnabled"):
        yield Point("SES", "in its sandbox", "Ask for production access in the SES console: until then only verified addresses get mails.")
    elif not whole.get("SendingEnabled") or whole.get("EnforcementStatus", "HEALTHY") != "HEALTHY":
        yield Point("SES", f"sending is {whole.get('EnforcementStatus', 'off').lower()}", "Read what SES wrote in its console, under Reputation.")
    else:
        sandbox = "" if whole.get("ProductionAccessEnabled") else ", in its sandbox: only verified addresses get mails"
        yield Point("SES", f"{whole.get('SendQuota', {}).get('Max24HourSend', 0):.0f} mails a day{sandbox}")
    if not sender:
        return
    identity = environment.parameter("SenderIdentity") or sender
    if identity not in (sender, sender.rpartition("@")[2]):
        yield Point("SenderIdentity", identity, f"It is {sender}, or its domain {sender.rpartition('@')[2]}.")
        return
    try:
        found = ses.get_email_identity(EmailIdentity=identity)
    except ses.exceptions.NotFoundException:
        yield Point(f"The identity {identity}", "not there", f"aws sesv2 create-email-identity --email-identity {identity}")
        return
    if not found.get("VerifiedForSendingStatus"):
        yield Point(f"The identity {identity}", "not verified", "Open the link that SES mailed to it, or put the CNAME records of the domain into DNS.")
        return
    yield Point(f"The identity {identity}", "verified")
    signed = found.get("DkimAttributes", {}).get("Status") == "SUCCESS"
    if environment.production:
        yield Point("DKIM of the sender's domain", "in DNS" if signed else "missing", "" if signed else (
            "Mails without it land in spam. Verify the domain and set SenderIdentity to it:\n"
            f"aws sesv2 create-email-identity --email-identity {sender.rpartition('@')[2]}"))
    if aws.status(environment.stack) is not None and found.get("ConfigurationSetName") != environment.stack:
        yield Point("The rules of mails", found.get("ConfigurationSetName", "none"), (
            "Until they are the identity's, nobody hears of mails that bounce:\n"
            f"aws sesv2 put-email-identity-configuration-set-attributes --email-identity {identity} "
            f"--configuration-set-name {environment.stack}"))


def _messages(aws: Aws) -> Iterator[Point]:
    """Text messages, by SNS."""
    sns = aws("sns")
    sandbox = sns.get_sms_sandbox_account_status()["IsInSandbox"]
    limit = sns.get_sms_attributes(attributes=["MonthlySpendLimit"])["attributes"].get("MonthlySpendLimit", "1")
    production = aws.environment.production
    yield Point("Text messages", "in the sandbox" if sandbox else "to everybody", (
        "Leave the sandbox: SNS console, Text messaging. Until then only telephones that you verified get codes and notices.")
        if sandbox and production else "")
    yield Point("Text messages a month", f"{limit} USD", (
        "That is a few dozen messages: ask AWS Support for a higher limit on SMS spending, then\n"
        "aws sns set-sms-attributes --attributes MonthlySpendLimit=…") if float(limit) <= 1 and production else "")


def _pools(aws: Aws) -> Iterator[Point]:
    """Cognito."""
    pages = aws("service-quotas").get_paginator("list_service_quotas").paginate(ServiceCode="cognito-idp")
    quotas = {quota["QuotaName"]: quota["Value"] for page in pages for quota in page["Quotas"]}
    of_sign_in = {name: value for name, value in quotas.items() if re.search(r"(?i)rate of user(authentication| authentication)", name)}
    # It is shared by all pools of the account, and every sign-in by password, by code and by refresh takes of it.
    small = {name: value for name, value in of_sign_in.items() if value < 20}
    told = ", ".join(f"{value:.0f} sign-ins a second" for value in of_sign_in.values()) or "its quotas are not listed here"
    yield Point("Cognito", told, "\n".join(f"Ask for more: Service Quotas, Amazon Cognito, {name}." for name in small))
    prefix = aws.environment.parameter("HostedUiDomainPrefix")
    if prefix and aws.status(aws.environment.stack) is None:
        taken = aws("cognito-idp").describe_user_pool_domain(Domain=prefix)["DomainDescription"]
        yield Point("HostedUiDomainPrefix", prefix, "It is taken in this region: choose another." if taken else "")


def _secrets(aws: Aws) -> Iterator[Point]:
    """Secrets that parameters name."""
    for name, arn in sorted(aws.environment.parameters.items()):
        if name.endswith("SecretArn") and arn:
            try:
                found = aws("secretsmanager").describe_secret(SecretId=arn)
            except aws("secretsmanager").exceptions.ResourceNotFoundException:
                yield Point(name, "no such secret", f"Make it, in {aws.region}, or correct the ARN.")
                continue
            yield Point(name, "there", "It is about to be deleted: aws secretsmanager restore-secret" if found.get("DeletedDate") else "")


def _edge(aws: Aws) -> Iterator[Point]:
    """What stands in front of the API: CloudFront's secret against the digest that the functions know, and what is in us-east-1."""
    secret = aws.environment.parameter("EdgeSecretArn")
    if not secret:
        return
    try:
        value = aws("secretsmanager").get_secret_value(SecretId=secret)["SecretString"]
    except aws("secretsmanager").exceptions.ResourceNotFoundException:
        return  # Said among the secrets.
    digests = aws.environment.parameter("EdgeSecretDigests").split(",")
    known = hashlib.sha256(value.encode()).hexdigest() in digests
    yield Point("EdgeSecretDigests", "that of the secret" if known else "of another secret",
                "" if known else "The functions would refuse every request: printf %s \"$SECRET\" | sha256sum")
    for name in ("EdgeCertificateArn", "EdgeWebAclArn"):
        arn = aws.environment.parameter(name)
        if arn and ":us-east-1:" not in arn:
            yield Point(name, arn, "CloudFront takes those of us-east-1 alone.")


def _domain(aws: Aws) -> Iterator[Point]:
    """The API's own name."""
    name, arn = aws.environment.parameter("ApiDomainName"), aws.environment.parameter("ApiCertificateArn")
    if not name:
        return
    if not arn.startswith(f"arn:aws:acm:{aws.region}:"):
        yield Point("ApiCertificateArn", arn or "empty", f"It is the ARN of a certificate in {aws.region}.")
        return
    found = aws("acm").describe_certificate(CertificateArn=arn)["Certificate"]
    names = {found.get("DomainName"), *found.get("SubjectAlternativeNames", [])}
    if found["Status"] != "ISSUED":
        yield Point("ApiCertificateArn", found["Status"].lower(), "Put its CNAME record into DNS and wait until it is issued.")
    elif not names & {name, "*." + name.partition(".")[2]}:
        yield Point("ApiCertificateArn", ", ".join(sorted(filter(None, names))), f"It is not for {name}: ask for another.")
    else:
        yield Point("ApiCertificateArn", "issued")


def _model(aws: Aws) -> Iterator[Point]:
    """The assistant's model."""
    model = aws.environment.parameter("AssistantModelId")
    if model:
        found = aws("bedrock").get_foundation_model(modelIdentifier=model)["modelDetails"]
        state = found.get("modelLifecycle", {}).get("status", "ACTIVE")
        yield Point("The assistant's model", state.lower(), "" if state == "ACTIVE" else "It is about to go: choose another.")


CHECKS: tuple[Callable[[Aws], Iterator[Point]], ...] = (
    _parameters, _belongs, _services, _stack, _artifacts, _concurrency, _roles, _stacks, _routes, _log_policies, _mail, _messages,
    _pools, _secrets, _domain, _edge, _model)
