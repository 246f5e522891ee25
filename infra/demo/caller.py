"""Calls the API as somebody, and says in a sentence what is in the way."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

_TIMEOUT_SECONDS = 30
_WAIT_SECONDS = 30
_PAUSE_SECONDS = 0.3


class Stuck(Exception):
    """The demonstration cannot go on."""


class Refused(Stuck):
    """The API says no."""

    def __init__(self, what, status, problem):
        self.status, self.code = status, problem.get("code", "no code")
        details = json.dumps(problem, ensure_ascii=False)
        super().__init__(f"{what} was answered {status} {self.code}: {problem.get('detail', '')}\n  {details}")


class Caller:
    """Somebody who calls the API: a guest, or whoever the token belongs to."""

    def __init__(self, api_url, token=None, user=None):
        self.api_url, self._token, self.user = api_url.rstrip("/"), token, user or {}

    def sign_in(self, email, password):
        """Somebody who is signed in."""
        session = self.call("POST", "/v1/auth/login", {"email": email, "password": password})
        if "access_token" not in session:
            raise Stuck(f"{email} is asked for a second factor: this plays on a local stack alone.")
        return Caller(self.api_url, session["access_token"], session["user"])

    def call(self, method, path, body=None, key=False):
        """What is answered. `key`: with an Idempotency-Key, so that a lost answer does not do it twice."""
        headers = {"authorization": f"Bearer {self._token}"} if self._token else {}
        if key:
            headers["idempotency-key"] = str(uuid.uuid4())
        data = None
        if body is not None:
            data, headers["content-type"] = json.dumps(body).encode(), "application/json"
        request = urllib.request.Request(self.api_url + path, data=data, headers=headers, method=method)
        answer = _send(request, f"{method} {path}")
        return json.loads(answer) if answer else None

    def get(self, path, **query):
        """What is answered to a GET."""
        return self.call("GET", path + (f"?{urllib.parse.urlencode(query)}" if query else ""))

    def post(self, path, body=None, key=False):
        """What is answered to a POST."""
        return self.call("POST", path, body, key)


def upload(form, content):
    """Sends a file to the storage by the form that the API gave."""
    boundary = uuid.uuid4().hex
    parts = "".join(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
                    for name, value in form["fields"].items())
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="prescription.pdf"\r\n\r\n'
    data = (parts + head).encode() + content + f"\r\n--{boundary}--\r\n".encode()
    headers = {"content-type": f"multipart/form-data; boundary={boundary}"}
    _send(urllib.request.Request(form["url"], data=data, headers=headers, method="POST"), "The upload")


def pay(payments_url, client):
    """Pays as the provider's script in a browser does, at the stand-in of the local stack."""
    secret = client["client_secret"]
    form = urllib.parse.urlencode({"client_secret": secret, "payment_method": "pm_card_visa"}).encode()
    url = f"{payments_url}/v1/payment_intents/{secret.split('_secret_')[0]}/confirm"
    headers = {"authorization": f"Bearer {client['publishable_key']}"}
    _send(urllib.request.Request(url, data=form, headers=headers, method="POST"), "The payment")


def eventually(what, look, seconds=_WAIT_SECONDS):
    """The first answer of `look` that is something. What is put in motion by events takes a moment."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise Stuck(f"{what} did not come within {seconds} seconds. `make dev` shows what the functions log.")
        time.sleep(_PAUSE_SECONDS)


def _send(request, what):
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:
            return answer.read()
    except urllib.error.HTTPError as error:
        raise Refused(what, error.code, _problem(error.read())) from None
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        reason = getattr(error, "reason", error)
        raise Stuck(f"{what} was not answered ({reason}). Is the local stack running? Start it: make dev") from None


def _problem(text):
    try:
        problem = json.loads(text)
    except ValueError:
        return {"detail": text[:300].decode(errors="replace")}
    return problem if isinstance(problem, dict) else {"detail": str(problem)}
