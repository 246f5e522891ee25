"""Follows what the functions log."""

import json
import time
from collections import Counter
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from .console import say
from .stack import STACK_NAME, Stack

GROUP = f"/apothecary/{STACK_NAME}/functions"
# The most events in an answer. The local AWS names no next page, so a whole answer is followed by what came since its last.
_PAGE = 10_000
_PLATFORM = ("START RequestId:", "END RequestId:", "REPORT RequestId:")


def follow(stack: Stack, watch) -> None:
    """Prints the functions' log lines as they come, until `watch` returns false.

    `watch` is called once a second.
    """
    logs = stack.client("logs")
    since = int(time.time() * 1000)
    seen: Counter = Counter()
    while watch():
        try:
            events = _events(logs, since)
        except (ClientError, BotoCoreError):
            # No group yet, or a stack that is just stopping.
            events = []
        found: Counter = Counter()
        for event in events:
            line = (event["logStreamName"], event["timestamp"], event["message"])
            found[line] += 1
            if found[line] > seen[line] and not event["message"].startswith(_PLATFORM):
                say(_readable(event["message"]))
        seen = found
        # A second of overlap catches lines that arrived late; `seen` keeps them from being printed twice.
        since = max([since, *(event["timestamp"] - 1000 for event in events)])
        time.sleep(1)


def save(stack: Stack, path: Path) -> None:
    """Writes all that the functions have logged to a file."""
    messages = [event["message"] for event in _events(stack.client("logs"), since=0)]
    path.write_text("".join(f"{message.rstrip()}\n" for message in messages if not message.startswith(_PLATFORM)))


def _events(logs, since: int) -> list[dict]:
    found, token = [], {}
    while True:
        page = logs.filter_log_events(logGroupName=GROUP, startTime=since, limit=_PAGE, **token)
        events = page["events"]
        if page.get("nextToken"):
            token = {"nextToken": page["nextToken"]}
        elif len(events) >= _PAGE and (last := max(event["timestamp"] for event in events)) > since:
            # Of its last moment there may be more: they are read again, all of them.
            events, since, token = [event for event in events if event["timestamp"] < last], last, {}
        else:
            return sorted([*found, *events], key=lambda event: event["timestamp"])
        found += events


def _readable(message: str) -> str:
    """One line for people: level, then text, then the rest, of a JSON line; any other line as it is."""
    try:
        line = json.loads(message)
        level = line.pop("level")
    except (ValueError, KeyError, AttributeError, TypeError):
        return message.rstrip()
    line.pop("timestamp", None)
    fields = line.pop("fields", {})
    text = fields.pop("message", line.pop("message", ""))
    rest = " ".join(f"{name}={value}" for name, value in {**fields, **line}.items() if not isinstance(value, (dict, list)))
    return f"{level:5} {text} {rest}".rstrip()
