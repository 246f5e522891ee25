"""The environments of samconfig.toml: what `make deploy env=…` deploys, where, and with which parameters."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from .console import Failure
from .toolbox import ROOT

try:
    import tomllib
except ImportError:  # Python 3.10
    from pip._vendor import tomli as tomllib

SAMCONFIG = ROOT / "samconfig.toml"
_TEMPLATE = ROOT / "template.yaml"


@dataclass(frozen=True)
class Environment:
    """One of them."""

    name: str
    stack: str
    # The account and the region that it belongs to; empty is whichever the shell has.
    account: str
    region: str
    # Those that are given; the others have the defaults of template.yaml.
    parameters: dict[str, str]
    # Whether a person says yes to what a deployment changes.
    asks: bool
    # What the stack and everything in it is marked with.
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def production(self) -> bool:
        """Whether people depend on it."""
        return self.parameter("Environment") == "prod"

    def parameter(self, name: str) -> str:
        """The value of a parameter, given or by default."""
        return self.parameters.get(name, known().get(name, ""))


def named(name: str, config: Path = SAMCONFIG) -> Environment:
    """The environment of a name.

    Raises Failure when samconfig.toml has no such one, or cannot be read.
    """
    try:
        everything = tomllib.loads(config.read_text())
    except tomllib.TOMLDecodeError as error:
        raise Failure("samconfig.toml cannot be read.", str(error)) from None
    section = everything.get(name, {})
    if "deploy" not in section:
        there = ", ".join(one for one, what in everything.items() if isinstance(what, dict) and "deploy" in what)
        raise Failure(f"samconfig.toml has no environment {name}.", f"It has {there}: make deploy env=dev")
    deploy, belongs = section["deploy"]["parameters"], section.get("belongs", {})
    overrides = deploy.get("parameter_overrides", [])
    overrides = overrides.split() if isinstance(overrides, str) else overrides
    wrong = [override for override in overrides if "=" not in override]
    if wrong:
        raise Failure(f"samconfig.toml: {', '.join(wrong)} is no parameter.", "A parameter is written Name=value.")
    tags = deploy.get("tags", [])
    tags = tags.split() if isinstance(tags, str) else tags
    wrong = [tag for tag in tags if "=" not in tag]
    if wrong:
        raise Failure(f"samconfig.toml: {', '.join(wrong)} is no tag.", "A tag is written Name=value.")
    return Environment(
        name, deploy["stack_name"], str(belongs.get("account", "")), belongs.get("region", deploy.get("region", "")),
        dict(override.split("=", 1) for override in overrides), bool(deploy.get("confirm_changeset", True)),
        dict(tag.split("=", 1) for tag in tags))


def known() -> dict[str, str]:
    """The parameters of template.yaml with their defaults. Read line by line: its tags are no plain YAML."""
    found: dict[str, str] = {}
    name = None
    text = _TEMPLATE.read_text().split("\nParameters:\n", 1)[1].split("\nRules:\n", 1)[0].split("\nResources:\n", 1)[0]
    for line in text.splitlines():
        if begins := re.fullmatch(r"  (\w+):", line):
            name = begins[1]
            found[name] = ""
        elif name and (default := re.fullmatch(r"    Default: (.*)", line)):
            found[name] = default[1].strip("\"'")
    return found
