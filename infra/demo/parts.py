"""What the demonstration is made of, apart from its calls: days, codes of packs, a prescription to upload."""

from datetime import date, timedelta

# GS1's own prefix for demonstrations: no pack in the world has it.
_GTIN_PREFIX = "0950600"


def day(today: date, days: int) -> str:
    """The day so many days after today."""
    return (today + timedelta(days=days)).isoformat()


def awake(hour: int) -> str:
    """A time zone in which it is between nine in the morning and eight in the evening at this hour of UTC."""
    return next(zone for zone, ahead in (("UTC", 0), ("Asia/Tokyo", 9), ("Pacific/Honolulu", -10)) if 9 <= (hour + ahead) % 24 < 20)


def gtin(number: int) -> str:
    """A GTIN-14 of the demonstrations with this number, and its check digit."""
    digits = f"{_GTIN_PREFIX}{number % 1_000_000:06}"
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(digits))
    return digits + str(-total % 10)


def scan(code: str, lot: str, expires_on: str, serial: str) -> str:
    """What the scanner reads off a pack: its product, last day, lot and serial number."""
    return f"(01){code}(17){expires_on[2:].replace('-', '')}(10){lot}(21){serial}"


def prescription(note: str) -> bytes:
    """A PDF of one page. The note makes it a file of its own: the same file twice would be noticed."""
    text = f"BT /F1 18 Tf 60 760 Td (Prescription: {note}) Tj ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    file, offsets = "%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(file))
        file += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    end = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(file)}\n%%EOF\n"
    return f"{file}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{end}".encode("ascii")


def money(amount: dict) -> str:
    """Money for people: minor units are hundredths in the currencies of the local pharmacy."""
    return f"{amount['amount'] / 100:.2f} {amount['currency']}"
