"""The stand-ins for payment providers, beside the local AWS: who they are, and how they start.

They end with the functions: their program runs from the same folder.
"""

import json
import shutil
import subprocess
import time
import urllib.request

from . import toolbox
from .console import Failure
from .stack import Stack

BINARY = toolbox.ROOT / "target" / "debug" / "peers"
START_SECONDS = 10
# As infra/peers/src has them; good for nothing but the stand-ins.
PUBLISHABLE_KEY = "pk_test_local_peer"
AUTHORITY = toolbox.ROOT / "infra" / "peers" / "src" / "certificates" / "authority.pem"


def _secrets() -> dict[str, dict]:
    """What each provider knows the local pharmacy by."""
    return {
        "stripe": {"secret_key": "sk_test_local_peer", "webhook_secrets": ["whsec_local_peer"]},
        "paypal": {
            "client_id": "client-id-local-peer", "client_secret": "client-secret-local-peer",
            "webhook_ids": ["8PT597110X687430L"], "webhook_authority": AUTHORITY.read_text(),
        },
    }


def parameters(stack: Stack) -> dict[str, str]:
    """The template's parameters that lead the functions to them; the secrets are made when they are not there."""
    return {
        "StripeSecretArn": _secret(stack, "stripe"),
        "StripePublishableKey": PUBLISHABLE_KEY,
        "StripeUrl": stack.functions_peers_url,
        "PayPalSecretArn": _secret(stack, "paypal"),
        "PayPalUrl": stack.functions_peers_url,
    }


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
