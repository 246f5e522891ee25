"""Runs the Postman collection by newman against the running local stack: `make postman`."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CLIENTS = ROOT / "docs" / "clients"


def main():
    """Runs it; ends with newman's status, or with 2 where nothing could be run."""
    newman = shutil.which("newman")
    if newman is None:
        _stop("newman is missing: nothing was run. Install it: npm install --global newman")
    description = Path(os.environ.get("APOTHECARY_STACK", ROOT / ".local" / "stack.json"))
    if not description.exists():
        _stop("The local stack is not running: nothing was run. Start it in another terminal: make dev")
    stack = json.loads(description.read_text())
    command = [newman, "run", str(CLIENTS / "apothecary.postman_collection.json"),
               "--environment", str(CLIENTS / "apothecary.postman_environment.json"),
               "--env-var", f"api_url={stack['api_url']}", "--env-var", f"payments_url={stack['payments_url']}",
               "--reporter-cli-no-success-assertions", "--reporter-cli-no-banner"]
    sys.exit(subprocess.run(command).returncode)


def _stop(why):
    print(why, file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    main()
