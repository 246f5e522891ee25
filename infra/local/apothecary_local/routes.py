"""The routes of the running API."""

from .stack import Stack


def served(stack: Stack) -> dict[str, str]:
    """Every route, such as `GET /v1/cart`, and the name of the function behind it."""
    gateway, api = stack.client("apigatewayv2"), stack.outputs()["ApiId"]
    functions = {f"integrations/{found['IntegrationId']}": _function(found["IntegrationUri"])
                 for found in _pages(gateway.get_integrations, ApiId=api)}
    return {found["RouteKey"]: functions[found["Target"]] for found in _pages(gateway.get_routes, ApiId=api)}


def _function(uri: str) -> str:
    """The name in `arn:…:lambda:path/2015-03-31/functions/arn:…:function:<name>/invocations`."""
    return uri.removesuffix("/invocations").rpartition(":")[2]


def _pages(call, **arguments):
    token = {}
    while True:
        page = call(**arguments, **token)
        yield from page.get("Items", [])
        if not page.get("NextToken"):
            return
        token = {"NextToken": page["NextToken"]}
