"""Rights that the templates grant and no end-to-end test uses. The list of them may only shrink.

A right is a function, an action and, in the database, the table or index. What the shared policies grant (infra/common.yaml) is no
part of it: every function has that, used or not.
"""

import os
import re

from samtranslator.yaml_helper import yaml_parse

from . import deploy
from .console import Failure, say
from .stack import STACK_NAME, Stack
from .toolbox import ROOT

FILE = ROOT / "infra/unused-rights.txt"
_HEAD = """# What the templates grant and no end-to-end test uses: function, action, table or index. It may only shrink
# (`make end-to-end` holds it): use the right in a test, or take it away. Some rights are used only by who loses a race, and which
# is not known: so up to three that are not listed are told and let pass, whichever they are.
"""
_UPDATE = "UPDATE_RIGHTS"
# Some rights are used by who loses a race alone, and no run has all races lost: as many as these may be new without a failure.
_BY_LUCK = 3


def check_list() -> None:
    """Raises Failure where there is no list to compare with, before an hour is spent on the run."""
    if not os.environ.get(_UPDATE) and not FILE.exists():
        raise Failure(f"{FILE.relative_to(ROOT)} is missing.", f"{_UPDATE}=1 make end-to-end writes it; it belongs to the repository.")


def check(stack: Stack) -> None:
    """Compares what the functions of a running stack have used with what they may.

    Raises Failure where more rights than luck explains are not used and not in the list, and where there is no list. With
    UPDATE_RIGHTS=1 it is written.
    """
    check_list()
    functions = stack.client("lambda").get_paginator("list_functions").paginate()
    roles = {function["Role"].rsplit("/", 1)[1]: function["FunctionName"].removeprefix(f"{STACK_NAME}-")
             for page in functions for function in page["Functions"]}
    unused = granted() - used(stack.rights_used.read_text(encoding="utf-8").splitlines(), roles)
    if os.environ.get(_UPDATE):
        FILE.write_text(_HEAD + "".join(f"{right}\n" for right in sorted(unused)), encoding="utf-8")
        say(f"  {len(unused)} rights were not used; they are in {FILE.relative_to(ROOT)}")
        return
    listed = {line for line in FILE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")}
    if gone := sorted(listed - unused):
        say(f"  {len(gone)} rights of {FILE.relative_to(ROOT)} are used by now, or granted no more; {_UPDATE}=1 make end-to-end takes them out")
    new = sorted(unused - listed)
    if new and len(new) <= _BY_LUCK:
        say(f"  {len(new)} rights were not used this time, and are not in {FILE.relative_to(ROOT)}: " + "; ".join(new))
    elif new:
        raise Failure("Rights are granted that no end-to-end test uses.",
                      "\n".join(new) + "\nTake them out of the template of the area, or use them in a test.")


def granted() -> set[str]:
    """What the templates grant to each function by statements of its own."""
    found = set()
    for path in deploy.templates():
        for resource in yaml_parse(path.read_text())["Resources"].values():
            if resource["Type"] != "AWS::Serverless::Function":
                continue
            package = resource["Properties"]["CodeUri"].rsplit("/", 1)[1]
            for policy in resource["Properties"].get("Policies", []):
                for statement in policy.get("Statement", []):
                    if statement["Effect"] == "Allow":
                        found |= {_right(package, action, _named(where))
                                  for action in _listed(statement["Action"]) for where in _listed(statement["Resource"])}
    return found


def used(lines: list[str], roles: dict[str, str]) -> set[str]:
    """What was used, by the emulator's record: caller, action and resource, all by their ARNs."""
    found = set()
    for line in lines:
        caller, action, where = line.split("\t")
        role = caller.split(":assumed-role/", 1)[1].split("/", 1)[0]
        if role in roles:
            found.add(_right(roles[role], action, _deployed(where)))
    return found


def _right(package: str, action: str, where: str) -> str:
    # Elsewhere than in the database an action names its resource well enough.
    return f"{package} {action}" + (f" {where}" if action.startswith("dynamodb:") else "")


def _named(resource) -> str:
    """A table or an index by the names in a template: `OrdersTable`, `OrdersTable/by_owner`."""
    text = resource if isinstance(resource, str) else str(next(iter(resource.values())))
    return re.sub(r"\$\{(\w+)\}", r"\1", text).replace("TableArn", "Table").replace("/index/", "/")


def _deployed(arn: str) -> str:
    """The same of one that is deployed: CloudFormation puts the name of the template into that of the table."""
    table, _, index = arn.split(":table/")[-1].partition("/index/")
    named = re.search(r"-([A-Z]\w*Table)-", table)
    return (named[1] if named else table) + (f"/{index}" if index else "")


def _listed(value) -> list:
    return value if isinstance(value, list) else [value]
