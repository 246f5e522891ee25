"""Has everything counted again for the reports: what was there before there were reports, and what a bug has counted wrongly.

It reads the ids of all orders and prescriptions and puts them into the queue of what is to be counted. It does no harm twice: what is
counted at its version stays as it is. It reads whole tables, which no function may; so it is for operators, by hand, once.
"""

import json
from collections.abc import Callable, Iterable, Iterator

from . import account, environments
from .console import Failure, say

# What is counted: the output of the stack that names its table, and what the keys of its items say.
_THINGS = (("OrdersTable", "ORDER#", "ORDER"), ("PrescriptionsTable", "RX#", "RX"))
# How many messages SQS takes at once.
_BATCH = 10
# After how many it says how far it is.
_TELL = 10_000


def run(name: str, *options: str) -> None:
    """Puts every order and every prescription of an environment into the queue; with `only=count` it counts them alone.

    Raises Failure when the stack is not there, or the queue does not take what it is given.
    """
    if unknown := [option for option in options if option != "only=count"]:
        raise Failure(f"recount does not know {', '.join(unknown)}.", "make recount env=prod [only=count]")
    environment = environments.named(name)
    session = account.session(environment)
    names = outputs(session.client("cloudformation"), environment.stack)
    dynamodb, sqs = session.client("dynamodb"), session.client("sqs")
    if "only=count" in options:
        for output, prefix, sort in _THINGS:
            say(f"  {names[output]}: {sum(1 for _ in ids(dynamodb, names[output], prefix, sort))}")
        return
    queue = sqs.get_queue_url(QueueName=f"{environment.stack}-count")["QueueUrl"]
    for output, prefix, sort in _THINGS:
        sent = send(sqs, queue, ids(dynamodb, names[output], prefix, sort), lambda sent: say(f"  {sent} …"))
        say(f"  {names[output]}: {sent} to be counted")
    say("  They are counted within minutes; $STACK-late-counts rings where they are not.")


def ids(dynamodb, table: str, prefix: str, sort: str) -> Iterator[str]:
    """The ids of all things of one kind in a table. The keys alone are asked for, but the whole table is paid for."""
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=table, ProjectionExpression="pk", FilterExpression="sk = :sk AND begins_with(pk, :pk)",
        ExpressionAttributeValues={":sk": {"S": sort}, ":pk": {"S": prefix}})
    for page in pages:
        for item in page["Items"]:
            yield item["pk"]["S"].removeprefix(prefix)


def send(sqs, queue: str, found: Iterable[str], tell: Callable[[int], None] = lambda _: None) -> int:
    """Puts ids into the queue and returns how many.

    Raises Failure when the queue refuses one; those before it are in.
    """
    sent, batch = 0, []
    for one in found:
        batch.append(one)
        if len(batch) == _BATCH:
            _send(sqs, queue, batch)
            sent, batch = sent + len(batch), []
            if sent % _TELL == 0:
                tell(sent)
    if batch:
        _send(sqs, queue, batch)
    return sent + len(batch)


def _send(sqs, queue: str, batch: list[str]) -> None:
    entries = [{"Id": str(place), "MessageBody": json.dumps({"count": one})} for place, one in enumerate(batch)]
    refused = sqs.send_message_batch(QueueUrl=queue, Entries=entries).get("Failed", [])
    if refused:
        names = ", ".join(batch[int(one["Id"])] for one in refused)
        raise Failure("The queue has refused some.", f"{names}\nRun it again: what is counted already is not counted twice.")


def outputs(cloudformation, stack: str) -> dict[str, str]:
    """The outputs of a deployed stack, by their names."""
    found = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}
