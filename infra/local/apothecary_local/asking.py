"""Has the payment providers asked how every payment stands: after the orders' table was restored to an earlier time.

It reads the ids of all orders that are paid online and hands them to `payments-settle`, twenty at a time, which asks about every attempt
to pay and does what follows. It does no harm twice: what was seen is joined. It reads a whole table, which no function may; so it is
for operators, by hand.
"""

import json
import time
from collections.abc import Iterable, Iterator

from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError

from . import account, environments, recount
from .console import Failure, say

# How many orders one call of the function takes: each of their attempts is a question of up to four seconds, and the function has two
# minutes.
_BATCH = 20
# As long as the function may take, and a little more.
_PATIENT = Config(read_timeout=150, retries={"max_attempts": 0})
# How long to wait before each time that a call is tried, in seconds, where it meets a throttle or a fault of the service.
_WAITS = (0, 1, 2, 4, 8)
_THROTTLES = ("TooManyRequestsException", "ThrottlingException", "Throttling")


def run(name: str, *options: str) -> None:
    """Has the providers asked about all orders of an environment; with `only=count` it counts them alone.

    Raises Failure when the stack is not there, or about some orders nobody could be asked.
    """
    if unknown := [option for option in options if option != "only=count"]:
        raise Failure(f"ask-providers does not know {', '.join(unknown)}.", "make ask-providers env=prod [only=count]")
    environment = environments.named(name)
    session = account.session(environment)
    table = recount.outputs(session.client("cloudformation"), environment.stack)["OrdersTable"]
    found = paid_online(session.client("dynamodb"), table)
    if "only=count" in options:
        say(f"  {table}: {sum(1 for _ in found)} are paid online")
        return
    asked, failed = ask(session.client("lambda", config=_PATIENT), f"{environment.stack}-payments-settle", found)
    say(f"  {table}: asked about {asked}")
    if failed:
        raise Failure(f"About {failed} of them nobody has answered.",
                      "Which: they are said above, or the log of payments-settle names them. Run it again: what was asked already "
                      "does no harm.")


def paid_online(dynamodb, table: str) -> Iterator[str]:
    """The ids of the orders that are paid online. The keys alone are asked for, but the whole table is paid for."""
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=table, ProjectionExpression="pk", FilterExpression="sk = :sk AND attribute_exists(payment.online)",
        ExpressionAttributeValues={":sk": {"S": "ORDER"}})
    for page in pages:
        for item in page["Items"]:
            yield item["pk"]["S"].removeprefix("ORDER#")


def ask(function, name: str, found: Iterable[str]) -> tuple[int, int]:
    """Hands ids to the function; about how many was asked, and of how many that failed. Where it fails about many, it is asked about
    each of them by itself, so that one order holds up no other."""
    asked = failed = 0
    batch: list[str] = []
    for one in found:
        batch.append(one)
        if len(batch) == _BATCH:
            asked, failed, batch = asked + len(batch), failed + _ask(function, name, batch), []
    if batch:
        asked, failed = asked + len(batch), failed + _ask(function, name, batch)
    return asked, failed


def _ask(function, name: str, batch: list[str]) -> int:
    """About how many of these nobody has answered."""
    try:
        answer = _invoke(function, name, batch)
        said = json.load(answer["Payload"])
        if "FunctionError" not in answer:
            return int(said["failed"])
    except ClientError as error:
        # What we may not do, or what is not there, is so for all.
        if not _passes(error):
            raise
        say(f"  {', '.join(batch)}: {error}")
        return len(batch)
    except HTTPClientError as error:
        said = error
    if len(batch) > 1:
        return sum(_ask(function, name, [one]) for one in batch)
    say(f"  {batch[0]}: {name} has failed: {said}")
    return 1


def _invoke(function, name: str, batch: list[str]) -> dict:
    """Calls the function; again where there were too many calls at once, or the service failed.

    Raises ClientError when that does not help, or for another reason.
    """
    for wait in _WAITS:
        time.sleep(wait)
        try:
            return function.invoke(FunctionName=name, Payload=json.dumps({"ask": batch}).encode())
        except ClientError as error:
            if not _passes(error) or wait == _WAITS[-1]:
                raise
    raise AssertionError("the last time is answered or raises")


def _passes(error: ClientError) -> bool:
    """Whether it is a throttle, or a fault of the service."""
    return error.response["Error"]["Code"] in _THROTTLES or error.response["ResponseMetadata"]["HTTPStatusCode"] >= 500
