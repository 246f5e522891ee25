"""The OpenAPI body of an HTTP API.

API Gateway imports it: routes, integrations, CORS. The emulator makes the API and leaves its body alone.
"""

import json

from ministack.services import apigateway
from ministack.services.cloudformation import provisioners

_METHODS = ("get", "head", "post", "put", "patch", "delete", "options")


def apply() -> None:
    """Imports the body whenever an API is made or changed."""
    handlers = provisioners._RESOURCE_HANDLERS["AWS::ApiGatewayV2::Api"]
    create, update = handlers["create"], handlers["update"]

    def create_and_import(logical_id, properties, stack):
        api, attributes = create(logical_id, properties, stack)
        _import(api, properties.get("Body"))
        return api, attributes

    def update_and_import(physical_id, old, new, stack, logical_id=None):
        api, attributes = update(physical_id, old, new, stack, logical_id)
        _import(api, new.get("Body"))
        return api, attributes

    handlers["create"], handlers["update"] = create_and_import, update_and_import


def _import(api: str, body: dict | None) -> None:
    """Makes the routes of an API those of its body, as ReimportApi does."""
    if body is None:
        return
    apigateway._routes[api], apigateway._integrations[api] = {}, {}
    integrations: dict[str, str] = {}
    for path, operations in body.get("paths", {}).items():
        for method in _METHODS:
            if method in operations:
                integration = operations[method]["x-amazon-apigateway-integration"]
                # API Gateway invokes nothing that it may not: the role must be there.
                if not integration.get("credentials"):
                    raise ValueError(f"{method} {path}: the integration names no role to invoke the function as")
                uri = integration["uri"]
                if uri not in integrations:
                    integrations[uri] = _create(apigateway._create_integration, api, "integrationId", {
                        "integrationType": "AWS_PROXY", "integrationUri": uri,
                        "integrationMethod": integration["httpMethod"],
                        "payloadFormatVersion": integration["payloadFormatVersion"],
                    })
                _create(apigateway._create_route, api, "routeId", {
                    "routeKey": f"{method.upper()} {path}", "target": f"integrations/{integrations[uri]}"})
    apigateway._apis[api]["corsConfiguration"] = body.get("x-amazon-apigateway-cors", {})


def _create(call, api: str, name: str, data: dict) -> str:
    status, _, answer = call(api, data)
    if status >= 400:
        raise ValueError(f"the body of the API {api} cannot be imported: {answer!r}")
    return json.loads(answer)[name]
