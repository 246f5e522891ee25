"""A stand-in for Stripe that others wrote, localstripe, beside ours: Stripe's own client goes the same happy way at both, and sees
the same. Run by `make peers-check`: foreign.py <program>.

localstripe knows no keys against repetition, lets more be given back than was taken, and says neither what can be captured nor
what was received. So the rules that matter most are not compared, and our own functions cannot be led to it.
"""

import contextlib
import os
import socket
import subprocess
import sys
import time
from typing import Iterator

import stripe

import peer

# It would listen on all addresses, and keep its state in a file.
LAUNCH = """
import sys
from aiohttp import web
from localstripe import resources, server
resources.store.dump_to_disk = lambda: None
web.run_app(server.app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
"""


@contextlib.contextmanager
def localstripe() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-c", LAUNCH, str(port)], env={**os.environ, "PYTHONWARNINGS": "ignore"})
    try:
        deadline = time.monotonic() + 20
        while socket.socket().connect_ex(("127.0.0.1", port)) != 0:
            assert process.poll() is None and time.monotonic() < deadline, "localstripe does not start"
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def client_of(url: str) -> stripe.StripeClient:
    return stripe.StripeClient("sk_test_local_peer", base_addresses={"api": url}, max_network_retries=0)


def held(client: stripe.StripeClient, foreign: bool) -> stripe.PaymentIntent:
    """An intent whose money is held: a browser has confirmed it by the card 4242 4242 4242 4242."""
    intents = client.v1.payment_intents
    params = {"amount": 1500, "currency": "usd", "capture_method": "manual", "payment_method_types": ["card"],
              "metadata": {"order": "ord_1", "payment": "pay_1"}}
    if not foreign:
        return intents.confirm(intents.create(params).id, {"payment_method": "pm_card_visa"})
    card = client.v1.payment_methods.create({"type": "card", "card": {
        "number": "4242424242424242", "exp_month": 12, "exp_year": 2030, "cvc": "123"}})
    return intents.confirm(intents.create({**params, "payment_method": card.id}).id)


def happy_way(client: stripe.StripeClient, foreign: bool) -> list[tuple]:
    """What a client sees on the way: capture, refund in parts, and letting go."""
    intents, seen = client.v1.payment_intents, []

    def note(step: str, intent: stripe.PaymentIntent) -> None:
        seen.append((step, intent.object, intent.status, intent.amount, intent.currency, intent.capture_method,
                     intent.metadata.to_dict()))

    def refused(step: str, call, *arguments) -> None:
        try:
            call(*arguments)
            seen.append((step, "taken"))
        except stripe.InvalidRequestError as error:
            seen.append((step, error.http_status))

    first = held(client, foreign)
    note("held", first)
    note("captured", intents.capture(first.id))
    refused("captured again", intents.capture, first.id)
    refused("cancelled after that", intents.cancel, first.id)
    for amount in (400, 1100):
        refund = client.v1.refunds.create({"payment_intent": first.id, "amount": amount, "metadata": {"refund": "rfd_1"}})
        seen.append(("refund", refund.object, refund.status, refund.amount, refund.currency, refund.metadata.to_dict()))
    listed = client.v1.refunds.list({"payment_intent": first.id, "limit": 100}).data
    seen.append(("listed", sorted(one.amount for one in listed)))
    note("looked at", intents.retrieve(first.id, {"expand": ["latest_charge"]}))
    second = held(client, foreign)
    note("let go", intents.cancel(second.id))
    refused("more than was held", intents.capture, held(client, foreign).id, {"amount_to_capture": 1501})
    return seen


def main() -> None:
    with peer.running() as stand_in, localstripe() as url:
        ours, theirs = happy_way(client_of(stand_in.url), False), happy_way(client_of(url), True)
    for own, other in zip(ours, theirs, strict=True):
        assert own == other, f"ours: {own}, localstripe's: {other}"
    print(f"localstripe and the stand-in agree on {len(ours)} steps.")


if __name__ == "__main__":
    main()
