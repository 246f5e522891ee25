"""Has API Gateway import the routes alone, as a deployment does: one warning of it ends a deployment that took minutes."""

import json

from botocore.exceptions import BotoCoreError, ClientError

from . import account, environments, quotas
from .console import Failure, say, step
from .environments import Environment
from .toolbox import ROOT


def check(name: str) -> None:
    """Makes an API of the body of infra/api.yaml, without a stage, and deletes it again.

    Raises Failure when API Gateway does not take it without a warning.
    """
    environment = environments.named(name)
    session = account.session(environment)
    try:
        number = session.client("sts").get_caller_identity()["Account"]
        with step("Having API Gateway import the routes"):
            import_and_delete(session.client("apigatewayv2"), body(environment, number, session.region_name))
    except (ClientError, BotoCoreError) as error:
        raise Failure("API Gateway does not import the body of infra/api.yaml.", str(error)) from None
    say("  Imported without a warning, and deleted again.")


def import_and_delete(client, imported: dict) -> None:
    """Imports a body and deletes what that made, also where there are warnings.

    Raises Failure at a warning.
    """
    answer = client.import_api(Body=json.dumps(imported), FailOnWarnings=True)
    client.delete_api(ApiId=answer["ApiId"])
    warnings = [*answer.get("ImportInfo", []), *answer.get("Warnings", [])]
    if warnings:
        raise Failure("API Gateway warns of the body of infra/api.yaml.", "\n".join(warnings))


def body(environment: Environment, number: str, region: str) -> dict:
    """The body as CloudFormation hands it over: SAM's, with what it names put in."""
    api = quotas.translated(ROOT / "infra/api.yaml").of_kind("AWS::ApiGatewayV2::Api")[0]
    functions = f"arn:aws:lambda:{region}:{number}:function:{environment.stack}"
    values = {
        "RootStackName": environment.stack,
        "FunctionPrefix": f"arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{functions}",
        "AllowedOrigins": environment.parameter("AllowedOrigins").split(","),
    }
    return _filled(api["Body"], values, f"arn:aws:iam::{number}:role/{environment.stack}-import")


def _filled(value, values: dict, role: str):
    """A value without intrinsic functions. The role need not be there: it is used when a request comes."""
    if isinstance(value, list):
        return [_filled(one, values, role) for one in value]
    if not isinstance(value, dict):
        return value
    if list(value) == ["Ref"]:
        return values[value["Ref"]]
    if list(value) == ["Fn::GetAtt"]:
        return role
    if list(value) == ["Fn::Sub"]:
        text = value["Fn::Sub"]
        for name in values:
            if isinstance(values[name], str):
                text = text.replace("${" + name + "}", values[name])
        return text
    return {key: _filled(one, values, role) for key, one in value.items()}
