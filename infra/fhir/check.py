#!/usr/bin/env python3
"""Has others judge the summaries that the tests have written to target/fhir.

Three, since none sees what the others see: fhir.resources (its R4B models, which are those of R4 for these resources) and fhirkit look
at the structure, each element by itself; fhirpathpy evaluates the lines of rules.py, which are the rules of documents and of the
International Patient Summary, and know nothing of the code that writes it.

Each summary is broken as well, each rule once: a judge that lets that pass proves nothing.
"""

import copy
import json
import sys
from collections.abc import Callable
from pathlib import Path

import fhirkit
from fhir.resources.R4B.bundle import Bundle
from fhirpathpy import evaluate
from fhirpathpy.models import models

from rules import RULES

FOLDER = Path(__file__).resolve().parents[2] / "target/fhir"
# The one that has every sort of record: every rule can be broken in it.
WHOLE = "summary.json"


def by_models(document: dict) -> str | None:
    """What fhir.resources says against a document."""
    try:
        Bundle.model_validate(document)
    except ValueError as error:
        return str(error)
    return None


def by_elements(document: dict) -> str | None:
    """What fhirkit says against it."""
    try:
        return "; ".join(str(issue) for issue in fhirkit.validate(document)) or None
    except ValueError as error:
        return str(error)


def keeps(line: str, document: dict) -> bool:
    """Whether a document keeps a rule: anything but one `true` is a no."""
    urls = [entry.get("fullUrl") for entry in document["entry"]]
    return evaluate(document, line, {"fu": urls}, models["r4"]) == [True]


def by_rules(document: dict) -> str | None:
    """The rules that a document breaks."""
    return ", ".join(name for name, line, _ in RULES if not keeps(line, document)) or None


def composition(document: dict) -> dict:
    """What the document is about."""
    return document["entry"][0]["resource"]


# What is wrong with a structure, and who has to see it.
STRUCTURE: list[tuple[str, Callable[[dict], object], tuple]] = [
    ("an unknown field", lambda it: composition(it).update(surprise=1), (by_models, by_elements)),
    ("no status", lambda it: composition(it).pop("status"), (by_models, by_elements)),
    ("no title", lambda it: composition(it).pop("title"), (by_models, by_elements)),
    ("a date that is none", lambda it: composition(it).update(date="yesterday"), (by_models, by_elements)),
    ("no zone", lambda it: it.update(timestamp="2026-11-29T10:00:00"), (by_models, by_elements)),
    ("a bad id", lambda it: it["entry"][1]["resource"].update(id="a b"), (by_models,)),
    ("an empty list", lambda it: composition(it).update(category=[]), (by_elements,)),
    ("a null", lambda it: composition(it).update(confidentiality=None), (by_elements,)),
]


def broken(document: dict, change: Callable[[dict], object]) -> dict | None:
    """The document with a fault; nothing where there is nothing of that sort in it."""
    other = copy.deepcopy(document)
    try:
        change(other)
    except (KeyError, IndexError, StopIteration):
        return None
    return other


def unseen(name: str, document: dict) -> list[str]:
    """The faults that nobody has noticed in a document that was broken."""
    found = []
    for fault, change, judges in STRUCTURE:
        other = broken(document, change)
        found += [f"{fault} was not noticed {judge.__doc__}" for judge in judges if other is None or judge(other) is None]
    for rule, line, change in RULES:
        other = broken(document, change)
        if other is None and name == WHOLE:
            found.append(f"{rule} could not be broken")
        elif other is not None and keeps(line, other):
            found.append(f"{rule} was broken, and nobody noticed")
    return found


def judged(file: Path) -> list[str]:
    """What is wrong with a summary, or with its judges."""
    text = file.read_text(encoding="utf-8")
    document = json.loads(text)
    faults = [fault for judge in (by_models, by_elements, by_rules) if (fault := judge(document))]
    faults += unseen(file.name, document)
    # Decimals have their precision: a reader that keeps it finds 6.80, and not 6.8.
    if file.name == WHOLE and not {"6.80", "70.50"} <= set(numbers(text)):
        faults.append("a decimal has lost its zero")
    return faults


def numbers(text: str) -> list[str]:
    """The decimals of a document as they are written."""
    found: list[str] = []
    json.loads(text, parse_float=found.append)
    return found


def main() -> int:
    """Returns the exit status."""
    files = sorted(FOLDER.glob("*.json"))
    if WHOLE not in [file.name for file in files]:
        print("There is no summary in target/fhir; run the tests first.", file=sys.stderr)
        return 1
    wrong = 0
    for file in files:
        for fault in judged(file):
            print(f"{file.name}: {fault}", file=sys.stderr)
            wrong += 1
    print(f"{len(files)} summaries, {len(RULES)} rules, {wrong} faults")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
