"""The controlled substances of the United States, as far as this formulary may meet them, and their check.

Source: 21 CFR 1308.12 to 1308.15. The list is wider than the formulary on purpose: a medicine added later with one
of these substances is found out when it does not say that it is controlled.
"""

import re

# The section that lists each schedule; a citation names it and, where that is settled, the paragraph.
SECTIONS = {"CII": "1308.12", "CIII": "1308.13", "CIV": "1308.14", "CV": "1308.15"}

# By the first word of the ingredient's name.
SUBSTANCES = {
    "CII": """amphetamine dexmethylphenidate dextroamphetamine fentanyl hydrocodone hydromorphone levorphanol
              lisdexamfetamine meperidine methadone methamphetamine methylphenidate morphine nabilone oxycodone
              oxymorphone pentobarbital secobarbital sufentanil tapentadol""",
    "CIII": """benzphetamine buprenorphine ketamine methyltestosterone oxandrolone perampanel phendimetrazine
               testosterone""",
    "CIV": """alprazolam armodafinil butorphanol carisoprodol chlordiazepoxide clobazam clonazepam clorazepate
              daridorexant diazepam diethylpropion eluxadoline estazolam eszopiclone flurazepam lemborexant lorazepam
              meprobamate midazolam modafinil oxazepam pentazocine phenobarbital phentermine remimazolam
              solriamfetol suvorexant temazepam tramadol triazolam zaleplon zolpidem""",
    "CV": "brivaracetam cenobamate diphenoxylate lacosamide lasmiditan pregabalin",
}
# Codeine alone is in schedule II, in limited amounts with other medicines in III or V.
ALLOWED = {word: {schedule} for schedule, text in SUBSTANCES.items() for word in text.split()}
ALLOWED["codeine"] = {"CII", "CIII", "CV"}


def check_schedule(product, where, report):
    """Controlled exactly when a schedule is given, the schedule that its substances have, with its section cited."""
    schedule = product.get("schedule")
    controlled = product["legal_status"] == "controlled"
    first_words = {ingredient["name"].split()[0] for ingredient in product["ingredients"]}
    found = {word: ALLOWED[word] for word in first_words & set(ALLOWED)}
    report.expect(controlled or not found, where, f"contains {sorted(found)} but is not controlled")
    if not report.expect((schedule is not None) == controlled, where, "schedule and legal status disagree"):
        return
    if schedule is None:
        return
    report.expect(schedule["jurisdiction"] == "US", where, f"unknown jurisdiction {schedule['jurisdiction']}")
    report.expect(found, where, "is controlled, but no ingredient is known to be")
    for word, allowed in found.items():
        report.expect(schedule["class"] in allowed, where, f"{word} is in {sorted(allowed)}")
    cited = re.fullmatch(r"21 CFR (1308\.\d\d)(\([a-z]\)(\(\d+\))?)?", schedule["citation"])
    report.expect(
        cited and cited[1] == SECTIONS.get(schedule["class"]),
        where, f"{schedule['citation']} does not list {schedule['class']}",
    )
