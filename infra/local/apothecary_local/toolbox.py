"""The tools, each set in a Python environment of its own under `.local/tools`. Standard library only."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .console import Failure, step

ROOT = Path(__file__).resolve().parents[3]
LOCAL = ROOT / ".local"
TOOLS = LOCAL / "tools"
REQUIREMENTS = ROOT / "infra" / "local"

# Room the tools, a build and the emulator's data need, in bytes.
NEEDED_SPACE = 4 * 1024**3


def ensure() -> Path:
    """Sets up what is missing or out of date; returns the interpreter that runs everything else.

    Raises Failure when Python cannot make environments, the disk is full or a download fails.
    """
    for name in ("ministack", "deploy"):
        requirements = REQUIREMENTS / f"requirements-{name}.txt"
        digest = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()
        marker = TOOLS / name / "requirements.sha256"
        if marker.is_file() and marker.read_text() == digest:
            continue
        with step(f"Setting up {requirements.name} in .local/tools/{name} (the first time takes a minute or two)"):
            _install(TOOLS / name, requirements)
        marker.write_text(digest)
    return TOOLS / "ministack" / "bin" / "python"


def program(name: str) -> str:
    """The path of a program in the deploy environment, such as `sam`."""
    return str(TOOLS / "deploy" / "bin" / name)


def environment(**extra: str) -> dict[str, str]:
    """The environment tools run in: the caller's, without any AWS settings of theirs, and with the tools on PATH."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    clean["PATH"] = os.pathsep.join([str(TOOLS / "deploy" / "bin"), clean.get("PATH", os.defpath)])
    clean.update(
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
        AWS_EC2_METADATA_DISABLED="true",
        SAM_CLI_TELEMETRY="0",
    )
    clean.update(extra)
    return clean


def _install(home: Path, requirements: Path) -> None:
    if sys.version_info < (3, 10):
        raise Failure(
            f"Python {sys.version.split()[0]} is too old.",
            "Install Python 3.10 or later and run the command with it, e.g. make dev PYTHON=python3.12",
        )
    TOOLS.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(TOOLS).free
    if free < NEEDED_SPACE:
        raise Failure(
            f"Only {free / 1024**3:.1f} GB are free where the project lies; tools and builds need about 4 GB.",
            "Free some space and try again. `cargo clean` and `make clean` remove what this project made.",
        )
    if not (home / "bin" / "pip").exists():
        made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], capture_output=True, text=True)
        if made.returncode != 0:
            raise Failure(
                "Python cannot make a virtual environment.",
                "On Debian and Ubuntu its venv module is a package of its own: sudo apt install python3-venv\n"
                + made.stderr + made.stdout,
            )
    installed = subprocess.run(
        [str(home / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", "-r", str(requirements)],
        env=environment(), capture_output=True, text=True,
    )
    if installed.returncode != 0:
        raise Failure(
            f"The packages in {requirements.name} could not be installed.",
            "Is there a connection to the package index?\n" + installed.stderr[-2000:],
        )
