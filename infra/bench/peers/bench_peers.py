"""The same shopping in our shop and in Vendure, beside each other: `make bench-peers`.

It needs the private stack that APOTHECARY_STACK describes, and the folder with Vendure in it.
"""

import os
import sys
from pathlib import Path

import plan as plans
import play
import report
import vendure
from ours import Ours

ROOT = Path(__file__).resolve().parents[3]
FILE = ROOT / "target" / "bench" / "peers.json"
PAGE = ROOT / "docs" / "performance" / "peers.md"


def main():
    """Plays it, prints what came of it and leaves it in target/bench/peers.json.

    Ends with 2 where something is missing, with 1 where ours sold what it had not, or was at fault.
    """
    folder, *words = sys.argv[1:]
    writes = "write=yes" in words
    try:
        plan = plans.words(word for word in words if word != "write=yes")
        description = os.environ["APOTHECARY_STACK"]
    except KeyError:
        _stop("no stack is named; `make bench-peers` makes one")
    except ValueError as problem:
        _stop(problem)
    ours = Ours(description)
    # Both sell the same: what was seeded, and what is bought.
    seeded = [{"key": one["id"], "name": one["name"], "description": one["name"], "cents": one["price"]["amount"], "units": 100}
              for one in ours.catalogue()]
    own = plan.bought() + [plan.raced()]
    theirs = seeded + [{"key": one.key, "name": one.name, "description": "Made by bench-peers.", "cents": one.cents,
                        "units": one.units} for one in own]
    results = [_shop(ours, plan, own)]
    for kind in ("sqlite", "postgres"):
        try:
            with vendure.running(folder, kind, theirs) as shop:
                results.append(_shop(shop, plan, own))
        except vendure.Missing as missing:
            print(f"Vendure with {kind} is left out: {missing}.", flush=True)
    text = report.table(plan, results)
    print(f"\n{text}\n")
    report.save(FILE, report.numbers(plan, results))
    if writes:
        PAGE.write_text(report.write(PAGE.read_text(), text))
    found = report.faults(plan, results)
    for fault in found:
        print(f"bench-peers: {fault}", file=sys.stderr)
    sys.exit(1 if found else 0)


def _shop(shop, plan, products):
    print(f"{shop.name}: {plan.journeys} journeys, then {plan.buyers} buyers for {plan.units} units", flush=True)
    shop.stock(products)
    return {"name": shop.name, "steps": play.journeys(shop, plan), "race": play.race(shop, plan)}


def _stop(why):
    print(f"bench-peers: {why}", file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    main()
