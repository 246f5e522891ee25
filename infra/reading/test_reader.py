"""The reader speaks as Textract does: python -m unittest discover -s infra/reading, in the environment of `make reading`."""

import base64
import io
import json
import threading
import unittest
import urllib.error
import urllib.request
from http.server import ThreadingHTTPServer

import draw
import reader
from engine import Engine


class Speaking(unittest.TestCase):
    """Over HTTP, as the local AWS asks."""

    @classmethod
    def setUpClass(cls) -> None:
        reader.Reader.engine = Engine()
        cls.server = ThreadingHTTPServer(("127.0.0.1", 0), reader.Reader)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.server.shutdown()
        cls.server.server_close()

    def ask(self, body: dict, target: str = reader.OPERATION) -> tuple[int, dict]:
        request = urllib.request.Request(f"http://127.0.0.1:{self.server.server_port}/", json.dumps(body).encode(),
                                         {"x-amz-target": target})
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused)

    def test_a_page_is_answered_in_the_shape_of_textract(self) -> None:
        _, _, picture, truth = next(draw.scans())
        png = io.BytesIO()
        picture.save(png, "PNG")
        status, answer = self.ask({"Document": {"Bytes": base64.b64encode(png.getvalue()).decode()}})
        self.assertEqual((status, answer["DocumentMetadata"]), (200, {"Pages": 1}))
        blocks = {block["Id"]: block for block in answer["Blocks"]}
        self.assertEqual({block["BlockType"] for block in blocks.values()}, {"PAGE", "LINE", "WORD"})
        page = answer["Blocks"][0]
        lines = [blocks[one] for one in page["Relationships"][0]["Ids"]]
        text = "".join(line["Text"] for line in lines).replace(" ", "")
        self.assertIn(truth["registration_number"], text)
        for block in blocks.values():
            box = block["Geometry"]["BoundingBox"]
            self.assertTrue(all(0 <= side <= 1 for side in box.values()), box)
            self.assertEqual(len(block["Geometry"]["Polygon"]), 4)
        for line in lines:
            self.assertEqual(line["Text"].split(), [blocks[one]["Text"] for one in line["Relationships"][0]["Ids"]])
            self.assertTrue(0 <= line["Confidence"] <= 100)

    def test_refusals_have_the_names_of_textract(self) -> None:
        for body, kind in [
            ({}, "InvalidParameterException"), ({"Document": {"Bytes": "!"}}, "InvalidParameterException"),
            ({"Document": {"Bytes": base64.b64encode(b"no picture").decode()}}, "UnsupportedDocumentException"),
            ({"Document": {"Bytes": base64.b64encode(b"%PDF-1.4 broken").decode()}}, "BadDocumentException"),
        ]:
            status, answer = self.ask(body)
            self.assertEqual((status, answer["__type"]), (400, kind))
        self.assertEqual(self.ask({}, "Textract.AnalyzeDocument")[1]["__type"], "UnknownOperationException")


if __name__ == "__main__":
    unittest.main()
