"""Where mutants are made, and which tests have to notice them."""

from dataclasses import dataclass

# The rules are pure, so the unit tests beside them have to be enough: they are built in a minute, and say which rule is broken.
# What takes seconds and holds none of these rules is left out, since it would be run for every mutant.
_SLOW = ("assistant::", "catalog::search_index", "medicine::", "pictures", "prescriptions::pdf", "prescriptions::suggest", "published_keys",
         "red_flags::", "triage::")
UNIT = ("--lib", "--", *(f"--skip={name}" for name in _SLOW))


@dataclass(frozen=True)
class Area:
    """Files, and the tests that are to fail."""

    files: tuple[str, ...]
    # After `cargo test`.
    tests: tuple[str, ...] = UNIT
    # The package whose tests they are.
    package: str = "shared"
    # What is left to another area, by a regular expression on the names of mutants.
    without: tuple[str, ...] = ()


# What reads and writes the table is held by tests that have one: not by the unit tests.
_STORE = "StockStore::"

AREAS = {
    "gate": Area(("shared/src/orders/gate.rs",)),
    "ledger": Area(("shared/src/prescriptions/ledger.rs",)),
    "pricing": Area(("shared/src/orders/pricing.rs", "shared/src/coupons/terms.rs", "shared/src/platform/money.rs")),
    "stock": Area(
        ("shared/src/catalog/stock.rs", "shared/src/catalog/stock_change.rs", "shared/src/catalog/adjustment.rs",
         "shared/src/catalog/availability.rs", "shared/src/catalog/lots/housing.rs", "shared/src/catalog/lots/units.rs",
         "shared/src/catalog/lots/picking.rs"),
        without=(_STORE,)),
    "payments": Area(tuple(f"shared/src/payments/{name}.rs" for name in
                           ("attempt", "news", "online", "payment", "plan", "refund", "stuck", "unwanted"))),
    "permission": Area(("shared/src/identity/permission.rs", "shared/src/identity/caller.rs")),
    "stock-store": Area(("shared/src/catalog/stock.rs",), ("--test", "catalog", "--test", "orders"), "apothecary-tests"),
}
