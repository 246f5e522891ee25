"""A client for bKash that others wrote against our stand-in: what it sends is understood, and what it reads is what it expects.

Run by `make peers-check`, which builds the stand-ins and sets up the client: bkash_client.py <program>.
"""

import asyncio
import base64
import json
import urllib.request

from bkash_pgw_tokenized import Bkash, is_success_status_code
from bkash_pgw_tokenized.ipn import extract_inner_from_sns_envelope, ipn_inner_is_success
from bkash_pgw_tokenized.sns_verify import build_string_to_sign
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

import peer


async def drive(stand_in: peer.Peer) -> None:
    client = Bkash({
        "app_key": "app-key-local-peer", "app_secret": "app-secret-local-peer", "username": "merchant-local-peer",
        "password": "password-local-peer", "base_url": f"{stand_in.url}/v1.2.0-beta"})
    granted = await client.grant_token()
    token = granted["id_token"]
    create = lambda invoice: client.create_payment(
        token, mode="0011", payer_reference="1", callback_url="https://shop.example/back", amount="15.00",
        currency="BDT", intent="sale", merchant_invoice_number=invoice)
    payment = await create("i1")
    assert is_success_status_code(payment["statusCode"]) and payment["transactionStatus"] == "Initiated"
    assert (await create("i1"))["statusCode"] == "2029"
    assert (await client.execute_payment(token, payment["paymentID"]))["statusCode"] == "2060"
    back = stand_in.press(payment["bkashURL"], "pay")
    assert back == f"https://shop.example/back?paymentID={payment['paymentID']}&status=success"
    executed = await client.execute_payment(token, payment["paymentID"])
    assert (executed["statusCode"], executed["transactionStatus"]) == ("0000", "Completed")
    assert (await client.execute_payment(token, payment["paymentID"]))["statusCode"] == "2117"
    seen = await client.payment_status(token, payment["paymentID"])
    assert (seen["transactionStatus"], seen["trxID"]) == ("Completed", executed["trxID"])
    refund = lambda amount: client.refund(
        token, payment_id=payment["paymentID"], trx_id=executed["trxID"], amount=amount, sku="rfd_1", reason="damaged")
    assert (await refund("15.01"))["statusCode"] == "2026"
    assert (await refund("4.00"))["transactionStatus"] == "Completed"
    assert (await refund("11.01"))["statusCode"] == "2026"
    for act, status in (("decline", "success"), ("close", "cancel")):
        other = await create(f"i-{act}")
        assert stand_in.press(other["bkashURL"], act).endswith(f"status={status}")
        assert (await client.execute_payment(token, other["paymentID"]))["statusCode"] in ("2023", "2069")
    renewed = await client.refresh_token(granted["refresh_token"])
    assert renewed["statusCode"] == "0000" and renewed["id_token"] != token
    assert (await client.refresh_token("eyJ-unknown"))["statusCode"] != "0000"
    assert (await client.grant_token())["statusCode"] != "0000", "a third token within the hour"


def event(stand_in: peer.Peer) -> None:
    """What the topic tells, by another hand than ours: the client's own text to sign, and OpenSSL."""
    body, headers = stand_in.event("Notification")
    assert headers["x-amz-sns-message-type"] == "Notification"
    envelope = json.loads(body)
    with urllib.request.urlopen(envelope["SigningCertURL"]) as answer:
        certificate = x509.load_pem_x509_certificate(answer.read())
    signature = base64.b64decode(envelope["Signature"])
    text = build_string_to_sign(envelope).encode()
    certificate.public_key().verify(signature, text, padding.PKCS1v15(), hashes.SHA256())
    inner = extract_inner_from_sns_envelope(envelope)
    assert ipn_inner_is_success(inner) == (True, None) and inner["merchantInvoiceNumber"] == "i1"


def main() -> None:
    with peer.running() as stand_in:
        asyncio.run(drive(stand_in))
        event(stand_in)
    print("bKash's client and the stand-in agree.")


if __name__ == "__main__":
    main()
