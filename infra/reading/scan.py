"""Draws the scans, reads them, and writes what was read beside what stands on them: what the parser is measured by.

    python infra/reading/scan.py shared/src/prescriptions/suggest/scans.json [folder for the pictures]
"""

import io
import json
import sys
from pathlib import Path

import draw
from engine import Engine


def main() -> None:
    """Reads every scan as an upload would be: as a JPEG."""
    target, pictures = Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None
    engine, scans = Engine(), []
    for name, quality, picture, truth in draw.scans():
        jpeg = io.BytesIO()
        picture.save(jpeg, "JPEG", quality=60 if quality == "bad" else 85)
        if pictures:
            pictures.mkdir(parents=True, exist_ok=True)
            (pictures / f"{name}.jpg").write_bytes(jpeg.getvalue())
        blocks = engine.detect(jpeg.getvalue())["Blocks"]
        lines = [[block["Text"], round(block["Confidence"]), *_place(block), _slope(block)]
                 for block in blocks if block["BlockType"] == "LINE"]
        scans.append({"name": name, "quality": quality, "truth": truth, "lines": lines})
        print(name, len(lines), flush=True)
    rows = ",\n".join(json.dumps(scan, ensure_ascii=False, separators=(",", ":")) for scan in scans)
    target.write_text(f"[\n{rows}\n]\n", encoding="utf-8")


def _place(block: dict) -> list[int]:
    box = block["Geometry"]["BoundingBox"]
    return [round(box[side] * 1000) for side in ("Left", "Top", "Width", "Height")]


def _slope(block: dict) -> int:
    """How much its upper edge falls or rises on a thousand of the page's width."""
    one, other = block["Geometry"]["Polygon"][:2]
    return round((other["Y"] - one["Y"]) * 1000 / ((other["X"] - one["X"]) or 1))


if __name__ == "__main__":
    main()
