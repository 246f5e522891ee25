"""One connection of a customer, which counts what goes over it."""

import http.client
import json
import threading
import time
import urllib.parse

_TIMEOUT_SECONDS = 60
TRIES = 30
# Node.js ends what has been idle for five seconds, and a request that is just being sent with it.
_IDLE_SECONDS = 2


class Answer:
    """What was answered."""

    def __init__(self, status, headers, text):
        self.status, self.headers, self.text = status, headers, text

    def json(self):
        """The body.

        Raises ValueError where it is not JSON.
        """
        return json.loads(self.text)


class Count:
    """Calls, bytes in both directions with their heads, and answers that say the server is at fault."""

    def __init__(self):
        self.calls = self.sent = self.received = self.faults = 0
        self._lock = threading.Lock()

    def note(self, sent, received, fault):
        """One more answer."""
        with self._lock:
            self.calls += 1
            self.sent += sent
            self.received += received
            self.faults += fault

    def numbers(self):
        """The four, for comparing with what they were before."""
        with self._lock:
            return self.calls, self.sent, self.received, self.faults


class Wire:
    """Keeps its connection, as a browser does, while it is in use."""

    def __init__(self, url, count, is_fault):
        """`is_fault` says of an answer whether the server is at fault: GraphQL tells that with status 200."""
        parts = urllib.parse.urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=_TIMEOUT_SECONDS)
        self._count, self._is_fault, self._used = count, is_fault, time.monotonic()

    def send(self, method, path, body=None, headers=None):
        """Sends a request; gives the answer.

        Raises OSError where there is none.
        """
        data = None if body is None else json.dumps(body).encode()
        headers = dict(headers or {})
        if data is not None:
            headers["content-type"] = "application/json"
        if time.monotonic() - self._used > _IDLE_SECONDS:
            self._connection.close()
        try:
            self._connection.request(method, path, data, headers)
            answer = self._connection.getresponse()
            text = answer.read()
            self._used = time.monotonic()
        except (http.client.HTTPException, OSError) as error:
            self._connection.close()
            raise OSError(f"{method} {path} was not answered: {error!r}") from error
        said = Answer(answer.status, answer.headers, text)
        sent = len(data or b"") + _head(method, path, headers)
        self._count.note(sent, len(text) + len(answer.headers.as_bytes()), self._is_fault(said))
        return said


def _head(method, path, headers):
    """How long the head of a request is, near enough: both shops are counted in the same way."""
    return len(f"{method} {path} HTTP/1.1\r\n") + sum(len(name) + len(value) + 4 for name, value in headers.items()) + 2
