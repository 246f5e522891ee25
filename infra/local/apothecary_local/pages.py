"""The starter pages, loaded through the API by the seeded staff: one writes, one reviews, one publishes."""

import subprocess
import sys

from . import catalogue
from .console import Failure
from .toolbox import ROOT


def seed(api_url: str) -> None:
    """Loads what is not published yet.

    Raises Failure when somebody cannot sign in or the API does not take a page.
    """
    author, reviewer, publisher = (catalogue.token(api_url, who) for who in ("pharmacist", "pharmacist2", "admin"))
    command = [sys.executable, "infra/seed/pages.py", "--api-url", api_url, "--author", author]
    command += ["--reviewer", reviewer, "--publisher", publisher]
    if subprocess.run(command, cwd=ROOT).returncode != 0:
        raise Failure("The pages could not be loaded.", "What the functions logged: `make dev` shows it.")
