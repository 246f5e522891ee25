#!/usr/bin/env python3
"""Verifies the starter formulary: its own consistency and, given the table, its facts.

    python3 infra/seed/check.py
    python3 infra/seed/check.py --products drugsfda_products.csv

Without an argument the files of this folder are checked against each other. With `--products`, a CSV of the
Drugs@FDA products joined with their applications and marketing status (README.md names the columns), every product
that cites Drugs@FDA is compared with the row it cites. Exits with 1 when anything is wrong; corrects nothing.
"""

import argparse
import collections
import json
import pathlib
import re
import sys

from drugs_fda import APPLICATION, TE_CODE, check_against
from report import Report
from schedules import check_schedule

FOLDER = pathlib.Path(__file__).resolve().parent

MINIMUM_PRODUCTS = 220
MINIMUM_LEAF_CATEGORIES = 14
MAXIMUM_DESCRIPTION = 300
MAXIMUM_PICTURE_BYTES = 20_000
CURRENCY = "USD"

PRODUCT_KEYS = {
    "slug", "name", "brand", "ingredients", "dosage_form", "route", "pack_size", "category", "description",
    "price", "legal_status", "stock", "picture", "source",
}
OPTIONAL_KEYS = {"schedule", "te_codes"}

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

# The datasets beside Drugs@FDA, and what their citations look like. None carries prescription medicines or brands.
CITATIONS = {
    "OTC Monograph": re.compile(r"OTC Monograph M0\d\d, [A-Z].+ Products"),
    "Dietary supplement": re.compile(r"21 CFR 101\.36"),
    "WHO/UNICEF": re.compile(r"WHO/UNICEF reduced-osmolarity ORS, 2002, 245 mOsm/L"),
}


def load_products(report):
    """All products of `formulary/`, one file for each category."""
    products = []
    for path in sorted((FOLDER / "formulary").glob("*.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        report.expect(set(content) == {"about", "products"}, path.name, "wrong fields")
        for product in content["products"]:
            report.expect(product.get("category") == path.stem, path.name, f"{product.get('slug')} belongs elsewhere")
        products += content["products"]
    return products


def check_categories(categories, report):
    """A tree: known parents, no cycles, one position per place. Answers the ids of the leaves."""
    ids = [category["id"] for category in categories]
    parents = {category["id"]: category["parent_id"] for category in categories}
    places = collections.Counter((category["parent_id"], category["position"]) for category in categories)
    report.expect(len(set(ids)) == len(ids), "categories", "an id is used twice")
    for category in categories:
        where = f"category {category['id']}"
        report.expect(set(category) == {"id", "name", "parent_id", "position"}, where, "wrong fields")
        report.expect(SLUG.fullmatch(category["id"]), where, "the id is no slug")
        report.expect(places[category["parent_id"], category["position"]] == 1, where, "shares its position")
        seen, parent = {category["id"]}, category["parent_id"]
        while parent is not None:
            if not report.expect(parent in parents and parent not in seen, where, f"wrong ancestor {parent}"):
                break
            seen.add(parent)
            parent = parents[parent]
    leaves = set(ids) - set(parents.values())
    report.expect(len(leaves) >= MINIMUM_LEAF_CATEGORIES, "categories", f"only {len(leaves)} leaves")
    return leaves


def check_product(product, leaves, report):
    """What can be said of one product without the source's data."""
    where = product.get("slug", "a product without slug")
    missing, unknown = PRODUCT_KEYS - set(product), set(product) - PRODUCT_KEYS - OPTIONAL_KEYS
    if not report.expect(not missing and not unknown, where, f"missing {sorted(missing)}, unknown {sorted(unknown)}"):
        return
    report.expect(SLUG.fullmatch(where), where, "not a slug")
    for field in ("name", "dosage_form", "route", "pack_size", "description"):
        text = product[field]
        report.expect(text and text == text.strip() and "  " not in text, where, f"{field} is empty or untidy")
    report.expect(len(product["description"]) <= MAXIMUM_DESCRIPTION, where, "the description is too long")
    report.expect(product["category"] in leaves, where, f"{product['category']} is no leaf category")
    report.expect((FOLDER / "pictures" / product["picture"]).is_file(), where, f"no picture {product['picture']}")
    report.expect(type(product["stock"]) is int and product["stock"] >= 0, where, "stock is no count")
    price = product["price"]
    report.expect(
        set(price) == {"amount", "currency"} and type(price["amount"]) is int and price["amount"] > 0,
        where, "the price is no positive amount of minor units",
    )
    report.expect(price.get("currency") == CURRENCY, where, f"the price is not in {CURRENCY}")
    report.expect(product["ingredients"], where, "has no ingredient")
    for ingredient in product["ingredients"]:
        report.expect(set(ingredient) == {"name", "strength"}, where, "an ingredient has wrong fields")
        report.expect(ingredient["name"] == ingredient["name"].lower(), where, "an ingredient is not in lower case")
        report.expect(re.search(r"\d", ingredient["strength"]), where, "a strength has no number")
    check_schedule(product, where, report)
    check_source(product, where, report)


def check_source(product, where, report):
    """A citation is well-formed for its dataset, and the dataset can carry the legal status."""
    source, status = product["source"], product["legal_status"]
    dataset, codes = source.get("dataset"), product.get("te_codes", [])
    report.expect(status in {"otc", "prescription", "controlled"}, where, f"unknown legal status {status}")
    if dataset == "Drugs@FDA":
        report.expect(set(source) == {"dataset", "version", "application"}, where, "wrong fields in source")
        report.expect(APPLICATION.fullmatch(source["application"]), where, "malformed application")
        report.expect(re.fullmatch(r"\d{4}-\d\d", source["version"]), where, "malformed version")
        report.expect(all(TE_CODE.fullmatch(code) for code in codes), where, f"malformed equivalence codes {codes}")
    elif report.expect(dataset in CITATIONS, where, f"unknown dataset {dataset}"):
        report.expect(set(source) == {"dataset", "citation"}, where, "wrong fields in source")
        citation = source["citation"]
        report.expect(CITATIONS[dataset].fullmatch(citation), where, f"malformed citation {citation}")
        report.expect(status == "otc", where, f"{dataset} carries no {status} medicine")
        report.expect(product["brand"] is None and not codes, where, f"{dataset} has no brands and no codes")


def check_uniqueness(products, report):
    """Slugs, names and cited applications are each used once."""
    keys = {
        "slug": lambda product: product["slug"],
        "name": lambda product: product["name"],
        "application": lambda product: product["source"].get("application"),
    }
    for field, key in keys.items():
        for value, count in collections.Counter(map(key, products)).items():
            report.expect(value is None or count == 1, value, f"this {field} is used {count} times")


def check_brands_cost_more(products, report):
    """An unbranded medicine costs less than a brand of the same substances, strengths, form and pack."""
    groups = collections.defaultdict(list)
    for product in products:
        key = json.dumps([product[field] for field in ("ingredients", "dosage_form", "route", "pack_size")])
        groups[key].append(product)
    for group in groups.values():
        generic = max((product["price"]["amount"] for product in group if product["brand"] is None), default=0)
        for product in group:
            if product["brand"] is not None:
                report.expect(product["price"]["amount"] > generic, product["slug"], "is no dearer than its generic")


def check_pictures(report):
    """The pictures are small."""
    for path in sorted((FOLDER / "pictures").glob("*.png")):
        report.expect(path.stat().st_size < MAXIMUM_PICTURE_BYTES, path.name, "is too large")


def main():
    """Checks everything and says what was looked at."""
    parser = argparse.ArgumentParser(description="Check the starter formulary.")
    parser.add_argument("--products", type=pathlib.Path, help="CSV of Drugs@FDA products to compare with")
    arguments = parser.parse_args()

    report = Report()
    products = load_products(report)
    tree = json.loads((FOLDER / "categories.json").read_text(encoding="utf-8"))
    leaves = check_categories(tree["categories"], report)
    for product in products:
        check_product(product, leaves, report)
    report.expect(len(products) >= MINIMUM_PRODUCTS, "formulary", f"only {len(products)} products")
    empty = leaves - {product["category"] for product in products}
    report.expect(not empty, "categories", f"without products: {sorted(empty)}")
    check_uniqueness(products, report)
    check_brands_cost_more(products, report)
    check_pictures(report)
    compared = check_against(products, arguments.products, report) if arguments.products else None

    for problem in report.problems:
        print(problem, file=sys.stderr)
    statuses = collections.Counter(product["legal_status"] for product in products)
    branded = sum(product["brand"] is not None for product in products)
    print(f"{len(products)} products in {len(leaves)} categories: "
          + ", ".join(f"{count} {status}" for status, count in sorted(statuses.items()))
          + f"; {branded} brands")
    print("not compared with Drugs@FDA (give --products)" if compared is None
          else f"{compared} products compared with Drugs@FDA")
    print(f"{len(report.problems)} problems")
    return 1 if report.problems else 0


if __name__ == "__main__":
    sys.exit(main())
