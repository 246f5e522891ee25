"""The tools, each set in a Python environment of its own under `.local/tools`. Standard library only."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from .console import Failure, step

ROOT = Path(__file__).resolve().parents[3]
LOCAL = ROOT / ".local"
TOOLS = LOCAL / "tools"
REQUIREMENTS = ROOT / "infra" / "local"
# The reader of prescriptions, which is nobody's duty to install.
READER = TOOLS / "reading"
READER_REQUIREMENTS = ROOT / "infra" / "reading" / "requirements.txt"

# Room the tools, a first build with its tests and the local AWS's data need, in bytes: measured 1 GB, 7 GB with the tests not
# linked yet, and what each private stack of a test run holds.
NEEDED_SPACE = 12 * 1024**3
# Without the tests: what `make dev` builds.
NEEDED_SPACE_TO_RUN = 8 * 1024**3
# What a build of what changed, or the local AWS, should find free before it begins.
SPARE_SPACE = 512 * 1024**2


def ensure(command: str = "") -> Path:
    """Sets up what is missing or out of date for a command; returns the interpreter that runs everything else.

    Raises Failure when Rust is missing or too old, Python cannot make environments, the disk is full or a download fails.
    """
    for name in ("ministack", "deploy"):
        requirements = REQUIREMENTS / f"requirements-{name}.txt"
        if is_set_up(TOOLS / name, requirements):
            continue
        # Said before minutes of downloads, not after.
        require_cargo()
        require_space(TOOLS, NEEDED_SPACE_TO_RUN if command == "dev" else NEEDED_SPACE)
        with step(f"Setting up {requirements.name} in .local/tools/{name} (the first time takes a minute or two)"):
            set_up(TOOLS / name, requirements)
    return TOOLS / "ministack" / "bin" / "python"


def is_set_up(home: Path, requirements: Path) -> bool:
    """Whether an environment has what is required today."""
    marker = home / "requirements.sha256"
    return marker.is_file() and marker.read_text() == _digest(requirements)


def set_up(home: Path, requirements: Path) -> None:
    """Makes an environment of what is required, unless there is one.

    Raises Failure when Python cannot make environments, the disk is full or a download fails.
    """
    if not is_set_up(home, requirements):
        _install(home, requirements)
        (home / "requirements.sha256").write_text(_digest(requirements))


def _digest(requirements: Path) -> str:
    return hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()


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


def require_cargo() -> None:
    """Raises Failure when there is no cargo, or one that is too old for the workspace."""
    advice = "Install Rust by https://rustup.rs and open a new shell, or put cargo's folder (~/.cargo/bin) on PATH."
    if not shutil.which("cargo"):
        raise Failure("cargo, the builder of Rust, is not on PATH.", advice)
    asked = subprocess.run(["cargo", "--version"], cwd=ROOT, capture_output=True, text=True,
                           env={**os.environ, "RUST_BACKTRACE": "0"})
    found = re.search(r"(\d+)\.(\d+)", asked.stdout)
    if asked.returncode != 0 or not found:
        raise Failure("cargo does not run.", f"{advice}\n{asked.stderr}")
    needed = re.search(r'^rust-version = "(\d+)\.(\d+)', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)
    if needed and tuple(map(int, found.groups())) < tuple(map(int, needed.groups())):
        raise Failure(f"Rust {found[0]} is too old; {needed[1]}.{needed[2]} or later is needed.", "With rustup, run cargo here once: it brings the version of rust-toolchain.toml. Otherwise install a newer Rust.")


def require_space(folder: Path, needed: int) -> None:
    """Raises Failure when fewer than `needed` bytes are free where a folder is, or will be."""
    there = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(there).free
    if free < needed:
        raise Failure(
            f"Only {_size(free)} are free at {there}; about {_size(needed)} are needed.",
            "Free some space, or clone the repository onto a larger disk, and try again. `cargo clean` and `make clean` remove "
            "what this project made.",
        )


def _size(number: int) -> str:
    return f"{number / 1024**3:.1f} GB" if number >= 1024**3 else f"{number // 1024**2} MB"


def _install(home: Path, requirements: Path) -> None:
    TOOLS.mkdir(parents=True, exist_ok=True)
    # From scratch: what is there may belong to another Python, or be half of an earlier try.
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], capture_output=True, text=True)
    if made.returncode != 0:
        require_space(TOOLS, SPARE_SPACE)
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        said = made.stderr + made.stdout
        raise Failure(
            f"Python cannot make a virtual environment ({sys.executable} -m venv).",
            "On Debian and Ubuntu the venv module is a package of its own. Install it and try again:\n"
            f"  sudo apt install {version}-venv\n"
            "or run the command with another Python, for example: make dev PYTHON=python3.12"
            # Debian's own words say the same at length.
            + ("" if "apt install" in said else f"\n{_last(said)}"),
        )
    installed = subprocess.run(
        [str(home / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check", "-r", str(requirements)],
        env=environment(), capture_output=True, text=True,
    )
    if installed.returncode != 0:
        require_space(TOOLS, SPARE_SPACE)
        raise Failure(
            f"The packages in {requirements.name} could not be installed.",
            "Is there a connection to the Python package index (pypi.org, or what pip is configured for)? Then try again.\n"
            + _last("\n".join(re.findall(r"(?m)^ERROR: .*", installed.stderr)) or installed.stderr),
        )


def _last(said: str, lines: int = 6) -> str:
    """The last lines of what a program said, where the reason is."""
    return "\n".join(line for line in said.strip().splitlines()[-lines:])
