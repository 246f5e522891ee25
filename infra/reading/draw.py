"""Draws prescriptions with known contents: as they come out of a printer, as a telephone photographs them, and badly.

The same seed always draws the same prescriptions, as far as the fonts are the same. Nobody on them exists.
"""

import random
from dataclasses import asdict, dataclass, field

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

SEED = 20261201
# How many of each quality.
QUALITIES = {"clean": 14, "photo": 13, "bad": 13}
WIDTH, HEIGHT = 1240, 1754
FONTS = ["DejaVuSans.ttf", "DejaVuSerif.ttf", "DejaVuSans-Oblique.ttf", "DejaVuSerif-Italic.ttf", "DejaVuSansMono.ttf"]

PATIENTS = ["Anna Azad", "Sita Gurung", "Rahim Uddin", "Maya Tamang", "Joseph Rozario", "Bikash Thapa", "Nusrat Jahan",
            "Kamal Hossain", "Laxmi Shrestha", "Peter Gomes"]
PRESCRIBERS = ["Dr. Farhana Bose", "Dr. Suresh Karki", "Dr. Tahmina Akter", "Dr. Ramesh Adhikari", "Dr. Helen Costa"]
# Ingredient, strength, form: each is on sale in the catalogue that the measurement goes by.
MEDICINES = [
    ("Amoxicillin", "500 mg", "capsule"), ("Metformin hydrochloride", "500 mg", "tablet"),
    ("Atorvastatin calcium", "10 mg", "tablet"), ("Omeprazole", "20 mg", "capsule"), ("Azithromycin", "250 mg", "tablet"),
    ("Losartan potassium", "50 mg", "tablet"), ("Amlodipine besylate", "5 mg", "tablet"),
    ("Levothyroxine sodium", "100 mcg", "tablet"), ("Ibuprofen", "400 mg", "tablet"), ("Cetirizine hydrochloride", "10 mg", "tablet"),
    ("Prednisone", "5 mg", "tablet"), ("Doxycycline hyclate", "100 mg", "capsule"), ("Warfarin sodium", "5 mg", "tablet"),
    ("Ciprofloxacin hydrochloride", "500 mg", "tablet"), ("Furosemide", "40 mg", "tablet"), ("Sertraline hydrochloride", "50 mg", "tablet"),
]
# On nobody's shelf: nothing is to be suggested for these.
STRANGERS = ["Zorvaxine", "Pelmodrel", "Quintarol"]
DIRECTIONS = ["1-0-1 x 7 days", "1 tab twice daily after food", "once daily", "1-1-1 x 5 days", "0-0-1 at bedtime", "BD x 10 days"]
SHORT = {"capsule": "Cap.", "tablet": "Tab."}


@dataclass
class Truth:
    """What stands on a prescription."""

    issued_on: str
    patient_name: str
    prescriber_name: str
    registration_number: str
    medicines: list[dict] = field(default_factory=list)
    # Names that no product has.
    strangers: list[str] = field(default_factory=list)


def scans():
    """Each scan: its name, its quality, its picture, and what stands on it."""
    number = 0
    for quality, count in QUALITIES.items():
        for _ in range(count):
            chance = random.Random(f"{SEED}/{number}")
            truth = _truth(chance)
            yield f"{quality}-{number:02}", quality, _spoilt(_drawn(truth, chance), quality, chance), asdict(truth)
            number += 1


def _truth(chance: random.Random) -> Truth:
    truth = Truth(
        issued_on=f"2026-{chance.choice(['10', '11'])}-{chance.randint(1, 19):02}",
        patient_name=chance.choice(PATIENTS), prescriber_name=chance.choice(PRESCRIBERS),
        registration_number=str(chance.randint(1000, 99999)))
    for ingredient, strength, form in chance.sample(MEDICINES, chance.randint(1, 4)):
        truth.medicines.append({
            "ingredient": ingredient, "strength": strength, "form": form,
            "quantity": str(chance.choice([10, 14, 20, 21, 30, 60])), "directions": chance.choice(DIRECTIONS)})
    if chance.random() < 0.25:
        truth.strangers.append(chance.choice(STRANGERS))
    return truth


def _date(day: str, chance: random.Random) -> str:
    year, month, of_month = day.split("-")
    name = {"10": "Oct", "11": "Nov"}[month]
    return chance.choice([day, f"{of_month}/{month}/{year}", f"{int(of_month)} {name} {year}", f"{of_month}-{name}-{year}"])


def _drawn(truth: Truth, chance: random.Random) -> Image.Image:
    page = Image.new("L", (WIDTH, HEIGHT), 255)
    draw, font = ImageDraw.Draw(page), chance.choice(FONTS)
    large, plain = ImageFont.truetype(font, 44), ImageFont.truetype(font, 32)
    council = chance.choice(["NMC Reg. No.", "BMDC Reg. No.", "Regd. No:", "Reg No"])
    draw.text((90, 80), f"{truth.prescriber_name}, MBBS", font=large, fill=20)
    draw.text((90, 140), f"{council} {truth.registration_number}", font=plain, fill=30)
    draw.text((90, 185), "City Clinic, Lake Road   Tel. 01-555 0100", font=plain, fill=60)
    draw.line((90, 240, WIDTH - 90, 240), fill=60, width=3)
    label = chance.choice(["Patient:", "Patient Name:", "Name:", "Name of patient:"])
    draw.text((90, 275), f"{label} {truth.patient_name}", font=plain, fill=20)
    draw.text((800, 275), f"Date: {_date(truth.issued_on, chance)}", font=plain, fill=20)
    draw.text((90, 325), f"Age: {chance.randint(18, 80)} years   Sex: {chance.choice('MF')}   Wt: {chance.randint(45, 90)} kg",
              font=plain, fill=30)
    draw.text((90, 420), "Rx", font=ImageFont.truetype(font, 64), fill=10)
    y = 530
    for n, one in enumerate(truth.medicines, 1):
        short = one["ingredient"].split(" ")[0] if chance.random() < 0.5 else one["ingredient"]
        draw.text((110, y), f"{n}. {SHORT[one['form']]} {short} {one['strength']}", font=plain, fill=15)
        draw.text((170, y + 50), f"{one['directions']}", font=plain, fill=25)
        draw.text((800, y + 50), f"{chance.choice(['Qty:', 'Disp:', '#'])} {one['quantity']}", font=plain, fill=25)
        y += 140
    for stranger in truth.strangers:
        draw.text((110, y), f"{len(truth.medicines) + 1}. Tab. {stranger} 5 mg", font=plain, fill=15)
        y += 90
    draw.text((760, HEIGHT - 260), truth.prescriber_name, font=ImageFont.truetype("DejaVuSerif-Italic.ttf", 36), fill=40)
    draw.text((90, HEIGHT - 120), "Not valid without signature.", font=plain, fill=110)
    return page


def _spoilt(page: Image.Image, quality: str, chance: random.Random) -> Image.Image:
    if quality == "clean":
        return page
    tilt, blur, noise = (2.5, 1.1, 16) if quality == "photo" else (6.5, 1.8, 34)
    tilt *= chance.choice([-1, 1]) * chance.uniform(0.7, 1.0)
    page = page.rotate(tilt, resample=Image.Resampling.BICUBIC, fillcolor=225)
    shadow = Image.linear_gradient("L").resize(page.size).point(lambda value: 175 + value * 80 // 255)
    page = ImageChops.multiply(page, shadow).filter(ImageFilter.GaussianBlur(blur))
    # Of our own generator: the library's noise has no seed.
    grain = Image.frombytes("L", (WIDTH // 2, HEIGHT // 2), chance.randbytes((WIDTH // 2) * (HEIGHT // 2))).resize(page.size)
    page = ImageChops.add(page, grain.point(lambda value: value * noise // 255), offset=-noise // 2)
    return page.resize((WIDTH * 2 // 5, HEIGHT * 2 // 5), Image.Resampling.BILINEAR) if quality == "bad" else page
