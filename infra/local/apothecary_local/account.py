"""What a deployment into AWS needs of the person's shell, asked before the minutes that the build takes; and what it needs of
what was built, asked before it goes out."""

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from . import build, environments
from .console import Failure
from .environments import Environment

# The functions name their hosts (shared/src/platform/config.rs), and other partitions have others.
_PARTITION = "aws"
# What a binary says of the machine it is for, in the bytes 18 and 19 of its ELF header.
_MACHINES = {183: "arm64", 62: "x86_64"}


def check(name: str) -> None:
    """Raises Failure when samconfig.toml has no such environment, the shell no credentials or region, or others than the
    environment belongs to."""
    environment = environments.named(name)
    session(environment)
    if environment.production and not environment.account:
        raise Failure(f"samconfig.toml does not say which account {name} belongs to.",
                      f"Write it into [{name}.belongs]; make check-aws env={name} shows which this shell has.")


def session(environment: Environment) -> boto3.Session:
    """A session of the account and the region that an environment belongs to.

    Raises Failure when the shell has no credentials, or those of another account.
    """
    try:
        # What samconfig.toml says counts; without it, what the shell does.
        found = boto3.Session(region_name=environment.region or None)
        credentials, region = found.get_credentials(), found.region_name
    except BotoCoreError as error:
        raise Failure("The AWS settings of this shell cannot be used.", str(error)) from None
    if credentials is None:
        raise Failure("There are no AWS credentials in this shell.",
                      "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.")
    if region is None:
        raise Failure("There is no AWS region in this shell.", "Set it, for example: export AWS_DEFAULT_REGION=eu-west-1")
    try:
        partition = found.get_partition_for_region(region)
    except BotoCoreError as error:
        raise Failure(f"{region} is no region that is known here.", str(error)) from None
    if partition != _PARTITION:
        raise Failure(f"{region} is in the partition {partition}.",
                      "The functions name hosts of the partition aws alone: choose one of its regions.")
    if environment.account:
        require_account(environment, found.client("sts"))
    return found


def require_account(environment: Environment, sts) -> None:
    """Raises Failure when the shell's credentials are not of the account that an environment belongs to."""
    try:
        account = sts.get_caller_identity()["Account"]
    except (ClientError, BotoCoreError) as error:
        raise Failure("AWS does not take the credentials of this shell.", str(error)) from None
    if account != environment.account:
        raise Failure(f"{environment.name} belongs to the account {environment.account}; this shell has credentials of {account}.",
                      "Choose the other profile: export AWS_PROFILE=…")


def check_binaries(name: str) -> None:
    """Raises Failure when a function was built for another architecture than the environment deploys: it would answer 500 to
    everything."""
    wanted = environments.named(name).parameter("Architecture")
    for package in build.function_packages():
        with open(build.binary(package), "rb") as binary:
            found = architecture_of(binary.read(20))
        if found != wanted:
            raise Failure(f"{package} was built for {found or 'no machine of Lambda'}; {name} deploys {wanted}.",
                          f"Build it for that: make deploy env={name} does.")


def architecture_of(header: bytes) -> str | None:
    """What machine a binary is for, by the first bytes of it."""
    if len(header) < 20 or header[:4] != b"\x7fELF":
        return None
    return _MACHINES.get(int.from_bytes(header[18:20], "little"))
