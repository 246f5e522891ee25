"""Stripe's own client against our stand-in: what it sends is understood, and what it reads is what it expects.

Run by `make peers-check`, which builds the stand-in and sets up the client: stripe_client.py <program>.
"""

import http.server
import queue
import socket
import subprocess
import sys
import threading
import time

import stripe

SECRET = "whsec_local_peer"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Webhook(http.server.BaseHTTPRequestHandler):
    """Keeps what the stand-in sends."""

    received: "queue.Queue[tuple[bytes, str]]" = queue.Queue()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.received.put((body, self.headers["stripe-signature"]))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_) -> None:
        pass


def refused(code: str, call, *arguments, **parameters) -> None:
    """The call must be refused with this code."""
    try:
        call(*arguments, **parameters)
    except stripe.StripeError as error:
        assert error.code == code, f"{error.code} instead of {code}: {error}"
        return
    raise AssertionError(f"{call} was not refused with {code}")


def open_intent(client: stripe.StripeClient, amount: int = 1500, key: str | None = None) -> stripe.PaymentIntent:
    params = {"amount": amount, "currency": "usd", "capture_method": "manual", "payment_method_types": ["card"],
              "metadata": {"order": "ord_1", "payment": "pay_1"}}
    return client.v1.payment_intents.create(params, {"idempotency_key": key} if key else {})


def drive(client: stripe.StripeClient) -> None:
    intents = client.v1.payment_intents
    first, again = open_intent(client, key="k1"), open_intent(client, key="k1")
    assert first.id == again.id and first.status == "requires_payment_method"
    try:
        open_intent(client, amount=1600, key="k1")
        raise AssertionError("another body under a used key was taken")
    except stripe.IdempotencyError:
        pass
    try:
        intents.confirm(first.id, {"payment_method": "pm_card_chargeDeclined"})
        raise AssertionError("the card was not declined")
    except stripe.CardError as error:
        assert error.code == "card_declined"
    held = intents.confirm(first.id, {"payment_method": "pm_card_visa"})
    assert (held.status, held.amount_capturable) == ("requires_capture", 1500)
    refused("payment_intent_unexpected_state", client.v1.refunds.create, {"payment_intent": first.id})
    refused("amount_too_large", intents.capture, first.id, {"amount_to_capture": 1501})
    taken = intents.capture(first.id, {"amount_to_capture": 1000, "expand": ["latest_charge.refunds"]})
    assert (taken.status, taken.amount_received, taken.latest_charge.refunds.data) == ("succeeded", 1000, [])
    refused("payment_intent_unexpected_state", intents.capture, first.id)
    refused("payment_intent_unexpected_state", intents.cancel, first.id)
    refund = client.v1.refunds.create({"payment_intent": first.id, "amount": 400, "metadata": {"refund": "rfd_1"}})
    assert (refund.status, refund.metadata["refund"]) == ("succeeded", "rfd_1")
    refused("amount_too_large", client.v1.refunds.create, {"payment_intent": first.id, "amount": 601})
    client.v1.refunds.create({"payment_intent": first.id})
    refused("charge_already_refunded", client.v1.refunds.create, {"payment_intent": first.id})
    seen = intents.retrieve(first.id, {"expand": ["latest_charge.refunds"]})
    assert sorted(one.amount for one in seen.latest_charge.refunds.data) == [400, 600]
    assert len(client.v1.refunds.list({"payment_intent": first.id, "limit": 100}).data) == 2
    second = open_intent(client)
    assert intents.cancel(second.id).status == "canceled"
    refused("payment_intent_unexpected_state", intents.confirm, second.id, {"payment_method": "pm_card_visa"})
    refused("parameter_unknown", intents.create, {"amount": 1, "currency": "usd", "colour": "red"})
    refused("resource_missing", intents.retrieve, "pi_none")


def events() -> None:
    kinds = []
    deadline = time.monotonic() + 10
    while "payment_intent.canceled" not in kinds and time.monotonic() < deadline:
        try:
            body, signature = Webhook.received.get(timeout=1)
        except queue.Empty:
            continue
        event = stripe.Webhook.construct_event(body, signature, SECRET)
        kinds.append(event.type)
        try:
            stripe.Webhook.construct_event(body + b" ", signature, SECRET)
            raise AssertionError("an altered body was taken")
        except stripe.SignatureVerificationError:
            pass
    for kind in ("payment_failed", "amount_capturable_updated", "succeeded", "canceled"):
        assert f"payment_intent.{kind}" in kinds, kinds
    assert "charge.refunded" in kinds, kinds


def main() -> None:
    port = free_port()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Webhook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    peer = subprocess.Popen([sys.argv[1], str(port), f"http://127.0.0.1:{server.server_port}/"])
    try:
        deadline = time.monotonic() + 10
        while socket.socket().connect_ex(("127.0.0.1", port)) != 0:
            assert time.monotonic() < deadline, "the stand-in does not start"
            time.sleep(0.05)
        client = stripe.StripeClient(
            "sk_test_local_peer", base_addresses={"api": f"http://127.0.0.1:{port}"}, max_network_retries=0)
        drive(client)
        events()
    finally:
        peer.terminate()
        peer.wait()
    print("Stripe's client and the stand-in agree.")


if __name__ == "__main__":
    main()
