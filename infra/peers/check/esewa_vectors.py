"""eSewa's published examples against our stand-in: it takes the form that eSewa has published, and what it sends back is signed
as the answer that eSewa has published is. Run by `make peers-check`: esewa_vectors.py <program>.
"""

import base64
import hashlib
import hmac
import json
import urllib.error
import urllib.parse
import urllib.request

import peer

# Published for tests: developer.esewa.com.np/pages/Epay.
SECRET = b"8gBm/:&EnhH.1/q"
FORM = {
    "amount": "100", "tax_amount": "10", "total_amount": "110", "transaction_uuid": "241028", "product_code": "EPAYTEST",
    "product_service_charge": "0", "product_delivery_charge": "0", "success_url": "https://shop.example/back",
    "failure_url": "https://shop.example/back?failed=1", "signed_field_names": "total_amount,transaction_uuid,product_code",
    "signature": "i94zsd3oXF6ZsSr/kGqT4sSzYQzjj1W/waxjWyRwaME=",
}
NAMES = "transaction_code,status,total_amount,transaction_uuid,product_code,signed_field_names"
ANSWER = {
    "transaction_code": "000AWEO", "status": "COMPLETE", "total_amount": "1000.0", "transaction_uuid": "250610-162413",
    "product_code": "EPAYTEST", "signed_field_names": NAMES,
}
ANSWER_SIGNATURE = "62GcfZTmVkzhtUeh+QJ1AqiJrjoWWGof3U+eTPTZ7fA="


def signature(fields: dict[str, str], names: str) -> str:
    text = ",".join(f"{name}={fields[name]}" for name in names.split(","))
    return base64.b64encode(hmac.new(SECRET, text.encode(), hashlib.sha256).digest()).decode()


def submit(stand_in: peer.Peer, form: dict[str, str]) -> int:
    """Sends the form as a browser does; the status."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    try:
        url, body = f"{stand_in.url}/api/epay/main/v2/form", urllib.parse.urlencode(form).encode()
        return urllib.request.build_opener(Stay).open(url, data=body).status
    except urllib.error.HTTPError as answer:
        return answer.code


def status(stand_in: peer.Peer, total: str) -> dict:
    query = urllib.parse.urlencode({"product_code": "EPAYTEST", "total_amount": total, "transaction_uuid": "241028"})
    with urllib.request.urlopen(f"{stand_in.url}/api/epay/transaction/status/?{query}") as answer:
        return json.load(answer)


def drive(stand_in: peer.Peer) -> None:
    # Our own sum in this file agrees with both published examples, so it may judge the stand-in.
    assert signature(FORM, FORM["signed_field_names"]) == FORM["signature"]
    assert signature(ANSWER, NAMES) == ANSWER_SIGNATURE
    assert status(stand_in, "110")["status"] == "NOT_FOUND"
    for name in FORM:
        assert submit(stand_in, {**FORM, name: ""}) == 400, f"{name} may not be empty"
    assert submit(stand_in, {**FORM, "amount": "99"}) == 400, "the sums do not add up"
    assert submit(stand_in, {**FORM, "transaction_uuid": "241029"}) == 400, "signed for another payment"
    assert submit(stand_in, FORM) == 303
    assert status(stand_in, "110")["status"] == "PENDING"
    assert status(stand_in, "111")["status"] == "NOT_FOUND", "another sum"
    back = urllib.parse.urlsplit(stand_in.press(f"{stand_in.url}/pay/esewa/241028", "pay"))
    assert f"{back.scheme}://{back.netloc}{back.path}" == FORM["success_url"]
    data = base64.b64decode(urllib.parse.parse_qs(back.query)["data"][0]).decode()
    # Signed is the number as it is written.
    answer = json.loads(data, parse_float=str, parse_int=str)
    assert list(answer) == NAMES.split(",") + ["signature"] and answer["signed_field_names"] == NAMES
    assert answer["signature"] == signature(answer, NAMES)
    assert (answer["status"], answer["transaction_uuid"], answer["total_amount"]) == ("COMPLETE", "241028", "110.0")
    paid = status(stand_in, "110.0")
    assert (paid["status"], paid["ref_id"]) == ("COMPLETE", answer["transaction_code"])
    assert submit(stand_in, FORM) == 400, "the same payment twice"


def main() -> None:
    with peer.running() as stand_in:
        drive(stand_in)
    print("eSewa's examples and the stand-in agree.")


if __name__ == "__main__":
    main()
