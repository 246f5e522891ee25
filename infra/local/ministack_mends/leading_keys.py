"""Conditions on what a call of DynamoDB touches.

`dynamodb:LeadingKeys` (the partition keys that a call names) is never set there, so that `ForAllValues` lets everything
pass; and `dynamodb:Attributes` leaves out what is written. Both are as AWS documents them ("Using IAM policy conditions for
fine-grained access control"), a transaction item by item.
"""

import contextvars
import json
import re

from ministack.core import iam_actions, iam_evaluator

# The hash keys of the tables' indexes (infra/data.yaml); a query without an index goes by pk.
_HASH_KEYS = {
    "by_change": "feed", "by_slug": "slug", "by_owner": "owner", "by_status": "status_key", "by_subject": "subject",
    "by_actor": "actor", "by_action": "action_key", "by_due": "due_shard", "by_seller": "sold_by",
}

_call: contextvars.ContextVar = contextvars.ContextVar("call", default=None)


class _Item(str):
    """A table's ARN, with what an item of a transaction touches in it."""

    context: dict | None = None


def apply() -> None:
    """Sets both conditions."""
    service_context = iam_actions.dynamodb_service_context
    enforce = iam_evaluator.enforce

    def remember(body):
        _call.set(_parsed(body))
        return service_context(body)

    def transaction_checks(action, body, region, account):
        if action not in ("dynamodb:TransactWriteItems", "dynamodb:TransactGetItems"):
            return []
        return [check for item in _parsed(body).get("TransactItems", [])
                for check in _item_checks(item, region, account)]

    def enforce_on_keys(key_id, action, service, region, *rest, **named):
        if service == "dynamodb":
            arn = named.get("resource_arn", "")
            touched = arn.context if isinstance(arn, _Item) else _touched(_call.get() or {}, arn)
            named["service_context"] = {**(named.get("service_context") or {}), **touched}
        return enforce(key_id, action, service, region, *rest, **named)

    iam_actions.dynamodb_service_context = remember
    iam_actions.dynamodb_transaction_checks = transaction_checks
    iam_evaluator.enforce = enforce_on_keys


def _parsed(body) -> dict:
    try:
        parsed = json.loads(body or b"{}")
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _item_checks(item: dict, region: str, account: str):
    for member, action in iam_actions._DYNAMODB_TRANSACT_ITEM_ACTIONS.items():
        if isinstance(detail := item.get(member), dict):
            arn = _Item(iam_actions._dynamodb_table_arn(detail["TableName"], region, account))
            arn.context = _touched(detail, arn)
            yield action, arn


def _touched(call: dict, arn: str) -> dict:
    """The condition keys of one call, or of one item of a transaction, for one table."""
    if "RequestItems" in call:
        requests = call["RequestItems"].get(arn.split(":table/")[-1], {})
        items = ([request for one in requests for request in one.values()] if isinstance(requests, list)
                 else [{"Key": key} for key in requests.get("Keys", [])])
    else:
        items = [call]
    keys, written = [], set()
    for item in items:
        key = item.get("Key") or item.get("Item")
        keys.append(_text(key.get("pk")) if key else _queried(item))
        written |= set(item.get("Item") or ())
    return {"dynamodb:leadingkeys": [key for key in keys if key is not None],
            **({"dynamodb:attributes": sorted(written)} if written else {})}


def _queried(call: dict) -> str | None:
    names, values = call.get("ExpressionAttributeNames") or {}, call.get("ExpressionAttributeValues") or {}
    hash_key = _HASH_KEYS.get(call.get("IndexName"), "pk")
    for name, value in re.findall(r"([#\w]+)\s*=\s*(:\w+)", call.get("KeyConditionExpression") or ""):
        if names.get(name, name) == hash_key:
            return _text(values.get(value))
    return None


def _text(value) -> str | None:
    return next(iter(value.values())) if isinstance(value, dict) and value else None
