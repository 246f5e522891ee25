"""Sample events: HTTP API, payload 2.0, as `sam local invoke` and the handler tests take them."""

import json
import re

from endpoint import Endpoint

# What the sample ids are; the other one cannot be an id, so there is nothing of that name.
_ID = "01JD4Z8QK0000000000000000A"
_NO_ID = "nothing"


def events(endpoint: Endpoint) -> dict[str, str]:
    """Outcome to event."""
    body = {"name": "A sample"} if endpoint.has_body else None
    made = {"ok": _event(endpoint, _ID, body, endpoint.token)}
    if endpoint.has_body:
        made["invalid"] = _event(endpoint, _ID, {"name": ""}, endpoint.token)
    elif endpoint.parameters:
        made["not_found"] = _event(endpoint, _NO_ID, body, endpoint.token)
    if endpoint.knows_caller and endpoint.access != "AnyoneOrCaller":
        made["unauthenticated"] = _event(endpoint, _ID, body, None)
    return {outcome: json.dumps(event, indent=2) + "\n" for outcome, event in made.items()}


def _event(endpoint: Endpoint, parameter: str, body: dict | None, token: str | None) -> dict:
    path = re.sub(r"\{\w+\}", parameter, endpoint.path)
    route = f"{endpoint.method} {endpoint.path}"
    headers = {"content-type": "application/json", "host": "api.example"}
    if token:
        headers["authorization"] = f"Bearer ${{{token}}}"
    event = {"version": "2.0", "routeKey": route, "rawPath": path, "rawQueryString": "", "headers": headers}
    if endpoint.parameters:
        event["pathParameters"] = {name: parameter for name in endpoint.parameters}
    event["requestContext"] = {
        "accountId": "000000000000", "apiId": "sample", "domainName": "api.example", "requestId": "sample-request",
        "routeKey": route, "stage": "$default", "time": "20/Nov/2026:10:00:00 +0000", "timeEpoch": 1795168800000,
        "http": {"method": endpoint.method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "203.0.113.7",
                 "userAgent": "sample"},
    }
    if body is not None:
        event["body"] = json.dumps(body)
    event["isBase64Encoded"] = False
    return event
