"""Plays the whole story against the running local stack, from a stranger to a parcel at the door: `make demo`.

Every run makes people, products and an order of its own, and takes its products off the shelf at the end.
"""

import json
import os
import sys
import time
import uuid
from datetime import datetime, timezone
from pathlib import Path

import aws
import parts
from caller import Caller, Refused, Stuck, eventually, pay, upload

ROOT = Path(__file__).resolve().parents[2]
STAFF_PASSWORD = "local-only-apothecary"
PASSWORD = "violet-teapot-on-a-raft"
# The local stack sends the same code to everybody.
REGISTRATION_CODE = "123456"
LOT = "DEMO1"
# The worker that a schedule runs every quarter of an hour.
REMINDS = "apothecary-local-notifications-remind"
_BOLD, _DIM, _PLAIN = ("\033[1m", "\033[2m", "\033[0m") if sys.stdout.isatty() else ("", "", "")


class Story:
    """Who and what the chapters hand on."""

    def __init__(self, stack):
        self.stack, self.api = stack, stack["api_url"].rstrip("/")
        self.run = uuid.uuid4().hex[:8]
        self.today = datetime.now(timezone.utc).date()
        self.guest = Caller(self.api)
        self.expires_on = parts.day(self.today, 730)
        self.shelf = []

    def staff(self, name):
        """Somebody of the seeded staff, signed in."""
        return self.guest.sign_in(f"{name}@apothecary.test", STAFF_PASSWORD)


def prepare(story):
    """The shelf"""
    story.pharmacist, story.second = story.staff("pharmacist"), story.staff("pharmacist2")
    story.doctor = story.staff("doctor")
    story.pharmacist.call("PUT", "/v1/categories/demonstration",
                          {"name": "Demonstration", "parent_id": None, "position": 990})
    story.antibiotic = _put_on_sale(story, "Amoxicillin 500 mg capsules", "amoxicillin", "500 mg", "capsule",
                                    "20 capsules", 1)
    story.tablets = _put_on_sale(story, "Acarbose 50 mg tablets", "acarbose", "50 mg", "tablet", "6 tablets", 2)
    say("Two medicines that need a prescription are on the shelf, 20 packs each, received as a lot with its last day.")
    link("what a guest sees", f"{story.api}/v1/products/{story.antibiotic['slug']}")


def _put_on_sale(story, name, ingredient, strength, form, pack, number):
    code = parts.gtin(int(story.run, 16) * 2 + number)
    body = {
        "name": f"{name} (demonstration {story.run})", "brand": None, "dosage_form": form, "route": "oral",
        "ingredients": [{"name": ingredient, "strength": strength}], "pack_size": pack,
        "category_id": "demonstration", "description": "Made by the demonstration.", "gtin": code,
        "price": {"amount": 1250, "currency": story.stack.get("currency", "USD")}, "legal_status": "prescription", "status": "active",
    }
    product = story.pharmacist.post("/v1/products", body)
    story.shelf.append(product)
    lot = {"number": LOT, "expires_on": story.expires_on, "quantity": 20, "gtin": code, "supplier": "demonstration"}
    story.pharmacist.post(f"/v1/products/{product['id']}/lots", lot, key=True)
    return product | {"code": code}


def register(story):
    """A stranger"""
    email = f"anna-{story.run}@example.test"
    body = {"email": email, "password": PASSWORD, "full_name": "Anna Azad"}
    story.guest.post("/v1/auth/register", body)
    say(f"Anna registers as {email} and gets a code by mail.")
    link("the mails of the local stack", f"{story.stack['aws_endpoint']}/_ministack/ses/messages")
    story.guest.post("/v1/auth/register/confirm", {"email": email, "code": REGISTRATION_CODE})
    story.anna = story.guest.sign_in(email, PASSWORD)
    say(f"She confirms it and signs in: she is a {', '.join(story.anna.user['roles'])}, as everybody who registers.")
    address = {"recipient": "Anna Azad", "line1": "Durbar Marg 7", "city": "Kathmandu", "postal_code": "44600",
               "country": "NP", "phone": "+9779812345678"}
    story.address = story.anna.post("/v1/profile/addresses", address)
    # Nobody is reminded before nine in the morning where they are, and it must not matter when this is played.
    story.anna.call("PUT", "/v1/profile/notifications", {"time_zone": parts.awake(datetime.now(timezone.utc).hour)})
    allergy = {"substance": "penicillin", "reaction": "hives", "severity": "mild", "certainty": "confirmed"}
    story.anna.post("/v1/records/allergies", allergy)
    say("She says where she lives, and that penicillin once gave her hives.")


def consult(story):
    """A doctor"""
    ask = {"topic": "A tooth", "text": "The dentist looked at my tooth and said that it is inflamed. What can I do?",
           "language": "en"}
    asked = story.anna.post("/v1/consultations", ask, key=True)
    if "id" not in asked:
        raise Stuck(f"What Anna asked was taken for an emergency: {asked}")
    path = f"/v1/consultations/{asked['id']}"
    story.pharmacist.post(f"{path}/assign", {"doctor_id": story.doctor.user["id"]})
    say("Anna asks a doctor. The pharmacy gives the question to Dora; what is written there is for the two alone.")
    answer = {"client_id": str(uuid.uuid4()),
              "text": "Take what I prescribe for it, and go on with your tablets. Come back if it swells."}
    story.doctor.post(f"{path}/respond", answer)
    story.doctor.post(f"{path}/close", {"outcome": "answered"})
    texts = [message.get("text") for message in story.anna.get(f"{path}/messages")["items"]]
    say(f"Dora answers: \"{answer['text']}\" Anna reads {len(texts)} messages.")


def prescribe(story):
    """A prescription"""
    items = ((story.antibiotic, 1), (story.tablets, 1))
    for product, quantity in items:
        story.anna.call("PUT", f"/v1/cart/items/{product['id']}", {"quantity": quantity})
    body = {"address_id": story.address["id"], "payment_method": "card", "prescription_ids": []}
    preview = story.anna.post("/v1/checkout/preview", body)
    say(f"Anna fills her cart: {parts.money(preview['totals']['total'])}. Ordering would need: "
        f"{', '.join(preview['requires']) or 'nothing'}.")
    try:
        story.anna.post("/v1/orders", body, key=True)
    except Refused as refused:
        say(f"She tries without a prescription: {refused.status} {refused.code}. No stock was touched.")
    else:
        raise Stuck("An order of prescription medicines went through without a prescription.")
    file = parts.prescription(story.run)
    announcement = {"content_type": "application/pdf", "size_bytes": len(file),
                    "issued_on": parts.day(story.today, -1), "patient_name": "Anna Azad",
                    "prescriber": {"name": "Dr Dora Doctor", "registration_number": "BM 1234"}}
    started = story.anna.post("/v1/prescriptions", announcement)
    story.prescription = f"/v1/prescriptions/{started['id']}"
    upload(started["upload"], file)
    checked = eventually("The check of the uploaded file", lambda: _unless(
        story.anna.get(story.prescription), "awaiting_upload"))
    if checked["status"] != "pending":
        raise Stuck(f"The uploaded prescription is {checked['status']}: {checked.get('refusal')}")
    say("She uploads the prescription, straight to the storage. A worker has rebuilt it from its pages: nothing that "
        "could run is left in it.")


def _unless(view, status):
    return None if view["status"] == status else view


def review(story):
    """The pharmacist"""
    story.pharmacist.post(f"{story.prescription}/claim")
    seen = story.pharmacist.get(story.prescription)
    say("Priya finds it in the queue and takes it; for half an hour nobody else decides.")
    link("the file, for a few minutes", seen.get("file_url") or "not shown")
    approval = {
        "decision": "approve", "has_signature": True, "valid_until": parts.day(story.today, 60),
        "items": [
            {"product_id": story.antibiotic["id"], "quantity": 1, "fills_allowed": 1, "min_days_between": 0},
            {"product_id": story.tablets["id"], "quantity": 1, "fills_allowed": 2, "min_days_between": 2,
             "days_supply": 2, "directions": "One tablet three times a day."},
        ],
    }
    story.pharmacist.post(f"{story.prescription}/review", approval)
    say("She approves it: the antibiotic once, the tablets twice, the second time not before it is due.")


def order(story):
    """The order"""
    body = {"address_id": story.address["id"], "payment_method": "card",
            "prescription_ids": [story.prescription.rsplit("/", 1)[1]]}
    body["expected_total"] = story.anna.post("/v1/checkout/preview", body)["totals"]["total"]
    placed = story.anna.post("/v1/orders", body, key=True)
    story.order, story.number = f"/v1/orders/{placed['id']}", placed["number"]
    say(f"Anna orders: {placed['number']}, {parts.money(body['expected_total'])}. The order waits for:")
    for hold in placed["holds"]:
        say(f"  {hold['code']} ({hold['next_actor']}): {hold['detail']}")
    for finding in (placed.get("screening") or {}).get("findings", [])[:3]:
        say(f"  screening found: {finding['kind']}, {finding['consequence']}: {finding['detail']}")
    started = story.anna.post(f"{story.order}/payment", {"return_url": "http://localhost:3000/orders"})
    pay(story.stack["payments_url"], started["client"])
    eventually("The hold of the money", lambda: _paid(story, "authorized"))
    say("She pays by card at the stand-in for Stripe. The money is held, not taken.")
    link("what the stand-in has done", f"{story.stack['payments_url']}/_ledger")


def _paid(story, *statuses):
    current = story.anna.get(story.order)
    return current if current["payment"]["status"] in statuses else None


def verify(story):
    """The check"""
    for _ in range(5):
        current = story.pharmacist.get(story.order)
        waiting = [hold for hold in current["holds"] if hold["code"] == "screening"]
        if not waiting:
            break
        decision = {"decision": "override", "reason_code": "record_is_wrong",
                    "reason": "Talked to her: it was a rash of measles, not the medicine."}
        path = f"{story.order}/holds/{waiting[0]['id']}/resolve"
        try:
            story.pharmacist.post(path, decision)
            say("Priya looks at what screening found, talks to Anna, and writes down why it may go on.")
        except Refused as refused:
            if refused.code != "second_pharmacist_required":
                raise
            story.second.post(path, decision)
            say("That takes two: Peter, another pharmacist, has decided the same.")
    story.pharmacist.post(f"{story.order}/transitions", {"to": "verified"})
    current = eventually("The money", lambda: _paid(story, "captured"))
    say(f"She verifies the order. Only now the money is taken: {parts.money(current['payment']['captured'])}.")


def pack(story):
    """The parcel"""
    products = (story.antibiotic, story.tablets)
    codes = [parts.scan(product["code"], LOT, story.expires_on, f"S{story.run}{place}")
             for place, product in enumerate(products)]
    wrong = parts.scan(story.antibiotic["code"], "OTHER", story.expires_on, "S0")
    try:
        story.pharmacist.post(f"{story.order}/transitions", {"to": "packed", "scans": [wrong]})
    except Refused as refused:
        say(f"A pack of another lot is scanned: {refused.status} {refused.code}. The parcel stays open.")
    else:
        raise Stuck("A pack of a lot that was not picked went into the parcel.")
    packed = story.pharmacist.post(f"{story.order}/transitions", {"to": "packed", "scans": codes})
    for line in packed["items"]:
        lots = ", ".join(f"{lot['number']} (good until {lot['expires_on']})" for lot in line["lots"])
        say(f"  {line['quantity']} × {line['name']}: lot {lots}")
    say("The right packs are scanned, each with its serial number: a recall would find Anna.")
    story.pharmacist.post(f"{story.order}/transitions", {"to": "shipped", "tracking": "NP-2026-1234"})
    delivered = story.pharmacist.post(f"{story.order}/transitions", {"to": "delivered"})
    say("Shipped, and delivered: " + " → ".join(step["status"] for step in delivered["history"] if step.get("status")))


def remind(story):
    """The reminder"""
    seen = story.anna.get(story.prescription)
    [line] = [item for item in seen["items"] if item.get("fills", {}).get("left")]
    say(f"The tablets last two days and have {line['fills']['left']} fill left, due on {line['eligible_on']}. Anna is to be reminded three "
        "days before, which is over: the worker that looks every quarter of an hour is run now.")
    notice = eventually("The reminder", lambda: _reminded(story))
    say(f"In her inbox, and as a mail: \"{notice['text']}\"")
    link("the mails of the local stack", f"{story.stack['aws_endpoint']}/_ministack/ses/messages")


def _reminded(story):
    # What is to be reminded of is written down by another worker, a moment after the order.
    aws.invoke(story.stack["aws_endpoint"], REMINDS, {"source": "aws.events", "detail": {}}, datetime.now(timezone.utc))
    notices = story.anna.get("/v1/notifications", limit=50)["items"]
    return next((notice for notice in notices if notice["kind"] == "refill_due"), None)


def afterwards(story):
    """Afterwards"""
    told = eventually("What Anna was told of", lambda: story.anna.get("/v1/notifications", limit=50)["items"])
    say(f"Her inbox: {', '.join(notice['kind'] for notice in told)}.")
    looks = story.anna.get("/v1/profile/access-log", limit=50)["items"]
    say(f"Her own trail says who has looked: {', '.join(sorted({look['action'] for look in looks})) or 'nobody yet'}.")
    link("the API, to go on with", f"{story.api}/v1/docs")


CHAPTERS = (prepare, register, consult, prescribe, review, order, verify, pack, remind, afterwards)


def say(text):
    """A sentence of the story."""
    print(f"  {text}", flush=True)


def link(what, url):
    """Where to look."""
    print(f"  {_DIM}{what}: {url}{_PLAIN}", flush=True)


def description():
    """The running stack.

    Raises Stuck where none is described.
    """
    port = os.environ.get("APOTHECARY_PORT", "4566")
    usual = ROOT / ".local" / ("stack.json" if port == "4566" else f"stack-{port}.json")
    path = Path(os.environ.get("APOTHECARY_STACK", usual))
    try:
        stack = json.loads(path.read_text())
    except FileNotFoundError:
        raise Stuck("The local stack is not running. Start it in another terminal: make dev") from None
    missing = [name for name in ("api_url", "aws_endpoint", "payments_url") if not stack.get(name)]
    if missing:
        raise Stuck(f"{path} does not say {', '.join(missing)}: it is of an older stack. Start it again: make dev")
    return stack


def play(story):
    """All chapters; what was put on the shelf is taken off again, whatever happens."""
    try:
        for number, chapter in enumerate(CHAPTERS, 1):
            print(f"\n{_BOLD}{number}. {chapter.__doc__}{_PLAIN}", flush=True)
            try:
                chapter(story)
            except KeyError as missing:
                raise Stuck(f"An answer of the API has no {missing}.") from missing
    finally:
        for product in story.shelf:
            try:
                story.pharmacist.call("DELETE", f"/v1/products/{product['id']}")
            except Stuck as stuck:
                say(f"{product['name']} could not be taken off the shelf: {stuck}")


def main():
    """Plays it, or says what is in the way."""
    began = time.monotonic()
    try:
        play(Story(description()))
    except Stuck as stuck:
        print(f"\nThe demonstration stops here: {stuck}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    print(f"\nAll of it took {time.monotonic() - began:.0f} seconds.")


if __name__ == "__main__":
    main()
