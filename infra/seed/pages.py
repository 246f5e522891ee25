"""Loads the starter pages through the API: written by one pharmacist, reviewed by another, published by an admin.

    python3 infra/seed/pages.py --api-url https://… --author <token> --reviewer <token> --publisher <token>

The review that it posts is no pharmacist's: it is what a local stack needs to show the pages. Whoever runs it for others has them
read first, and compared with the sources that they name.

Once more changes nothing: a page that is published already is left alone.
"""

import argparse
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from client import Client, Refused

_PAGES = Path(__file__).resolve().parent / "pages"
_LOCALES = ("en", "ne", "bn")
_NOTE = "Starter text, written from general knowledge; no pharmacist has compared it with its sources yet."


def main():
    """Loads them all."""
    options = _options()
    author, reviewer, publisher = (
        Client(options.api_url, token) for token in (options.author, options.reviewer, options.publisher)
    )
    products = _products_by_ingredient(author)
    known = {locale: _published(author, locale) for locale in _LOCALES}
    wanted = [(locale, page) for locale in _LOCALES for page in _pages(locale) if page["slug"] not in known[locale]]
    # One page at a time in all its languages: publishing looks at the whole page.
    by_slug = {}
    for locale, page in wanted:
        by_slug.setdefault(page["slug"], []).append((locale, page))
    with ThreadPoolExecutor(options.jobs) as pool:
        list(pool.map(lambda pages: _load(author, reviewer, publisher, products, pages), by_slug.values()))
    print(f"{len(wanted)} pages in {len(by_slug)} articles and leaflets", flush=True)


def _options():
    parser = argparse.ArgumentParser(description="Loads the starter pages through the API.")
    parser.add_argument("--api-url", required=True, help="where the API is; paths begin with /v1")
    parser.add_argument("--author", required=True, help="an access token of a pharmacy_admin")
    parser.add_argument("--reviewer", required=True, help="an access token of another pharmacy_admin")
    parser.add_argument("--publisher", required=True, help="an access token of a super_admin")
    parser.add_argument("--jobs", type=int, default=8, help="how many pages at once")
    return parser.parse_args()


def _pages(locale):
    return json.loads((_PAGES / f"{locale}.json").read_text(encoding="utf-8"))["pages"]


def _published(client, locale):
    """The slugs that are published in a language, not as a fallback."""
    slugs, cursor = set(), ""
    while cursor is not None:
        page = client.call("GET", f"/v1/pages?locale={locale}&limit=100" + (f"&cursor={cursor}" if cursor else ""))
        slugs |= {card["slug"] for card in page["items"] if not card["fallback"]}
        cursor = page["next_cursor"]
    return slugs


def _products_by_ingredient(client):
    """The ids of the products that have one ingredient alone, by its name."""
    found = {}
    for card in client.every("/v1/products"):
        names = [ingredient["name"].lower() for ingredient in card["ingredients"]]
        if len(names) == 1:
            found.setdefault(names[0], []).append(card["id"])
    return found


def _load(author, reviewer, publisher, products, pages):
    for locale, page in pages:
        shown_on = [product for name in page.get("ingredients", []) for product in products.get(name, [])]
        body = {name: page[name] for name in ("kind", "title", "summary", "tags", "sources", "review_due")}
        body |= {"body": "\n".join(page["body"]), "product_ids": shown_on[:100]}
        path = f"/v1/pages/{page['slug']}/{locale}"
        written = author.call("PUT", path, body)
        review = {"version": written["version"], "decision": "approve", "note": _NOTE}
        reviewer.call("POST", f"{path}/review", review)
    publisher.call("POST", f"/v1/pages/{pages[0][1]['slug']}/publish", {})


if __name__ == "__main__":
    try:
        main()
    except (Refused, OSError) as failure:
        sys.exit(f"seed: {failure}")
