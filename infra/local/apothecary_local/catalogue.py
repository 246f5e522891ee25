"""The starter catalogue, loaded through the API as any other client would."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from . import currency, people
from .console import Failure
from .toolbox import ROOT


def seed(api_url: str, sold_in: str, products: int | None = None) -> None:
    """Loads what is not there yet of the starter formulary, priced in `sold_in`; `products` of them, or all.

    Raises Failure when the API does not take a pharmacist's sign-in or a product.
    """
    command = [sys.executable, "infra/seed/seed.py", "--api-url", api_url, "--token", token(api_url)]
    if sold_in != currency.USUAL:
        command += ["--currency", sold_in, "--rate", str(currency.RATES[sold_in])]
    if products is not None:
        command += ["--only", str(products)]
    if subprocess.run(command, cwd=ROOT).returncode != 0:
        raise Failure("The catalogue could not be loaded.", "What the functions logged: `make dev` shows it.")


def import_tables(api_url: str, kind: str, path: str, more: Sequence[str] = ()) -> None:
    """Imports the file or directory at `path` as the seeded pharmacist; the report is written to .local.

    Raises Failure when the file cannot be read as such a table.
    """
    report = ROOT / ".local/import-report.csv"
    command = [sys.executable, "infra/seed/import_tables.py", "--api-url", api_url, "--token", token(api_url),
               "--kind", kind, "--report", str(report), *more, str(Path(path).resolve())]
    if subprocess.run(command, cwd=ROOT).returncode != 0:
        raise Failure("The table could not be imported.", f"Why: it is said above, and in {report.relative_to(ROOT)}.")


def token(api_url: str, who: str = "pharmacist") -> str:
    """An access token of somebody of the seeded staff.

    Raises Failure when the sign-in is refused.
    """
    body = json.dumps({"email": people.address(who), "password": people.PASSWORD}).encode()
    request = urllib.request.Request(
        f"{api_url}/v1/auth/login", data=body, headers={"content-type": "application/json"}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)["access_token"]
    except urllib.error.HTTPError as error:
        raise Failure(f"{who} cannot sign in: {error.code} {error.read().decode(errors='replace')}") from None
