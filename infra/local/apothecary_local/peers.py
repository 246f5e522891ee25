"""The stand-ins for payment providers, beside the local AWS: who they are, and how they start.

They end with the functions: their program runs from the same folder.
"""

import json
import shutil
import subprocess
import time
import urllib.request

from . import currency, toolbox
from .console import Failure
from .stack import Stack

BINARY = toolbox.ROOT / "target" / "debug" / "peers"
START_SECONDS = 10
# As infra/peers/src has them; good for nothing but the stand-ins.
PUBLISHABLE_KEY = "pk_test_local_peer"
# What the template calls them.
_PREFIXES = {"paypal": "PayPal", "esewa": "Esewa", "bkash": "Bkash"}
AUTHORITY = toolbox.ROOT / "infra" / "peers" / "src" / "certificates" / "authority.pem"


def _secrets() -> dict[str, dict]:
    """What each provider knows the local pharmacy by."""
    return {
        "stripe": {"secret_key": "sk_test_local_peer", "webhook_secrets": ["whsec_local_peer"]},
        "paypal": {
            "client_id": "client-id-local-peer", "client_secret": "client-secret-local-peer",
            "webhook_ids": ["8PT597110X687430L"], "webhook_authority": AUTHORITY.read_text(),
        },
        # As eSewa has published them for trying things out.
        "esewa": {"product_code": "EPAYTEST", "secret_key": "8gBm/:&EnhH.1/q"},
        "bkash": {
            "app_key": "app-key-local-peer", "app_secret": "app-secret-local-peer", "username": "merchant-local-peer",
            "password": "password-local-peer", "topic_arn": "arn:aws:sns:ap-southeast-1:000000000000:bkash-peer",
        },
    }


def parameters(stack: Stack) -> dict[str, str]:
    """The template's parameters that lead the functions to those that take the stack's currency; the secrets are made when they
    are not there."""
    found = {
        "StripeSecretArn": _secret(stack, "stripe"),
        "StripePublishableKey": PUBLISHABLE_KEY,
        "StripeUrl": stack.functions_peers_url,
    }
    for name in currency.PROVIDERS[stack.currency]:
        found[f"{_PREFIXES[name]}SecretArn"] = _secret(stack, name)
        found[f"{_PREFIXES[name]}Url"] = stack.functions_peers_url
        if name == "esewa":
            # The browser sends this one.
            found[f"{_PREFIXES[name]}FormUrl"] = stack.peers_url
    return found


def start(stack: Stack, api_url: str) -> None:
    """Starts them in the background, unless they answer already; events go to `api_url`.

    Raises Failure when they are not built, or do not answer.
    """
    if _answer(stack):
        return
    if not BINARY.exists():
        raise Failure(f"{BINARY.relative_to(toolbox.ROOT)} is missing. Build first: python3 infra/local/stack.py build")
    program = stack.temporary / "peers" / "peers"
    program.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(BINARY, program)
    with open(stack.home / "peers.log", "ab") as log:
        process = subprocess.Popen(
            [str(program), str(stack.peers_port), api_url, stack.functions_peers_url],
            env={}, cwd=stack.home, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )
    deadline = time.monotonic() + START_SECONDS
    while not _answer(stack):
        if process.poll() is not None or time.monotonic() > deadline:
            raise Failure("The stand-ins for payment providers do not start.",
                          (stack.home / "peers.log").read_text(errors="replace")[-1000:])
        time.sleep(0.05)


def _answer(stack: Stack) -> bool:
    try:
        with urllib.request.urlopen(f"{stack.peers_url}/_ledger", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def _secret(stack: Stack, name: str) -> str:
    secrets = stack.client("secretsmanager")
    try:
        return secrets.create_secret(Name=name, SecretString=json.dumps(_secrets()[name]))["ARN"]
    except secrets.exceptions.ResourceExistsException:
        return secrets.describe_secret(SecretId=name)["ARN"]
