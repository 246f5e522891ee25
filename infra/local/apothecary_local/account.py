"""What a deployment into AWS needs of the person's shell, asked before the minutes that the build takes."""

import boto3
from botocore.exceptions import BotoCoreError

from .console import Failure
from .toolbox import ROOT


def check(environment: str) -> None:
    """Raises Failure when samconfig.toml has no such environment, or the shell no credentials or region."""
    if f"[{environment}.deploy.parameters]" not in (ROOT / "samconfig.toml").read_text():
        raise Failure(f"samconfig.toml has no environment {environment}.", "Choose one of it: make deploy env=dev")
    try:
        session = boto3.Session()
        credentials, region = session.get_credentials(), session.region_name
    except BotoCoreError as error:
        raise Failure("The AWS settings of this shell cannot be used.", str(error)) from None
    if credentials is None:
        raise Failure("There are no AWS credentials in this shell.",
                      "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.")
    if region is None:
        raise Failure("There is no AWS region in this shell.", "Set it, for example: export AWS_DEFAULT_REGION=eu-west-1")
