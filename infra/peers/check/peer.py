"""The stand-ins as one process, and a webhook that keeps what they send."""

import contextlib
import http.server
import json
import queue
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from typing import Iterator


class Peer:
    """The stand-ins, which run."""

    def __init__(self, url: str, received: "queue.Queue[tuple[str, bytes, dict[str, str]]]") -> None:
        self.url = url
        self.received = received

    def press(self, page: str, act: str) -> str:
        """Presses a button of a page on which one pays; where it leads."""

        class Stay(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, *_):
                return None

        opener = urllib.request.build_opener(Stay)
        assert b"<form" in opener.open(page).read()
        try:
            opener.open(page, data=f"act={act}".encode())
        except urllib.error.HTTPError as answer:
            assert answer.code == 303, answer.code
            return answer.headers["location"]
        raise AssertionError("the page leads nowhere")

    def event(self, wanted: str) -> tuple[bytes, dict[str, str]]:
        """The next event of a type, and its headers."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                _, body, headers = self.received.get(timeout=1)
            except queue.Empty:
                continue
            event = json.loads(body)
            if wanted in (event.get("event_type"), event.get("type"), event.get("Type")):
                return body, headers
        raise AssertionError(f"no {wanted} came")


@contextlib.contextmanager
def running() -> Iterator[Peer]:
    """Runs the program that the command line names."""
    received: "queue.Queue[tuple[str, bytes, dict[str, str]]]" = queue.Queue()

    class Webhook(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            received.put((self.path, body, {name.lower(): value for name, value in self.headers.items()}))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_) -> None:
            pass

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Webhook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    peer = subprocess.Popen([sys.argv[1], str(port), f"http://127.0.0.1:{server.server_port}"])
    try:
        deadline = time.monotonic() + 10
        while socket.socket().connect_ex(("127.0.0.1", port)) != 0:
            assert time.monotonic() < deadline, "the stand-ins do not start"
            time.sleep(0.05)
        yield Peer(f"http://127.0.0.1:{port}", received)
    finally:
        peer.terminate()
        peer.wait()
