"""PayPal's own client against our stand-in: what it sends is understood, and what it reads is what it expects.

Run by `make peers-check`, which builds the stand-ins and sets up the client: paypal_client.py <program>.
"""

import base64
import json
import urllib.request
import zlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from paypalserversdk.configuration import Configuration, Environment, Server
from paypalserversdk.exceptions.api_exception import ApiException
from paypalserversdk.http.auth.o_auth_2 import ClientCredentialsAuthCredentials
from paypalserversdk.models.amount_with_breakdown import AmountWithBreakdown
from paypalserversdk.models.capture_request import CaptureRequest
from paypalserversdk.models.checkout_payment_intent import CheckoutPaymentIntent
from paypalserversdk.models.money import Money
from paypalserversdk.models.order_request import OrderRequest
from paypalserversdk.models.payment_source import PaymentSource
from paypalserversdk.models.paypal_experience_user_action import PaypalExperienceUserAction
from paypalserversdk.models.paypal_wallet import PaypalWallet
from paypalserversdk.models.paypal_wallet_context_shipping_preference import PaypalWalletContextShippingPreference
from paypalserversdk.models.paypal_wallet_experience_context import PaypalWalletExperienceContext
from paypalserversdk.models.purchase_unit_request import PurchaseUnitRequest
from paypalserversdk.models.refund_request import RefundRequest
from paypalserversdk.paypal_serversdk_client import PaypalServersdkClient

import peer

WEBHOOK = "8PT597110X687430L"


def refused(issue: str, call, options: dict) -> None:
    """The call must be refused with this issue."""
    try:
        call(options)
    except ApiException as error:
        said = json.loads(error.response.text)["details"][0]["issue"]
        assert said == issue, f"{said} instead of {issue}"
        return
    raise AssertionError(f"{call} was not refused with {issue}")


def open_order(client: PaypalServersdkClient, key: str, value: str = "15.00", invoice: str | None = None):
    context = PaypalWalletExperienceContext(
        return_url="https://shop.example/back", cancel_url="https://shop.example/back",
        shipping_preference=PaypalWalletContextShippingPreference.NO_SHIPPING,
        user_action=PaypalExperienceUserAction.PAY_NOW)
    unit = PurchaseUnitRequest(
        amount=AmountWithBreakdown(currency_code="USD", value=value), reference_id="default",
        custom_id="ord_1:pay_1", invoice_id=invoice or key)
    body = OrderRequest(
        intent=CheckoutPaymentIntent.AUTHORIZE, purchase_units=[unit],
        payment_source=PaymentSource(paypal=PaypalWallet(experience_context=context)))
    options = {"body": body, "paypal_request_id": key, "prefer": "return=representation"}
    return client.orders.create_order(options).body


def drive(client: PaypalServersdkClient, stand_in: peer.Peer) -> None:
    orders, payments = client.orders, client.payments
    first, again = open_order(client, "k1"), open_order(client, "k1")
    assert first.id == again.id and first.status == "PAYER_ACTION_REQUIRED"
    try:
        open_order(client, "k1", value="16.00")
        raise AssertionError("another body under a used key was taken")
    except ApiException:
        pass
    for value in ("15", "15.0", "15.000"):
        try:
            open_order(client, f"k{value}", value=value)
            raise AssertionError(f"{value} was taken")
        except ApiException as error:
            assert json.loads(error.response.text)["details"][0]["issue"] == "DECIMAL_PRECISION"
    authorize = {"id": first.id, "prefer": "return=representation"}
    refused("ORDER_NOT_APPROVED", orders.authorize_order, {**authorize, "paypal_request_id": "k2"})
    page = next(link.href for link in first.links if link.rel == "payer-action")
    assert stand_in.press(page, "pay") == f"https://shop.example/back?token={first.id}"
    agreed = orders.get_order({"id": first.id}).body
    assert agreed.status == "APPROVED" and not any(link.rel == "payer-action" for link in agreed.links)
    held = orders.authorize_order({**authorize, "paypal_request_id": "k3"}).body
    hold = held.purchase_units[0].payments.authorizations[0]
    assert (held.status, hold.status, hold.amount.value) == ("COMPLETED", "CREATED", "15.00") and hold.expiration_time
    refused("ORDER_ALREADY_AUTHORIZED", orders.authorize_order, {**authorize, "paypal_request_id": "k4"})
    capture = lambda value, key: {"authorization_id": hold.id, "paypal_request_id": key, "body": CaptureRequest(
        amount=Money(currency_code="USD", value=value), final_capture=True)}
    refused("MAX_CAPTURE_AMOUNT_EXCEEDED", payments.capture_authorized_payment, capture("15.01", "k5"))
    taken = payments.capture_authorized_payment(capture("10.00", "k6")).body
    assert payments.capture_authorized_payment(capture("10.00", "k6")).body.id == taken.id
    assert taken.status == "COMPLETED"
    refused("AUTHORIZATION_ALREADY_CAPTURED", payments.capture_authorized_payment, capture("10.00", "k7"))
    refused("PREVIOUSLY_CAPTURED", payments.void_payment, {"authorization_id": hold.id, "paypal_request_id": "k8"})
    refund = lambda value, key: {"capture_id": taken.id, "paypal_request_id": key, "body": RefundRequest(
        amount=Money(currency_code="USD", value=value), custom_id="ord_1:pay_1:rfd_1", invoice_id="rfd_1")}
    assert payments.refund_captured_payment(refund("4.00", "k9")).body.status == "COMPLETED"
    refused("REFUND_AMOUNT_EXCEEDED", payments.refund_captured_payment, refund("6.01", "k10"))
    payments.refund_captured_payment(refund("6.00", "k11"))
    refused("CAPTURE_FULLY_REFUNDED", payments.refund_captured_payment, refund("0.01", "k12"))
    seen = orders.get_order({"id": first.id}).body.purchase_units[0].payments
    assert [one.amount.value for one in seen.refunds] == ["4.00", "6.00"] and seen.captures[0].status == "REFUNDED"
    assert seen.refunds[0].invoice_id == "rfd_1"
    second = open_order(client, "k13")
    assert stand_in.press(f"{stand_in.url}/pay/paypal/{second.id}", "decline").endswith(second.id)
    refused("INSTRUMENT_DECLINED", orders.authorize_order, {"id": second.id, "paypal_request_id": "k14"})
    third = open_order(client, "k15")
    stand_in.press(f"{stand_in.url}/pay/paypal/{third.id}", "pay")
    hold = orders.authorize_order({"id": third.id, "paypal_request_id": "k16"}).body.purchase_units[0].payments
    hold = hold.authorizations[0].id
    payments.void_payment({"authorization_id": hold, "paypal_request_id": "k17", "prefer": "return=representation"})
    refused("PREVIOUSLY_VOIDED", payments.void_payment, {"authorization_id": hold, "paypal_request_id": "k18"})
    fourth = open_order(client, "k19")
    assert stand_in.press(f"{stand_in.url}/pay/paypal/{fourth.id}", "close").endswith(fourth.id)
    assert orders.get_order({"id": fourth.id}).body.status == "PAYER_ACTION_REQUIRED"


def reversal(client: PaypalServersdkClient, stand_in: peer.Peer) -> None:
    """A payer's bank takes money back. PayPal's client has no calls about disputes: what it reads of an order is what we go by."""
    order = open_order(client, "r1")
    stand_in.press(f"{stand_in.url}/pay/paypal/{order.id}", "pay")
    held = client.orders.authorize_order({"id": order.id, "paypal_request_id": "r2", "prefer": "return=representation"}).body
    hold = held.purchase_units[0].payments.authorizations[0].id
    body = CaptureRequest(amount=Money(currency_code="USD", value="15.00"), final_capture=True)
    client.payments.capture_authorized_payment({"authorization_id": hold, "paypal_request_id": "r3", "body": body})
    with urllib.request.urlopen(f"{stand_in.url}/_reversals", data=order.id.encode()) as answer:
        assert answer.status == 200
    capture = client.orders.get_order({"id": order.id}).body.purchase_units[0].payments.captures[0]
    assert (capture.status, capture.amount.value) == ("REVERSED", "15.00")
    body, _ = stand_in.event("PAYMENT.CAPTURE.REVERSED")
    resource = json.loads(body)["resource"]
    assert (resource["id"], resource["supplementary_data"]["related_ids"]["order_id"]) == (capture.id, order.id)


def events(stand_in: peer.Peer) -> None:
    """Their signatures by another hand than ours: Python's own CRC-32, and OpenSSL."""
    for kind in ("CHECKOUT.ORDER.APPROVED", "PAYMENT.AUTHORIZATION.CREATED", "PAYMENT.CAPTURE.COMPLETED"):
        body, headers = stand_in.event(kind)
        with urllib.request.urlopen(headers["paypal-cert-url"]) as answer:
            certificate = x509.load_pem_x509_certificate(answer.read())
        text = "|".join((headers["paypal-transmission-id"], headers["paypal-transmission-time"], WEBHOOK,
                         str(zlib.crc32(body))))
        signature = base64.b64decode(headers["paypal-transmission-sig"])
        certificate.public_key().verify(signature, text.encode(), padding.PKCS1v15(), hashes.SHA256())


def main() -> None:
    with peer.running() as stand_in:
        Configuration.environments[Environment.SANDBOX][Server.DEFAULT] = stand_in.url
        client = PaypalServersdkClient(
            environment=Environment.SANDBOX,
            client_credentials_auth_credentials=ClientCredentialsAuthCredentials(
                o_auth_client_id="client-id-local-peer", o_auth_client_secret="client-secret-local-peer"))
        drive(client, stand_in)
        events(stand_in)
        reversal(client, stand_in)
    print("PayPal's client and the stand-in agree.")


if __name__ == "__main__":
    main()
