"""Loads the starter formulary through the API: categories, products, stock, and a few pictures.

    python3 infra/seed/seed.py --api-url https://… --token <access token of a pharmacy_admin> [--only 40]

A pharmacy that sells in another currency than the formulary's says so, and at what rate, which is multiplied and not looked up:
`--currency NPR --rate 140`.

Once more changes nothing: categories are put, products that are there already are left alone, and stock is received
under a key of its own, which counts once within a day. What is sold out later than that is stocked again.
"""

import argparse
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from client import Client, Refused, upload

_HERE = Path(__file__).resolve().parent
# What the API's product does not have, or calls otherwise.
# The last day of what is loaded: these packs are nowhere, and are not to run out of time in demonstrations.
_EXPIRES_ON = "2099-12-31"
_ONLY_HERE = ("category", "stock", "picture", "source", "schedule", "te_codes")
_SAY_EVERY = 100


def main():
    """Loads it all."""
    options = _options()
    client = Client(options.api_url, options.token)
    categories = json.loads((_HERE / "categories.json").read_text(encoding="utf-8"))["categories"]
    for category in _parents_first(categories):
        client.call("PUT", f"/v1/categories/{category['id']}", {name: category[name] for name in
                                                                 ("name", "parent_id", "position")})
    print(f"{len(categories)} categories", flush=True)

    formulary = [_priced(product, options) for product in _formulary()[:options.only]]
    known = {card["slug"]: card for card in client.every("/v1/products")}
    with ThreadPoolExecutor(options.jobs) as pool:
        loaded = []
        for card in pool.map(lambda product: _load(client, product, known.get(product["slug"])), formulary):
            loaded.append(card)
            if len(loaded) % _SAY_EVERY == 0 or len(loaded) == len(formulary):
                print(f"{len(loaded)} of {len(formulary)} products", flush=True)
        pictured = list(_one_of_each_picture(formulary, loaded))
        list(pool.map(lambda pair: _show(client, *pair), pictured))
    print(f"{len(pictured)} pictures uploaded", flush=True)


def _options():
    parser = argparse.ArgumentParser(description="Loads the starter formulary through the API.")
    parser.add_argument("--api-url", required=True, help="where the API is; paths begin with /v1")
    parser.add_argument("--token", default=os.environ.get("APOTHECARY_TOKEN"),
                        help="an access token of a pharmacy_admin; APOTHECARY_TOKEN where it is not given")
    parser.add_argument("--only", type=int, help="load this many products, taken from all categories in turn")
    parser.add_argument("--currency", help="what the pharmacy sells in, where that is not the formulary's currency; with --rate")
    parser.add_argument("--rate", type=int, help="what one of the formulary's currency is worth in --currency")
    parser.add_argument("--jobs", type=int, default=8, help="how many requests at once")
    options = parser.parse_args()
    if not options.token:
        parser.error("give --token or set APOTHECARY_TOKEN")
    if (options.currency is None) != (options.rate is None) or (options.rate or 1) < 1:
        parser.error("give --currency with a --rate of 1 or more, or neither")
    return options


def _priced(product, options):
    """The product at its price in the currency that is sold in."""
    if options.currency is None:
        return product
    return product | {"price": {"amount": product["price"]["amount"] * options.rate, "currency": options.currency}}


def _parents_first(categories):
    """The categories in an order in which each comes after the one that it is part of."""
    done, waiting = {None}, list(categories)
    while waiting:
        ready = [category for category in waiting if category["parent_id"] in done]
        if not ready:
            raise ValueError(f"no way to the parents of {[category['id'] for category in waiting]}")
        yield from ready
        done.update(category["id"] for category in ready)
        waiting = [category for category in waiting if category["id"] not in done]


def _formulary():
    """All products, the first of each category, then the second of each, and so on: neighbours rarely write to the same
    category, and the beginning of the list has something of everything."""
    ranked = []
    for path in sorted((_HERE / "formulary").glob("*.json")):
        products = json.loads(path.read_text(encoding="utf-8"))["products"]
        ranked += [(place, path.name, product) for place, product in enumerate(products)]
    return [product for _, _, product in sorted(ranked, key=lambda entry: entry[:2])]


def _load(client, product, card):
    """Creates the product where it is missing, and stocks it where there is none of it."""
    if card is None:
        body = {name: value for name, value in product.items() if name not in _ONLY_HERE}
        body |= {"category_id": product["category"], "status": "active"}
        if "schedule" in product:
            body["schedule"] = product["schedule"]["class"]
        try:
            card = client.call("POST", "/v1/products", body)
        except Refused as refused:
            if refused.code != "slug_taken":
                raise
            card = client.call("GET", f"/v1/products/{product['slug']}")
    if card["availability"] == "out" and product["stock"] > 0:
        lot = {"number": "STARTER", "expires_on": _EXPIRES_ON, "quantity": product["stock"], "supplier": "starter formulary"}
        client.call("POST", f"/v1/products/{card['id']}/lots", lot, idempotency_key=f"seed-{product['slug']}")
    return card


def _one_of_each_picture(formulary, cards):
    """The first product of each kind of picture, unless it shows one already."""
    seen = set()
    for product, card in zip(formulary, cards):
        if product["picture"] not in seen:
            seen.add(product["picture"])
            if not (card.get("image") or card.get("images")):
                yield card, product["picture"]


def _show(client, card, picture):
    content = (_HERE / "pictures" / picture).read_bytes()
    body = {"content_type": "image/png", "size_bytes": len(content)}
    upload(client.call("POST", f"/v1/products/{card['id']}/images", body)["upload"], content)


if __name__ == "__main__":
    try:
        main()
    except (Refused, OSError) as failure:
        sys.exit(f"seed: {failure}")
