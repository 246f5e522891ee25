"""An endpoint that is to be: its names, its route, who may call it."""

import re
from dataclasses import dataclass
from pathlib import Path

ACCESS = "shared/src/identity/access.rs"
PERMISSIONS = "shared/src/identity/permission.rs"

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_SEGMENT = re.compile(r"[a-z0-9][a-z0-9._-]*|\{[a-z][a-z0-9_]*\}")
_KNOWN = ("area", "operation", "route", "access", "summary")
# What an area is called in the API's document, where it is not simply its name.
_TAGS = {"address": "Profile", "catalog": "Catalogue", "checkout": "Cart"}


class Refusal(Exception):
    """Why an endpoint cannot be made."""


@dataclass(frozen=True)
class Endpoint:
    """What an endpoint is called and where it answers."""

    area: str
    operation: str
    method: str
    path: str
    access: str
    summary: str
    token: str | None

    @property
    def name(self) -> str:
        """The package, which is also the function."""
        return f"{self.area}-{self.operation}"

    @property
    def folder(self) -> str:
        """Where the crate is."""
        return f"functions/{self.area}/{self.operation}"

    @property
    def events(self) -> str:
        """Where its sample events are."""
        return f"events/{self.area}/{self.operation}"

    @property
    def resource(self) -> str:
        """Its name in the template, which is also the start of its types' names."""
        return "".join(part.title() for part in self.name.split("-"))

    @property
    def tag(self) -> str:
        """Its group in the API's document."""
        return _TAGS.get(self.area, self.area.replace("-", " ").capitalize())

    @property
    def parameters(self) -> list[str]:
        """The names of the path's parameters."""
        return re.findall(r"\{(\w+)\}", self.path)

    @property
    def has_body(self) -> bool:
        """Whether it reads a body."""
        return self.method in ("POST", "PUT", "PATCH")

    @property
    def knows_caller(self) -> bool:
        """Whether it looks at tokens."""
        return self.access != "Anyone"

    @classmethod
    def parse(cls, root: Path, arguments: list[str]) -> "Endpoint":
        """From `name=value` arguments. Raises Refusal for what cannot be made in this workspace."""
        given = _given(arguments)
        area, operation = given["area"], given["operation"]
        for what, name in (("area", area), ("operation", operation)):
            if not _NAME.fullmatch(name):
                raise Refusal(f"{what}={name}: names are in lower case, words joined by hyphens, like place-order")
        method, path = _route(given["route"])
        access = given.get("access") or "SignedIn"
        token = _token(root, access)
        summary = given.get("summary") or f"{operation.replace('-', ' ').capitalize()} ({area})"
        endpoint = cls(area, operation, method, path, access, summary.rstrip(".") + ".", token)
        _refuse_existing(root, endpoint)
        return endpoint


def _given(arguments: list[str]) -> dict[str, str]:
    given = {}
    for argument in arguments:
        name, separator, value = argument.partition("=")
        if not separator or name not in _KNOWN:
            raise Refusal(f"{argument}: say it with {', '.join(f'{known}=…' for known in _KNOWN)}")
        given[name] = value.strip()
    for needed in ("area", "operation", "route"):
        if not given.get(needed):
            raise Refusal(f"{needed} is missing, as in: make new area=wishlist operation=add route='POST /v1/wishlist'")
    return given


def _route(route: str) -> tuple[str, str]:
    method, _, path = route.partition(" ")
    if method not in _METHODS:
        raise Refusal(f"route={route}: {method} is none of {', '.join(_METHODS)}")
    if not path.startswith("/v1/"):
        raise Refusal(f"route={route}: a path begins with /v1/")
    parameters = re.findall(r"\{(\w+)\}", path)
    if not all(_SEGMENT.fullmatch(segment) for segment in path[1:].split("/")) or len(parameters) != len(set(parameters)):
        raise Refusal(f"route={route}: segments are in lower case, or one {{parameter}} each, each named once")
    return method, path


def _token(root: Path, access: str) -> str | None:
    """Whose token the sample events carry. Raises Refusal for an access that does not exist."""
    if access == "Anyone":
        return None
    if access in ("SignedIn", "AnyoneOrCaller"):
        return "CUSTOMER_TOKEN"
    needs = re.fullmatch(r"Needs\(P::(\w+)\)", access)
    if not needs:
        raise Refusal(f"access={access}: it is Anyone, AnyoneOrCaller, SignedIn or Needs(P::…)")
    text = (root / PERMISSIONS).read_text(encoding="utf-8")
    permission = needs[1]
    declared = re.search(r"pub enum Permission \{(.*?)\n\}", text, re.DOTALL)
    if not declared or not re.search(rf"^    {permission},$", declared[1], re.MULTILINE):
        raise Refusal(f"access={access}: there is no permission {permission}; add it to {PERMISSIONS} first")
    for role, token in (("Customer", "CUSTOMER_TOKEN"), ("Seller", "SELLER_TOKEN")):
        allowed = re.search(rf"Role::{role} => match permission \{{(.*?)\n        \}}", text, re.DOTALL)
        if allowed and re.search(rf"P::{permission}\b.*=> Some", allowed[1]):
            return token
    return "PHARMACIST_TOKEN"


def _refuse_existing(root: Path, endpoint: Endpoint) -> None:
    if (root / endpoint.folder).exists():
        raise Refusal(f"{endpoint.folder} is there already")
    for function, method, path in rows((root / ACCESS).read_text(encoding="utf-8")):
        if function == endpoint.name:
            raise Refusal(f"{endpoint.name} has a row in {ACCESS} already")
        if (method, _shape(path)) == (endpoint.method, _shape(endpoint.path)):
            raise Refusal(f"{function} answers {method} {path} already")


def rows(access: str) -> list[tuple[str, str, str]]:
    """The access table: function, method, path."""
    return re.findall(r'^    "([a-z0-9-]+)"\s+([A-Z]+)\s+"([^"]+)"', access, re.MULTILINE)


def _shape(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path)
