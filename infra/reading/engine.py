"""Reads a picture as Amazon Textract's DetectDocumentText answers it, by RapidOCR (PP-OCRv4, ONNX)."""

import io
import uuid

import numpy
from PIL import Image, UnidentifiedImageError

# As Textract: more is refused.
MOST_BYTES = 10 * 1024 * 1024
# What a page of a PDF is drawn at, of 72 dots an inch.
PDF_SCALE = 150 / 72


class Refused(Exception):
    """A document that Textract would refuse, by the name of its exception."""


class Engine:
    """The models, loaded once."""

    def __init__(self) -> None:
        from rapidocr_onnxruntime import RapidOCR

        self._ocr = RapidOCR()

    def detect(self, document: bytes) -> dict:
        """The answer of DetectDocumentText. Raises Refused."""
        picture = _picture(document)
        found, _ = self._ocr(numpy.asarray(picture.convert("RGB"))[:, :, ::-1].copy())
        return answer([(box, text, float(confidence)) for box, text, confidence in found or []], picture.size)


def _picture(document: bytes) -> Image.Image:
    if len(document) > MOST_BYTES:
        raise Refused("DocumentTooLargeException")
    if document.startswith(b"%PDF"):
        import pypdfium2

        try:
            pdf = pypdfium2.PdfDocument(document)
            if len(pdf) != 1:
                raise Refused("UnsupportedDocumentException")
            return pdf[0].render(scale=PDF_SCALE).to_pil()
        except pypdfium2.PdfiumError as error:
            raise Refused("BadDocumentException") from error
    try:
        picture = Image.open(io.BytesIO(document))
        if picture.format not in ("JPEG", "PNG", "TIFF"):
            raise Refused("UnsupportedDocumentException")
        picture.load()
        return picture
    except (UnidentifiedImageError, OSError) as error:
        raise Refused("UnsupportedDocumentException") from error


def answer(found: list[tuple[list, str, float]], size: tuple[int, int]) -> dict:
    """The wire shape: a PAGE, its LINEs, and the WORDs of each, with places as parts of the page."""
    lines, words = [], []
    for box, text, confidence in found:
        place = _geometry(box, size)
        of_line = [_word(word, confidence, place) for word in text.split()]
        words += of_line
        lines.append(_block("LINE", place, Text=text, Confidence=confidence * 100,
                            **({"Relationships": [_children(of_line)]} if of_line else {})))
    whole = _geometry([(0, 0), (size[0], 0), size, (0, size[1])], size)
    page = _block("PAGE", whole, **({"Relationships": [_children(lines)]} if lines else {}))
    return {"DetectDocumentTextModelVersion": "1.0", "DocumentMetadata": {"Pages": 1}, "Blocks": [page, *lines, *words]}


def _word(text: str, confidence: float, geometry: dict) -> dict:
    # The engine places lines and no words: a word has the place of its line.
    return _block("WORD", geometry, Text=text, Confidence=confidence * 100, TextType="PRINTED")


def _block(kind: str, geometry: dict, **rest) -> dict:
    return {"BlockType": kind, "Id": str(uuid.uuid4()), "Geometry": geometry, **rest}


def _children(blocks: list[dict]) -> dict:
    return {"Type": "CHILD", "Ids": [block["Id"] for block in blocks]}


def _geometry(box: list, size: tuple[int, int]) -> dict:
    points = [(min(max(x / size[0], 0.0), 1.0), min(max(y / size[1], 0.0), 1.0)) for x, y in box]
    left, top = min(x for x, _ in points), min(y for _, y in points)
    right, bottom = max(x for x, _ in points), max(y for _, y in points)
    return {"BoundingBox": {"Left": left, "Top": top, "Width": right - left, "Height": bottom - top},
            "Polygon": [{"X": x, "Y": y} for x, y in points]}
