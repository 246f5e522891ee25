#!/usr/bin/env python3
"""Adds an endpoint with everything that belongs to it.

    make new area=wishlist operation=add route='POST /v1/wishlist' access='Needs(P::Buy)'

Says what is wrong, and changes nothing, where it cannot.
"""

import sys
from pathlib import Path

from endpoint import Endpoint, Refusal
from pieces import pieces

ROOT = Path(__file__).resolve().parents[2]

NEXT = """\
{name} is there: {folder}/

What is left is yours:
  1. {folder}/src/lib.rs    what it takes and answers; rules go to shared/src/<area>/, the handler only calls them
  2. template.yaml    the actions it may take, on the tables it needs, and no more
  3. {events}/    events as clients send them; tests/tests/handlers seeds what they refer to
  4. tests/e2e/tests/    a test that has covers!("{name}"), and the route in the table of tests/e2e/src/contract.rs
  5. docs/api.md    a row "| `{method} {path}` | …": who may, the answer, what may go wrong
  6. cargo run --bin openapi    writes docs/openapi.json, and brings Cargo.lock up to date
     UPDATE_DOCS=1 cargo test --workspace --locked --test handlers examples    records what is answered; then 6 once more
     UPDATE_DOCS=1 cargo test --workspace --locked --test rbac_doc    writes docs/rbac.md
  7. make test    names whatever is still missing
"""


def main(arguments: list[str]) -> int:
    """Returns the exit status."""
    try:
        endpoint = Endpoint.parse(ROOT, arguments)
        changes = pieces(ROOT, endpoint)
    except Refusal as refusal:
        print(f"Nothing was made: {refusal}", file=sys.stderr)
        return 1
    for path, text in changes.items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(text, encoding="utf-8")
    print(NEXT.format(name=endpoint.name, folder=endpoint.folder, events=endpoint.events, method=endpoint.method,
                      path=endpoint.path))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
