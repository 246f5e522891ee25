"""Says in a few lines what `cargo llvm-cov report --json --summary-only` has counted: python3 infra/coverage/summary.py < report.json"""

import json
import sys

_KINDS = ("lines", "regions", "functions", "branches")


def said(report: dict) -> list[str]:
    """A line for each kind of thing that was counted, and a sentence where branches were not."""
    totals = report["data"][0]["totals"]
    counted = [(kind, totals[kind]) for kind in _KINDS if totals.get(kind, {}).get("count")]
    lines = [f"{kind:10} {one['covered']:>7} of {one['count']:>7}, {100 * one['covered'] / one['count']:.1f}%" for kind, one in counted]
    if "branches" not in dict(counted):
        lines.append("Branches were not counted: a stable compiler counts none (regions are the closest that it has). "
                     "With a nightly: make coverage branches=yes")
    return lines


if __name__ == "__main__":
    print("\n".join(said(json.load(sys.stdin))))
