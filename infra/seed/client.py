"""A small client of the API: JSON in and out, patient with a stack that is busy or still waking up."""

import json
import time
import urllib.error
import urllib.request
import uuid

_ATTEMPTS = 8
_TIMEOUT_SECONDS = 30
_PASSING = (429, 500, 502, 503, 504)


class Refused(Exception):
    """The API says no, and would say so again."""

    def __init__(self, request, status, problem):
        code = problem.get("code", "no code")
        super().__init__(f"{request.method} {request.full_url}: {status} {code}: {json.dumps(problem)}")
        self.status = status
        self.code = code


class Client:
    """Calls the API as whoever the access token belongs to."""

    def __init__(self, api_url, token):
        self._api_url = api_url.rstrip("/")
        self._token = token

    def call(self, method, path, body=None, **headers):
        """Calls `path` and returns the JSON that it answers; header names have underscores for hyphens."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers["authorization"] = f"Bearer {self._token}"
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers["content-type"] = "application/json"
        request = urllib.request.Request(self._api_url + path, data=data, headers=headers, method=method)
        answer = _send(request)
        return json.loads(answer) if answer else None

    def every(self, path):
        """All items of a list, page after page."""
        cursor = ""
        while cursor is not None:
            page = self.call("GET", f"{path}?limit=100" + (f"&cursor={cursor}" if cursor else ""))
            yield from page["items"]
            cursor = page["next_cursor"]


def upload(form, content):
    """Uploads a file by the form that the API gave for it."""
    boundary = uuid.uuid4().hex
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
             for name, value in form["fields"].items()]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="picture"\r\n\r\n'
    data = ("".join(parts) + head).encode() + content + f"\r\n--{boundary}--\r\n".encode()
    headers = {"content-type": f"multipart/form-data; boundary={boundary}"}
    _send(urllib.request.Request(form["url"], data=data, headers=headers, method="POST"))


def _send(request):
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            wait = error.headers.get("retry-after", "")
            if error.code not in _PASSING or attempt == _ATTEMPTS:
                raise Refused(request, error.code, _problem(error)) from error
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            wait = ""
            if attempt == _ATTEMPTS:
                raise
        time.sleep(float(wait) if wait.isdigit() else 0.2 * 2 ** attempt)


def _problem(error):
    try:
        problem = json.loads(error.read())
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}
