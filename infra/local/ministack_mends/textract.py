"""Amazon Textract, which the emulator has not: handed on to the reader of infra/reading, where one runs.

Signature and rights are checked as for any other service.
"""

import asyncio
import json
import os
import urllib.error
import urllib.request

from ministack import app
from ministack.core import iam_actions, router

VARIABLE = "APOTHECARY_READER"
_PATIENCE = 30


def apply() -> None:
    """Knows the service from now on."""
    router.SERVICE_PATTERNS["textract"] = {"target_prefixes": ["Textract."]}
    iam_actions.SERVICE_TO_IAM_NAMESPACE["textract"] = "textract"
    app.SERVICE_HANDLERS["textract"] = _hand_on


async def _hand_on(method: str, path: str, headers: dict, body: bytes, query_params: dict):
    reader = os.environ.get(VARIABLE)
    if not reader:
        return _refusal("AccessDeniedException", "no reader is installed: make reading")
    return await asyncio.to_thread(_ask, reader, headers.get("x-amz-target", ""), body)


def _ask(reader: str, target: str, body: bytes):
    request = urllib.request.Request(reader, body, {"x-amz-target": target})
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:
            return 200, _TYPE, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, _TYPE, refused.read()
    except OSError as error:
        return 500, _TYPE, json.dumps({"__type": "InternalServerError", "Message": str(error)}).encode()


_TYPE = {"Content-Type": "application/x-amz-json-1.1"}


def _refusal(kind: str, message: str):
    return 400, _TYPE, json.dumps({"__type": kind, "Message": message}).encode()
