#!/usr/bin/env python3
"""Has other validators look at the summaries that the tests have written to target/fhir.

The structure is checked by fhir.resources (its R4B models, which are those of R4 for these resources); what fhir.resources does not
know, the rules of documents and of the International Patient Summary, is checked by the tests in Rust, which break each once.
Here each summary is broken as well: a validator that lets that pass proves nothing.
"""

import copy
import json
import sys
from pathlib import Path

from fhir.resources.R4B.bundle import Bundle

FOLDER = Path(__file__).resolve().parents[2] / "target/fhir"


def refusal(document: dict) -> str | None:
    """What is wrong with a document; nothing where it is accepted."""
    try:
        Bundle.model_validate(document)
    except ValueError as error:
        return str(error)
    return None


def broken(document: dict) -> list[tuple[str, dict]]:
    """The document with one fault each."""
    faults = []
    for name, change in (
        ("an unknown field", lambda it: it["entry"][0]["resource"].update(surprise=1)),
        ("no status", lambda it: it["entry"][0]["resource"].pop("status")),
        ("no title", lambda it: it["entry"][0]["resource"].pop("title")),
        ("a date that is none", lambda it: it["entry"][0]["resource"].update(date="yesterday")),
        ("no zone", lambda it: it.update(timestamp="2026-11-29T10:00:00")),
        ("a bad id", lambda it: it["entry"][1]["resource"].update(id="a b")),
    ):
        other = copy.deepcopy(document)
        change(other)
        faults.append((name, other))
    return faults


def main() -> int:
    """Returns the exit status."""
    files = sorted(FOLDER.glob("*.json"))
    if not files:
        print("There is no summary in target/fhir; run the tests first.", file=sys.stderr)
        return 1
    wrong = 0
    for file in files:
        document = json.loads(file.read_text(encoding="utf-8"))
        if fault := refusal(document):
            print(f"{file.name}: {fault}", file=sys.stderr)
            wrong += 1
        for name, other in broken(document):
            if refusal(other) is None:
                print(f"{file.name}: {name} was not noticed", file=sys.stderr)
                wrong += 1
    print(f"{len(files)} summaries, {wrong} faults")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
