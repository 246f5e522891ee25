"""Completes the HTTP API.

SAM writes routes, integrations and CORS into the API's OpenAPI body, which API Gateway imports and the emulator does
not. This reads them from the deployed template and creates them through the API Gateway API.
"""

import json
import re

from .console import Failure
from .stack import ACCOUNT, REGION, STACK_NAME, Stack

_METHODS = {"get", "put", "post", "delete", "patch", "head", "options", "x-amazon-apigateway-any-method"}
_FUNCTION_IN_URI = re.compile(r"functions/\$\{([A-Za-z0-9]+)\.Arn\}")


def complete(stack: Stack) -> int:
    """Makes the API's routes and CORS those of the deployed template; returns the number of routes.

    Raises Failure when the deployed template has no API or a route whose function cannot be told.
    """
    cloudformation = stack.client("cloudformation")
    template = cloudformation.get_template(StackName=STACK_NAME, TemplateStage="Processed")["TemplateBody"]
    resources = (json.loads(template) if isinstance(template, str) else template)["Resources"]
    physical = {found["LogicalResourceId"]: found["PhysicalResourceId"]
                for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=STACK_NAME)
                for found in page["StackResourceSummaries"]}
    api, body = _api(resources)
    gateway = stack.client("apigatewayv2")
    _apply_cors(gateway, physical[api], body, _parameters(cloudformation))
    return _apply_routes(gateway, physical[api], _wanted(body, physical))


def served(stack: Stack) -> dict[str, str]:
    """Every route of the running API, such as `GET /v1/cart`, and the name of the function behind it."""
    gateway, api = stack.client("apigatewayv2"), stack.outputs()["ApiId"]
    functions = {f"integrations/{found['IntegrationId']}": found["IntegrationUri"].rpartition(":")[2]
                 for found in _pages(gateway.get_integrations, ApiId=api)}
    return {found["RouteKey"]: functions[found["Target"]] for found in _pages(gateway.get_routes, ApiId=api)}


def _api(resources: dict) -> tuple[str, dict]:
    for logical, resource in resources.items():
        if resource["Type"] == "AWS::ApiGatewayV2::Api" and "Body" in resource["Properties"]:
            return logical, resource["Properties"]["Body"]
    raise Failure("The deployed template has no HTTP API.")


def _wanted(body: dict, physical: dict[str, str]) -> dict[str, str]:
    """Route key to function ARN."""
    wanted = {}
    for path, operations in body.get("paths", {}).items():
        for method, operation in operations.items():
            if method not in _METHODS:
                continue
            uri = operation["x-amazon-apigateway-integration"]["uri"]
            named = _FUNCTION_IN_URI.search(json.dumps(uri))
            if not named:
                raise Failure(f"The route {method} {path} names no function of the template.", json.dumps(uri))
            verb = "ANY" if method == "x-amazon-apigateway-any-method" else method.upper()
            key = "$default" if path == "/$default" else f"{verb} {path}"
            wanted[key] = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{physical[named[1]]}"
    return wanted


def _apply_routes(gateway, api: str, wanted: dict[str, str]) -> int:
    integrations = {}
    for found in _pages(gateway.get_integrations, ApiId=api):
        integrations[found["IntegrationUri"]] = found["IntegrationId"]
    existing = {found["RouteKey"]: found for found in _pages(gateway.get_routes, ApiId=api)}
    for key, function in wanted.items():
        if function not in integrations:
            created = gateway.create_integration(
                ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=function, PayloadFormatVersion="2.0")
            integrations[function] = created["IntegrationId"]
        target = f"integrations/{integrations[function]}"
        if key not in existing:
            gateway.create_route(ApiId=api, RouteKey=key, Target=target)
        elif existing[key].get("Target") != target:
            gateway.update_route(ApiId=api, RouteId=existing[key]["RouteId"], Target=target)
    for key, route in existing.items():
        if key not in wanted:
            gateway.delete_route(ApiId=api, RouteId=route["RouteId"])
    for function, integration in integrations.items():
        if function not in wanted.values():
            gateway.delete_integration(ApiId=api, IntegrationId=integration)
    return len(wanted)


def _apply_cors(gateway, api: str, body: dict, parameters: dict[str, str]) -> None:
    cors = body.get("x-amazon-apigateway-cors")
    if not cors:
        return
    origins = cors["allowOrigins"]
    if isinstance(origins, dict):
        origins = parameters[origins["Ref"]].split(",")
    gateway.update_api(ApiId=api, CorsConfiguration={
        "AllowOrigins": origins,
        "AllowMethods": cors.get("allowMethods", []),
        "AllowHeaders": cors.get("allowHeaders", []),
        "ExposeHeaders": cors.get("exposeHeaders", []),
        "AllowCredentials": cors.get("allowCredentials", False),
        "MaxAge": cors.get("maxAge", 0),
    })


def _parameters(cloudformation) -> dict[str, str]:
    stack = cloudformation.describe_stacks(StackName=STACK_NAME)["Stacks"][0]
    return {parameter["ParameterKey"]: parameter["ParameterValue"] for parameter in stack.get("Parameters", [])}


def _pages(call, **arguments):
    token = {}
    while True:
        page = call(**arguments, **token)
        yield from page.get("Items", [])
        if not page.get("NextToken"):
            return
        token = {"NextToken": page["NextToken"]}
