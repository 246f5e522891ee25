"""Runs the clients of docs/clients against a stack that runs, by tools that npm fetches into .local:

    run.py fetch        what both need; where Node.js is missing, or npm brings nothing, it says so in a line and ends with 3
    run.py postman      the Postman collection, by newman
    run.py typescript   compiles and tests the TypeScript client, against a stack where one runs
    run.py all          both, and shows what fails alone

The stack is the one whose description APOTHECARY_STACK names, or that of `make dev`.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CLIENTS = ROOT / "docs" / "clients"
SOURCES = {"newman": ROOT / "infra" / "clients" / "newman", "typescript-client": CLIENTS / "typescript"}
# What the tools themselves are made of; everything else is the client, copied anew for each run.
_LOCKED = ("package.json", "package-lock.json")


class Missing(Exception):
    """Something that a run needs is not there."""


def fetch(local=ROOT / ".local"):
    """Fetches the tools that the lock files name, unless they are there.

    Raises Missing where Node.js is not installed, or npm does not bring them.
    """
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise Missing("Node.js is missing")
    for name, source in SOURCES.items():
        folder = local / name
        folder.mkdir(parents=True, exist_ok=True)
        fetched, wanted = folder / "fetched.json", (source / "package-lock.json").read_bytes()
        if fetched.is_file() and fetched.read_bytes() == wanted:
            continue
        for file in _LOCKED:
            shutil.copy(source / file, folder)
        if subprocess.run(["npm", "ci", "--no-fund", "--no-audit", "--silent"], cwd=folder).returncode != 0:
            raise Missing(f"npm could not fetch {name}")
        fetched.write_bytes(wanted)


def postman(stack, quiet=False, local=ROOT / ".local"):
    """Runs the whole collection; newman's status. `quiet`: what it says is shown where it fails."""
    command = [str(local / "newman" / "node_modules" / ".bin" / "newman"), "run",
               str(CLIENTS / "apothecary.postman_collection.json"),
               "--environment", str(CLIENTS / "apothecary.postman_environment.json"),
               "--env-var", f"api_url={stack['api_url']}", "--env-var", f"payments_url={stack['payments_url']}",
               "--reporter-cli-no-success-assertions", "--reporter-cli-no-banner", "--reporter-cli-no-console"]
    return _run(command, quiet)


def typescript(stack, quiet=False, local=ROOT / ".local"):
    """Compiles the client against docs/openapi.json as it is, with lines that must and must not compile, and runs its tests.

    `stack`: the description of one that runs, against which it is tested as well; None where none does. The status of the first
    step that went wrong, or 0.
    """
    folder, source = local / "typescript-client", SOURCES["typescript-client"]
    for name in ("src", "types", "test", "build"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in ("src", "types", "test"):
        shutil.copytree(source / name, folder / name)
    for name in ("package.json", "tsconfig.json"):
        shutil.copy(source / name, folder)
    environment = {**os.environ, "APOTHECARY_DOCUMENT": str(ROOT / "docs" / "openapi.json")}
    if stack is not None:
        environment["APOTHECARY_API"] = stack["api_url"]
    for step in ("generate", "check", "test"):
        status = _run(["npm", "run", "--silent", step], quiet, cwd=folder, env=environment)
        if status != 0:
            return status
    return 0


def _run(command, quiet, **how):
    """The status of a command."""
    if not quiet:
        return subprocess.run(command, **how).returncode
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **how)
    if done.returncode != 0:
        print(done.stdout, flush=True)
    return done.returncode


def stack_of(path):
    """The description of the stack.

    Raises Missing where none runs.
    """
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        raise Missing("the local stack is not running. Start it in another terminal: make dev") from None


def main(command):
    """Does what is asked for; the status to end with: 2 where nothing could be run, 3 where nothing could be fetched that was not
    asked for by name."""
    path = Path(os.environ.get("APOTHECARY_STACK", ROOT / ".local" / "stack.json"))
    try:
        fetch()
    except Missing as missing:
        if command == "fetch":
            print(f"{missing}: the Postman collection and the TypeScript client are left out.", flush=True)
            return 3
        print(f"{missing}: nothing was run.", file=sys.stderr)
        return 2
    if command == "fetch":
        return 0
    try:
        if command == "typescript":
            # One that is named must be there; that of `make dev` may be.
            is_meant = "APOTHECARY_STACK" in os.environ or path.is_file()
            return typescript(stack_of(path) if is_meant else None)
        stack = stack_of(path)
        if command == "postman":
            return postman(stack)
        status = postman(stack, quiet=True) or typescript(stack, quiet=True)
        if status == 0:
            print("The Postman collection and the TypeScript client do what they say, against this stack.", flush=True)
        return status
    except Missing as missing:
        print(f"{missing}: nothing was run.", file=sys.stderr)
        return 2


if __name__ == "__main__":
    if sys.argv[1:] not in (["fetch"], ["postman"], ["typescript"], ["all"]):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
