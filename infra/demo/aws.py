"""Has the local AWS run a function, as its schedule would. Standard library only."""

import hashlib
import hmac
import json
import urllib.parse
import urllib.request
from datetime import datetime

from caller import Stuck

# The local AWS takes these as the account's root user, and no other AWS takes them at all.
_KEY_ID, _SECRET = "test", "test"
_REGION, _SERVICE = "us-east-1", "lambda"
_TIMEOUT_SECONDS = 30


def invoke(endpoint: str, function: str, event: dict, now: datetime) -> dict:
    """What the function answers.

    Raises Stuck where it fails, or the local AWS does not answer.
    """
    path, body = f"/2015-03-31/functions/{function}/invocations", json.dumps(event).encode()
    headers = signed(urllib.parse.urlsplit(endpoint).netloc, path, body, now)
    request = urllib.request.Request(endpoint.rstrip("/") + path, data=body, headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:
            text, failed = answer.read(), answer.headers.get("x-amz-function-error")
    except OSError as error:
        raise Stuck(f"{function} could not be run: {error}") from None
    if failed:
        raise Stuck(f"{function} failed: {text[:300].decode(errors='replace')}")
    return json.loads(text)


def signed(host: str, path: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers of a POST, with their signature (AWS Signature Version 4)."""
    at, day = now.strftime("%Y%m%dT%H%M%SZ"), now.strftime("%Y%m%d")
    names, scope = "host;x-amz-date", f"{day}/{_REGION}/{_SERVICE}/aws4_request"
    asked = "\n".join(["POST", path, "", f"host:{host}", f"x-amz-date:{at}", "", names, hashlib.sha256(body).hexdigest()])
    to_sign = "\n".join(["AWS4-HMAC-SHA256", at, scope, hashlib.sha256(asked.encode()).hexdigest()])
    key = b"AWS4" + _SECRET.encode()
    for part in (day, _REGION, _SERVICE, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    return {"x-amz-date": at, "content-type": "application/json",
            "authorization": f"AWS4-HMAC-SHA256 Credential={_KEY_ID}/{scope}, SignedHeaders={names}, Signature={signature}"}
