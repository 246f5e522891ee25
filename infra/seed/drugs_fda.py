"""Drugs@FDA: how its table writes things, how this formulary does, and the comparison of the two."""

import csv
import re

APPLICATION = re.compile(r"(NDA|ANDA|BLA)(\d{6})/(\d{3})")
TE_CODE = re.compile(r"[AB][A-Z][1-9]?")

# The legal statuses that a marketing status allows. Whether a medicine is controlled is for the DEA to say, and is
# not in this data.
MARKETED = {"Prescription": {"prescription", "controlled"}, "Over-the-counter": {"otc"}}

# Words that a generic's name in the table may have beside those of its substances.
QUALIFIERS = set(
    "and allergy hives relief children s for men women extra strength preservative free autoinjector "
    "monohydrate macrocrystals".split()
)

UNITS = {"gm": "g", "ml": "mL", "meq": "mEq", "hr": "h", "inh": "inhalation", "iu": "IU"}


def plain_strengths(text):
    """The table's strengths as a label writes them, one per ingredient: `EQ 10MG BASE` is `10 mg base`."""
    return [plain_strength(part) for part in text.split("**")[0].split(";")]


def plain_strength(text):
    """One ingredient's strength: units in their usual case, a space before each unit, no `EQ`."""
    text = re.sub(r"\bEQ\s+", "", text.strip())
    text = re.sub(r"(?<=\d)(?=[A-Za-z])", " ", text)
    return re.sub(r"[A-Za-z]+", lambda word: UNITS.get(word[0].lower(), word[0].lower()), text)


def plain_form(text):
    """A dosage form in lower case; the one abbreviation of the table is written out."""
    return text.lower().replace("delayed rel pellets", "delayed release pellets")


def plain_route(text):
    """A route in lower case without the number of tablets that the table appends for contraceptives."""
    return re.sub(r"-\d+$", "", text.lower())


def words(text):
    """The words of a name in lower case, without punctuation."""
    return re.findall(r"[a-z0-9]+", text.lower())


def check_against(products, path, report):
    """Every product that cites Drugs@FDA says what its row in the table says. Answers how many were compared."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = {f"{row['appl_type']}{row['appl_no']}/{row['product_no']}": row for row in csv.DictReader(file)}
    cited = [product for product in products if product["source"]["dataset"] == "Drugs@FDA"]
    for product in cited:
        application = product["source"]["application"]
        if report.expect(application in rows, product["slug"], f"{application} is not in the table"):
            check_row(product, rows[application], report)
    return len(cited)


def check_row(product, row, report):
    """One product against the row it cites."""
    where = product["slug"]
    names = [name.strip().lower() for name in row["active_ingredients"].split(";")]
    strengths = plain_strengths(row["strength"])
    said = [(ingredient["name"], ingredient["strength"]) for ingredient in product["ingredients"]]
    report.expect(
        len(names) == len(strengths) and said == list(zip(names, strengths)),
        where, f"ingredients {said}, the table has {names} {strengths}",
    )
    report.expect(product["dosage_form"] == plain_form(row["dosage_form"]), where, f"form {row['dosage_form']}")
    report.expect(product["route"] == plain_route(row["route"]), where, f"route {row['route']}")
    allowed = MARKETED.get(row["marketing_status"], set())
    report.expect(product["legal_status"] in allowed, where, f"marketed as {row['marketing_status']}")
    codes = [code for code in row["te_codes"].split("|") if TE_CODE.fullmatch(code)]
    report.expect(product.get("te_codes", []) == codes, where, f"equivalence codes {codes}")
    check_brand(product, row, report)


def check_brand(product, row, report):
    """The brand begins the table's trade name, which may go on (`AUGMENTIN '875'`), and is not the substance's own
    name; without a brand, the table's name is that of the substances."""
    where, trade_name = product["slug"], words(row["brand_name"])
    unbranded = set(trade_name) <= set(words(row["active_ingredients"])) | QUALIFIERS
    if product["brand"] is None:
        report.expect(unbranded, where, f"no brand given, the table has {row['brand_name']}")
        return
    brand = words(product["brand"])
    begins = trade_name[:len(brand)] == brand
    report.expect(begins and not unbranded, where, f"the table's brand is {row['brand_name']}")
