"""Answers `Textract.DetectDocumentText` (JSON 1.1) on 127.0.0.1, by an OCR engine of this machine.

    python infra/reading/reader.py PORT

The local AWS checks signature and rights, and hands the call on to this. What it reads it keeps nowhere.
"""

import base64
import binascii
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock

from engine import Engine, Refused

OPERATION = "Textract.DetectDocumentText"
# Base64 of the largest document, and what stands around it.
MOST_BODY = 15 * 1024 * 1024


class Reader(BaseHTTPRequestHandler):
    """One call."""

    engine: Engine
    # The engine takes all processors there are: one page after the other.
    turn = Lock()

    def do_GET(self) -> None:  # noqa: N802, the name is the library's
        """Whether it is there."""
        self._say(200, {"engine": "rapidocr"})

    def do_POST(self) -> None:  # noqa: N802
        """Reads a document."""
        if self.headers.get("x-amz-target") != OPERATION:
            return self._refuse("UnknownOperationException")
        length = int(self.headers.get("content-length") or 0)
        if length > MOST_BODY:
            return self._refuse("DocumentTooLargeException")
        try:
            document = base64.b64decode(json.loads(self.rfile.read(length))["Document"]["Bytes"], validate=True)
        except (ValueError, KeyError, TypeError, binascii.Error):
            return self._refuse("InvalidParameterException")
        try:
            with self.turn:
                answer = self.engine.detect(document)
        except Refused as refused:
            return self._refuse(str(refused))
        return self._say(200, answer)

    def _refuse(self, kind: str) -> None:
        self._say(400, {"__type": kind, "Message": kind})

    def _say(self, status: int, body: dict) -> None:
        said = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/x-amz-json-1.1")
        self.send_header("content-length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """Nothing of a document, and nothing of who it is about."""


def main() -> None:
    """Serves until it is ended."""
    Reader.engine = Engine()
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Reader).serve_forever()


if __name__ == "__main__":
    main()
