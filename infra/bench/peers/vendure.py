"""Vendure as a shop beside ours: started for the run, ended after it."""

import contextlib
import json
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
import uuid
from pathlib import Path

from plan import ADDRESS, CURRENCY, PASSWORD
from processor import Family
from wire import TRIES, Count, Wire

_START_SECONDS = 180
_ADMIN = ("admin", "local-only-apothecary")
# The role that PostgreSQL's packages make. PostgreSQL does not run as root.
_POSTGRES_USER = "postgres"

_SEARCH = """query($term: String!) { search(input: {term: $term, groupByProduct: true, take: 24}) { totalItems items {
  productId productName slug description inStock currencyCode productVariantId sku
  priceWithTax { ... on SinglePrice { value } ... on PriceRange { min max } } } } }"""
_PRODUCT = """query($id: ID!) { product(id: $id) { id name slug description createdAt updatedAt
  variants { id sku name priceWithTax currencyCode stockLevel } } }"""
_CART = "id code state totalQuantity subTotalWithTax totalWithTax currencyCode lines { id quantity linePriceWithTax productVariant { id name sku } }"
_FILL = "mutation($id: ID!) { addItemToOrder(productVariantId: $id, quantity: 1) { __typename ... on Order { " + _CART + """ }
  ... on ErrorResult { errorCode message } } }"""
# All that a checkout takes, in one request: the least that Vendure can be asked in.
_CHECK_OUT = """mutation($address: CreateAddressInput!, $shipping: [ID!]!) {
  setOrderShippingAddress(input: $address) { __typename ... on ErrorResult { errorCode message } }
  setOrderShippingMethod(shippingMethodId: $shipping) { __typename ... on ErrorResult { errorCode message } }
  transitionOrderToState(state: "ArrangingPayment") { __typename ... on OrderStateTransitionError { errorCode message transitionError } }
  addPaymentToOrder(input: {method: "on-delivery", metadata: {}}) { __typename ... on Order { """ + _CART + """ }
    ... on ErrorResult { errorCode message } } }"""
_ORDERS = "{ activeCustomer { orders(options: {take: 20, sort: {createdAt: DESC}}) { totalItems items { orderPlacedAt " + _CART + " } } } }"
_STOCK = """query($sku: String!) { productVariants(options: {filter: {sku: {eq: $sku}}}) { items { id product { id }
  stockLevels { stockOnHand stockAllocated } } } }"""
_SHIPPING = "{ eligibleShippingMethods { id } }"
_LOGIN = """mutation($name: String!, $password: String!) { login(username: $name, password: $password) {
  __typename ... on CurrentUser { id identifier } ... on ErrorResult { errorCode message } } }"""
_REGISTER = """mutation($email: String!, $password: String!) { registerCustomerAccount(input: {emailAddress: $email, firstName: "Some",
  lastName: "One", password: $password}) { __typename ... on ErrorResult { errorCode message } } }"""
_SOLD_OUT = ("INSUFFICIENT_STOCK_ERROR", "insufficient stock", "insufficient-stock")


class Missing(Exception):
    """What a run needs is not installed here."""


class Vendure:
    """The shop, which runs; its server is counted, and apart from it its database where that is a process of its own."""

    def __init__(self, name, url, server, database):
        self.name, self.count, self._url = name, Count(), url
        self._server, self._database = server, database
        self._ids, self._variants, self.shipping = {}, {}, None

    def seconds(self):
        """Processor time so far: of the shop, and of its database."""
        beside = self._database.own() + self._database.children() if self._database else 0.0
        return {"shop": self._server.own() + self._server.children(), "beside": beside}

    def stock(self, products):
        """Looks up what the database was filled with."""
        for product in products:
            [item] = self._admin(_STOCK, {"sku": product.key})["productVariants"]["items"]
            self._ids[product.key], self._variants[product.key] = item["product"]["id"], item["id"]

    def customer(self, number):
        """A new customer."""
        email = f"bench-{uuid.uuid4().hex[:12]}-{number}@example.test"
        guest = Customer(self, email)
        guest.ask(_REGISTER, {"email": email, "password": PASSWORD}, "registerCustomerAccount")
        return guest

    def promised(self, product):
        """The units that are promised to orders, and those that are free, as the stock says."""
        [item] = self._admin(_STOCK, {"sku": product.key})["productVariants"]["items"]
        [level] = item["stockLevels"]
        return level["stockAllocated"], level["stockOnHand"] - level["stockAllocated"]

    def id_of(self, product):
        """Its id here."""
        return self._ids[product.key]

    def variant_of(self, product):
        """The id of what goes into a cart."""
        return self._variants[product.key]

    def wire(self):
        """A new connection."""
        return Wire(self._url, self.count, is_fault)

    def _admin(self, query, variables):
        wire = Wire(self._url, Count(), is_fault)
        login = {"query": _LOGIN, "variables": {"name": _ADMIN[0], "password": _ADMIN[1]}}
        token = wire.send("POST", "/admin-api", login).headers["vendure-auth-token"]
        answer = wire.send("POST", "/admin-api", {"query": query, "variables": variables}, {"authorization": f"Bearer {token}"})
        return answer.json()["data"]


class Customer:
    """Somebody who shops."""

    def __init__(self, shop, email):
        self._shop, self._email, self._wire, self._token = shop, email, shop.wire(), None

    def sign_in(self):
        """Signs in."""
        self._token = None
        answer = self.call(_LOGIN, {"name": self._email, "password": PASSWORD})
        self._token = answer.headers["vendure-auth-token"]
        _done(answer.json()["data"]["login"])

    def search(self, product):
        """Searches by the ingredient; the product must be found."""
        found = self.ask(_SEARCH, {"term": product.ingredient}, "search")["items"]
        if self._shop.id_of(product) not in [one["productId"] for one in found]:
            raise RuntimeError(f"{self._shop.name} does not find {product.ingredient}")

    def look(self, product):
        """Reads the product's page."""
        self.ask(_PRODUCT, {"id": self._shop.id_of(product)}, "product")

    def fill(self, product):
        """Puts one in the cart."""
        self.ask(_FILL, {"id": self._shop.variant_of(product)}, "addItemToOrder")
        # Vendure wants a cart to say what shipping there is. The id is the same for everybody, so it is asked for once.
        if self._shop.shipping is None:
            self._shop.shipping = self.ask(_SHIPPING, {}, "eligibleShippingMethods")[0]["id"]

    def check_out(self):
        """Orders what is in the cart, to be paid on delivery; True where the order is placed, False where nothing is left.

        A server at fault is asked again; it may have placed the order all the same, and then has no cart any more.
        """
        address = {"fullName": ADDRESS["recipient"], "streetLine1": ADDRESS["line1"], "city": ADDRESS["city"],
                   "postalCode": ADDRESS["postal_code"], "countryCode": ADDRESS["country"], "phoneNumber": ADDRESS["phone"]}
        for turn in range(TRIES):
            answer = self.call(_CHECK_OUT, {"address": address, "shipping": [self._shop.shipping]})
            outcome = outcome_of(answer)
            if outcome == "placed":
                return True
            if outcome == "sold out":
                return False
            if turn and outcome == "no cart":
                return True
            if outcome not in ("fault", "busy"):
                raise RuntimeError(f"{self._shop.name} answers an order with {answer.status}: {answer.text[:600]!r}")
            time.sleep(0.2)
        raise RuntimeError(f"{self._shop.name} has not placed or refused an order in {TRIES} tries")

    def orders(self):
        """Reads the list of orders; how many it holds that are placed."""
        items = self.ask(_ORDERS, {}, "activeCustomer")["orders"]["items"]
        return len([one for one in items if one["orderPlacedAt"]])

    def ask(self, query, variables, field):
        """What a field answers that must not refuse."""
        answer = self.call(query, variables)
        body = answer.json()
        if answer.status >= 300 or body.get("errors"):
            raise RuntimeError(f"{self._shop.name} answers {field} with {answer.status}: {answer.text[:300]!r}")
        return _done(body["data"][field])

    def call(self, query, variables):
        """What is answered."""
        headers = {"authorization": f"Bearer {self._token}"} if self._token else {}
        return self._wire.send("POST", "/shop-api", {"query": query, "variables": variables}, headers)


def is_fault(answer):
    """Whether the server is at fault. GraphQL says so with status 200 too: by an error that is no refusal."""
    if answer.status >= 500:
        return True
    try:
        errors = answer.json().get("errors") or []
    except ValueError:
        return False
    return any((error.get("extensions") or {}).get("code") == "INTERNAL_SERVER_ERROR" for error in errors)


def outcome_of(answer):
    """What came of a checkout: `placed`, `sold out`, `no cart`, `fault`, or something else that was refused."""
    if is_fault(answer):
        return "fault"
    if any(sign in answer.text.decode() for sign in _SOLD_OUT):
        return "sold out"
    data = answer.json().get("data") or {}
    paid = data.get("addPaymentToOrder") or {}
    if paid.get("__typename") == "Order" and paid.get("state") == "PaymentAuthorized":
        return "placed"
    return "no cart" if paid.get("errorCode") == "NO_ACTIVE_ORDER_ERROR" else f"refused: {paid.get('errorCode')}"


def _done(said):
    if isinstance(said, dict) and said.get("errorCode"):
        raise RuntimeError(f"refused: {said}")
    return said


@contextlib.contextmanager
def running(folder, kind, products):
    """Vendure with `sqlite` or `postgres`, filled with the products and asked by nobody else.

    Raises Missing where PostgreSQL is not installed, or cannot run.
    """
    with tempfile.TemporaryDirectory(prefix="bench-peers-") as scratch, contextlib.ExitStack() as stack:
        place = Path(scratch)
        database = stack.enter_context(_postgres(place)) if kind == "postgres" else None
        file, log, port = place / "products.json", place / "vendure.log", _free_port()
        file.write_text(json.dumps({"currency": CURRENCY, "products": products}))
        with open(log, "wb") as output:
            server = subprocess.Popen(["node", "shop.mjs", str(file), str(port), kind, str(place)], cwd=folder,
                                      stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        stack.callback(_end, server)
        _wait(server, log)
        name = {"sqlite": "Vendure, SQLite", "postgres": "Vendure, PostgreSQL"}[kind]
        yield Vendure(name, f"http://127.0.0.1:{port}", Family(server.pid), database)


def _wait(server, log):
    deadline = time.monotonic() + _START_SECONDS
    while "listening" not in log.read_text(errors="replace"):
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("Vendure did not start:\n" + log.read_text(errors="replace")[-3000:])
        time.sleep(0.2)


@contextlib.contextmanager
def _postgres(place):
    """A PostgreSQL of its own in a folder, which listens on a socket there."""
    programs = {name: shutil.which(name) for name in ("initdb", "postgres")}
    if None in programs.values():
        raise Missing("PostgreSQL is not installed (initdb and postgres are not on PATH)")
    become = {}
    if os.geteuid() == 0:
        try:
            somebody = pwd.getpwnam(_POSTGRES_USER)
        except KeyError:
            raise Missing(f"PostgreSQL does not run as root, and there is no user {_POSTGRES_USER}") from None
        become = {"user": somebody.pw_uid, "group": somebody.pw_gid, "extra_groups": []}
        os.chown(place, somebody.pw_uid, somebody.pw_gid)
    data, log = place / "data", place / "postgres.log"
    made = subprocess.run([programs["initdb"], "-D", str(data), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"],
                          capture_output=True, text=True, cwd=place, **become)
    if made.returncode != 0:
        raise Missing(f"PostgreSQL could not be set up: {made.stderr.strip()[-300:]}")
    with open(log, "wb") as output:
        server = subprocess.Popen([programs["postgres"], "-D", str(data), "-k", str(place), "-c", "listen_addresses="], cwd=place,
                                  stdin=subprocess.DEVNULL, stdout=output, stderr=output, **become)
    try:
        deadline = time.monotonic() + 30
        while "ready to accept connections" not in log.read_text(errors="replace"):
            if server.poll() is not None or time.monotonic() > deadline:
                raise Missing("PostgreSQL did not start: " + log.read_text(errors="replace")[-300:])
            time.sleep(0.1)
        yield Family(server.pid)
    finally:
        _end(server)


def _end(process):
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
