"""Stripe's own client against our stand-in: what it sends is understood, and what it reads is what it expects.

Run by `make peers-check`, which builds the stand-in and sets up the client: stripe_client.py <program>.
"""

import stripe

import peer

SECRET = "whsec_local_peer"


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


def dispute(client: stripe.StripeClient, stand_in: peer.Peer) -> None:
    """Payers who go to their bank, by the card that Stripe has published for it; and what becomes of it."""
    intents, disputes = client.v1.payment_intents, client.v1.disputes
    for wins in (True, False):
        intent = open_intent(client)
        intents.confirm(intent.id, {"payment_method": "pm_card_createDispute"})
        assert disputes.list({"payment_intent": intent.id}).data == []
        intents.capture(intent.id)
        found = disputes.list({"payment_intent": intent.id, "limit": 100}).data
        assert [(one.status, one.amount, one.payment_intent) for one in found] == [("needs_response", 1500, intent.id)]
        assert intents.retrieve(intent.id, {"expand": ["latest_charge"]}).latest_charge.disputed
        refused("charge_disputed", client.v1.refunds.create, {"payment_intent": intent.id})
        if wins:
            evidence = {"evidence": {"uncategorized_text": "winning_evidence"}, "submit": True}
            assert disputes.update(found[0].id, evidence).status == "won"
        else:
            assert disputes.close(found[0].id).status == "lost"
        assert disputes.retrieve(found[0].id).status == ("won" if wins else "lost")
        refused("", disputes.close, found[0].id)
        for kind in ("created", "closed"):
            body, headers = stand_in.event(f"charge.dispute.{kind}")
            event = stripe.Webhook.construct_event(body, headers["stripe-signature"], SECRET)
            assert (event.data.object.id, event.data.object.payment_intent) == (found[0].id, intent.id)
    refused("resource_missing", disputes.retrieve, "dp_none")


def events(stand_in: peer.Peer) -> None:
    for kind in ("payment_failed", "amount_capturable_updated", "succeeded", "canceled"):
        body, headers = stand_in.event(f"payment_intent.{kind}")
        event = stripe.Webhook.construct_event(body, headers["stripe-signature"], SECRET)
        assert event.type == f"payment_intent.{kind}"
        try:
            stripe.Webhook.construct_event(body + b" ", headers["stripe-signature"], SECRET)
            raise AssertionError("an altered body was taken")
        except stripe.SignatureVerificationError:
            pass


def main() -> None:
    with peer.running() as stand_in:
        client = stripe.StripeClient(
            "sk_test_local_peer", base_addresses={"api": stand_in.url}, max_network_retries=0)
        drive(client)
        events(stand_in)
        dispute(client, stand_in)
        intent = open_intent(client)
        stand_in.press(f"{stand_in.url}/pay/stripe/{intent.id}", "pay")
        assert client.v1.payment_intents.retrieve(intent.id).status == "requires_capture"
    print("Stripe's client and the stand-in agree.")


if __name__ == "__main__":
    main()
