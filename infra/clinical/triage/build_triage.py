#!/usr/bin/env python3
"""Makes shared/src/triage/data/*.tsv out of the published statistics of DDXPlus and the tables in this folder.

    python3 infra/clinical/triage/build_triage.py --ddxplus DIR

DIR holds conditions.csv (condition, train_count, train_prior, ...) and p_evidence_given_condition.csv (condition,
evidence_id, p, is_binary): facts counted over the 1,025,602 training patients of DDXPlus (Fansi Tchango et al., NeurIPS
2022, CC BY 4.0). The sentences of the dataset are not taken over: names and questions are ours (symptoms.txt). The same
input makes the same bytes.
"""

import argparse
import csv
from pathlib import Path

HERE = Path(__file__).resolve().parent
DATA = HERE.parents[2] / "shared/src/triage/data"


def rows(path: Path) -> list[list[str]]:
    """The lines of a table of this folder, without comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("|") for line in lines if line and not line.startswith("#")]


def main() -> None:
    """Writes the three tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ddxplus", type=Path, required=True)
    folder = parser.parse_args().ddxplus
    symptoms = rows(HERE / "symptoms.txt")
    conditions = rows(HERE / "conditions.txt")
    with (folder / "conditions.csv").open(encoding="utf-8") as file:
        counts = {row["condition"]: int(row["train_count"]) for row in csv.DictReader(file)}
    with (folder / "p_evidence_given_condition.csv").open(encoding="utf-8") as file:
        # What is not binary has a probability of one that means no more than "asked".
        likelihoods = [row for row in csv.DictReader(file) if row["is_binary"] == "True"]
    named = {name for name, *_ in conditions}
    if named != set(counts):
        raise SystemExit(f"conditions.txt and the dataset differ: {sorted(named ^ set(counts))}")
    known = {symptom[0] for symptom in symptoms}
    used = {row["evidence_id"] for row in likelihoods}
    if known != used:
        raise SystemExit(f"symptoms.txt and the dataset differ: {sorted(known ^ used)}")
    ids = {name: identifier for name, identifier, *_ in conditions}
    write("conditions.tsv", [[i, label, icd, urgency, str(counts[name])] for name, i, label, icd, urgency in conditions])
    write("symptoms.tsv", [[i.lower().replace("_", ""), *rest] for i, *rest in symptoms])
    write(
        "likelihoods.tsv",
        sorted(
            [ids[row["condition"]], row["evidence_id"].lower().replace("_", ""), str(round(float(row["p"]) * 1_000_000))]
            for row in likelihoods
        ),
    )


def write(name: str, table: list[list[str]]) -> None:
    """One table, tab-separated, with a line feed after each row."""
    DATA.mkdir(parents=True, exist_ok=True)
    (DATA / name).write_text("".join("\t".join(row) + "\n" for row in table), encoding="utf-8")


if __name__ == "__main__":
    main()
