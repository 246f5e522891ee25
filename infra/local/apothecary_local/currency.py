"""What the local pharmacy sells in, and who takes that: PayPal takes neither rupees nor taka, eSewa only rupees, bKash only taka."""

from pathlib import Path

from .console import Failure

VARIABLE = "currency"
USUAL = "USD"
# By currency: the providers that take it beside cards, and what a dollar of the starter catalogue is priced at. The rates are made
# up and round: these are prices to try things out with.
PROVIDERS = {"USD": ("paypal",), "NPR": ("esewa",), "BDT": ("bkash",)}
RATES = {"USD": 1, "NPR": 140, "BDT": 120}
# What delivery costs and from where on it does not, in cents, as template.yaml has them by default.
DELIVERY_FEE, FREE_DELIVERY_FROM = 300, 5000


def of(home: Path, said: str | None) -> str:
    """The currency of the stack that keeps its data in `home`: the one it was started with, or else the one that is `said`.

    Raises Failure where nobody sells in that, or its data are in another.
    """
    if said and said not in RATES:
        raise Failure(f"The local pharmacy does not sell in {said}.", f"It sells in {', '.join(RATES)}: make dev {VARIABLE}=NPR")
    file = home / "currency"
    if file.exists():
        kept = file.read_text()
    else:
        # What was deployed before currencies could be chosen is in the usual one.
        kept = USUAL if (home / "deployed.json").exists() else None
    if kept and said and said != kept:
        raise Failure(f"The data of this local stack are in {kept}.",
                      f"Remove them (make clean), or have a second stack beside it: make dev {VARIABLE}={said} APOTHECARY_PORT=4570")
    return kept or said or USUAL


def keep(home: Path, currency: str) -> None:
    """Notes what a stack sells in, before there is anything priced in it."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "currency").write_text(currency)


def parameters(currency: str) -> dict[str, str]:
    """The template's parameters that are in it."""
    rate = RATES[currency]
    return {"Currency": currency, "DeliveryFee": str(DELIVERY_FEE * rate), "FreeDeliveryFrom": str(FREE_DELIVERY_FROM * rate)}
