"""Our shop, on the private stack that APOTHECARY_STACK describes."""

import json
import time
import urllib.parse
import uuid
from pathlib import Path

from plan import ADDRESS, CURRENCY, PASSWORD
from processor import Family
from wire import TRIES, Count, Wire

_STAFF_PASSWORD = "local-only-apothecary"
# The local stack sends the same code to everybody.
_CODE = "123456"
_CATEGORY = "bench-peers"
# Two seconds after a change every function has read it.
_CAUGHT_UP_SECONDS = 4
_OVERLOADED = (429, 503)


class Ours:
    """The shop; its functions are counted, and apart from them the local AWS, which stands in for Amazon's."""

    name = "Apothecary"

    def __init__(self, description):
        stack = json.loads(Path(description).read_text())
        self._url, self.count, self._products = stack["api_url"], Count(), {}
        # `test-stack` keeps both in the same folder.
        self._family = Family(int((Path(description).parent / "emulator.pid").read_text()))
        self._pharmacist = Customer(self, "pharmacist@apothecary.test", _STAFF_PASSWORD)
        self._pharmacist.sign_in()

    def seconds(self):
        """Processor time so far: of the shop, and of what stands in for services of others."""
        return {"shop": self._family.children(), "beside": self._family.own()}

    def catalogue(self):
        """Every product there is: name, description and price, for the other shop."""
        found, cursor = [], None
        while True:
            query = {"limit": 100} | ({"cursor": cursor} if cursor else {})
            page = self._pharmacist.call("GET", f"/v1/products?{urllib.parse.urlencode(query)}").json()
            found += page["items"]
            cursor = page.get("next_cursor")
            if not cursor:
                return found

    def stock(self, products):
        """Puts products on sale."""
        pharmacist = self._pharmacist
        pharmacist.done("PUT", f"/v1/categories/{_CATEGORY}", {"name": "Bench", "parent_id": None, "position": 990})
        for product in products:
            body = {
                "name": product.name, "brand": None, "ingredients": [{"name": product.ingredient, "strength": "10 mg"}],
                "dosage_form": "tablet", "route": "oral", "pack_size": "20 tablets", "category_id": _CATEGORY,
                "description": "Made by bench-peers.", "price": {"amount": product.cents, "currency": CURRENCY},
                "legal_status": "otc", "status": "active",
            }
            made = pharmacist.done("POST", "/v1/products", body)
            lot = {"number": "BENCH", "expires_on": "2099-12-31", "quantity": product.units}
            pharmacist.done("POST", f"/v1/products/{made['id']}/lots", lot, key=True)
            self._products[product.key] = made["id"]
        time.sleep(_CAUGHT_UP_SECONDS)

    def customer(self, number):
        """A new customer."""
        email = f"bench-{uuid.uuid4().hex[:12]}-{number}@example.test"
        guest = Customer(self, email, PASSWORD)
        guest.done("POST", "/v1/auth/register", {"email": email, "password": PASSWORD, "full_name": "Some One"})
        guest.done("POST", "/v1/auth/register/confirm", {"email": email, "code": _CODE})
        return guest

    def id_of(self, product):
        """Its id here."""
        return self._products[product.key]

    def promised(self, product):
        """The units that are promised to orders, and those that are free, as the stock says."""
        stock = self._pharmacist.done("GET", f"/v1/products/{self.id_of(product)}/lots")["stock"]
        return stock["reserved"], stock["available"]

    def wire(self):
        """A new connection."""
        return Wire(self._url, self.count, lambda answer: answer.status >= 500)


class Customer:
    """Somebody who shops."""

    def __init__(self, shop, email, password):
        self._shop, self._email, self._password = shop, email, password
        self._wire, self._token = shop.wire(), None

    def sign_in(self):
        """Signs in."""
        self._token = None
        answer = self.done("POST", "/v1/auth/login", {"email": self._email, "password": self._password})
        self._token = answer["access_token"]

    def search(self, product):
        """Searches by the ingredient; the product must be found."""
        query = urllib.parse.urlencode({"query": product.ingredient, "limit": 24})
        found = self.done("GET", f"/v1/products?{query}")["items"]
        if self._shop.id_of(product) not in [one["id"] for one in found]:
            raise RuntimeError(f"ours does not find {product.ingredient}")

    def look(self, product):
        """Reads the product's page."""
        self.done("GET", f"/v1/products/{self._shop.id_of(product)}")

    def fill(self, product):
        """Puts one in the cart."""
        self.done("PUT", f"/v1/cart/items/{self._shop.id_of(product)}", {"quantity": 1})

    def check_out(self):
        """Orders what is in the cart, to be paid on delivery; True where the order is placed, False where nothing is left.

        A server at fault is asked again under the same key.
        """
        body, key = {"address": ADDRESS, "payment_method": "cod", "prescription_ids": []}, str(uuid.uuid4())
        for _ in range(TRIES):
            answer = self.call("POST", "/v1/orders", body, key)
            if answer.status == 201:
                return True
            if answer.status == 422 and {one["code"] for one in answer.json().get("problems", [])} == {"out_of_stock"}:
                return False
            if answer.status not in _OVERLOADED and answer.status < 500:
                raise RuntimeError(f"ours answers an order with {answer.status}: {answer.text[:300]!r}")
            time.sleep(0.2)
        raise RuntimeError(f"ours has not placed or refused an order in {TRIES} tries")

    def orders(self):
        """Reads the list of orders; how many it holds."""
        return len(self.done("GET", "/v1/orders?limit=20")["items"])

    def done(self, method, path, body=None, key=False):
        """What is answered to a request that must be done."""
        answer = self.call(method, path, body, str(uuid.uuid4()) if key else None)
        if answer.status >= 300:
            raise RuntimeError(f"ours answers {method} {path} with {answer.status}: {answer.text[:300]!r}")
        return answer.json() if answer.text else None

    def call(self, method, path, body=None, key=None):
        """What is answered."""
        headers = {"authorization": f"Bearer {self._token}"} if self._token else {}
        return self._wire.send(method, path, body, headers | ({"idempotency-key": key} if key else {}))
