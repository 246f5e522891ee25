"""What is asked first of whatever serves the functions, against a server of one's own."""

import json
import os
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from unittest import mock

from apothecary_local import first_requests, processes, serve, toolbox
from apothecary_local.console import Failure
from apothecary_local.stack import Stack

_GOOD = {
    "GET /v1/products?limit=3": (200, {"items": [{"id": "prd_1", "name": "Zinc"}]}),
    "POST /v1/auth/login": (200, {"access_token": "token"}),
    "GET /v1/cart": (200, {"items": []}),
}


class _Shop(BaseHTTPRequestHandler):
    answers: dict = {}

    def do_GET(self):
        self._answer()

    def do_POST(self):
        said = json.loads(self.rfile.read(int(self.headers["content-length"])))
        assert said == {"email": "customer@apothecary.test", "password": "local-only-apothecary"}, said
        self._answer()

    def _answer(self):
        status, body = self.answers[f"{self.command} {self.path}"]
        if self.path == "/v1/cart" and self.headers["authorization"] != "Bearer token":
            status, body = 401, {"code": "unauthenticated"}
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_):
        pass


class WhatIsAskedFirst(unittest.TestCase):
    def play(self, **other):
        handler = type("Handler", (_Shop,), {"answers": {**_GOOD, **other}})
        server = HTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        told = []
        try:
            first_requests.play(f"http://127.0.0.1:{server.server_port}", told.append)
        finally:
            server.shutdown()
            server.server_close()
        return told

    def test_a_shop_that_is_there_is_listed_signed_in_to_and_has_a_cart(self):
        told = "\n".join(self.play())
        for words in ("Zinc", "customer@apothecary.test", "0 lines"):
            self.assertIn(words, told)

    def test_whatever_is_not_as_it_should_be_is_said_by_its_request(self):
        for request, answer, words in (
            ("GET /v1/products?limit=3", (200, {"items": []}), "no products"),
            ("GET /v1/products?limit=3", (500, {}), "GET http://.*/v1/products.* answered 500"),
            ("POST /v1/auth/login", (401, {}), "POST http://.*/v1/auth/login answered 401"),
            ("POST /v1/auth/login", (200, {"challenge": "software_token_mfa"}), "no token"),
            ("GET /v1/cart", (200, {}), "no lines"),
        ):
            with self.subTest(request=request, answer=answer), self.assertRaisesRegex(Failure, words):
                self.play(**{request: answer})

    def test_nobody_who_answers_is_said(self):
        with self.assertRaisesRegex(Failure, "was not answered"):
            first_requests.play("http://127.0.0.1:1", lambda _: None)


class WhatCannotBeServed(unittest.TestCase):
    def test_is_said_by_what_is_missing(self):
        with mock.patch.object(serve.shutil, "which", return_value=None), self.assertRaisesRegex(Failure, "no Docker here"):
            serve.require("sam-local")
        asleep = mock.Mock(returncode=1)
        with mock.patch.object(serve.shutil, "which", return_value="/usr/bin/docker"), \
                mock.patch.object(serve.subprocess, "run", return_value=asleep), self.assertRaisesRegex(Failure, "no Docker here"):
            serve.require("sam-local")
        with tempfile.TemporaryDirectory() as nothing, mock.patch.object(toolbox, "TOOLS", Path(nothing)):
            with self.assertRaisesRegex(Failure, "cargo-lambda"):
                serve.require("watch")
        with self.assertRaisesRegex(Failure, "by 'bake'"):
            serve.require("bake")

    def test_a_server_that_ends_at_once_is_told(self):
        ended = mock.Mock(returncode=3)
        ended.poll.return_value = 3
        with mock.patch.object(processes, "require_free_port"), \
                mock.patch.object(processes, "listens", return_value=False), \
                mock.patch.object(serve.subprocess, "Popen", return_value=ended):
            with self.assertRaisesRegex(Failure, "ended with 3"):
                serve.check("sam-local")
        ended.send_signal.assert_not_called()


class WhichStack(unittest.TestCase):
    def test_it_is_the_one_that_is_described(self):
        with tempfile.TemporaryDirectory() as home:
            path = Path(home) / "stack.json"
            path.write_text('{"aws_endpoint": "http://127.0.0.1:4711"}')
            with mock.patch.dict(os.environ, {"APOTHECARY_STACK": str(path)}):
                self.assertEqual(Stack.described(), Stack(4711, Path(home), path))
                path.write_text("{}")
                with self.assertRaisesRegex(Failure, "describes no stack"):
                    Stack.described()
        with mock.patch.dict(os.environ):
            os.environ.pop("APOTHECARY_STACK", None)
            self.assertEqual(Stack.described(), Stack.of_the_developer())


if __name__ == "__main__":
    unittest.main()
