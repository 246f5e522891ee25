"""Builds all functions in one go, for this machine or for Lambda."""

import hashlib
import shutil
import subprocess
from pathlib import Path

from . import toolbox
from .console import Failure

OUTPUT = toolbox.ROOT / "target" / "lambda"

# The flag of cargo-lambda and the target of rustup for each architecture of Lambda.
_FLAGS = {"arm64": ("--arm64", "aarch64-unknown-linux-gnu"), "x86_64": ("--x86-64", "x86_64-unknown-linux-gnu")}


def build() -> None:
    """Builds every function with the dev profile for this machine, into target/lambda/<package>/bootstrap.

    Raises Failure when a build fails; the compiler's own words are on the terminal then.
    """
    # Plain cargo and the whole workspace, exactly as the tests build it: cargo-lambda would build for a named target, and
    # another selection of packages would unite other features. Either is another build of every dependency.
    _cargo("cargo", "build", "--workspace", "--bins")
    for package in function_packages():
        _place(toolbox.ROOT / "target" / "debug" / package, binary(package))


def build_release(architecture: str) -> None:
    """Builds every function for Lambda, small and fast, into the same place.

    Raises Failure when the architecture is unknown or a build fails.
    """
    if architecture not in _FLAGS:
        raise Failure(f"There is no architecture {architecture}.", "Lambda has: " + ", ".join(_FLAGS))
    flag, target = _FLAGS[architecture]
    if shutil.which("rustup"):
        subprocess.run(["rustup", "target", "add", target], cwd=toolbox.ROOT, capture_output=True)
    packages = (argument for package in function_packages() for argument in ("--package", package))
    _cargo(toolbox.program("cargo-lambda"), "lambda", "build", "--release", flag, *packages)


def function_packages() -> list[str]:
    """The package name of every function crate."""
    crates = sorted((toolbox.ROOT / "functions").glob("*/*/Cargo.toml"))
    return [f"{crate.parent.parent.name}-{crate.parent.name}" for crate in crates]


def binary(package: str) -> Path:
    """Where a function's binary lies once built."""
    return OUTPUT / package / "bootstrap"


def digest(path: Path) -> str:
    """The SHA-256 of a file.

    Raises Failure when it has not been built.
    """
    if not path.is_file():
        raise Failure(f"{path.relative_to(toolbox.ROOT)} is missing.", "Build first: make deploy-local")
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _cargo(*command: str) -> None:
    if not function_packages():
        raise Failure("There is no function to build under functions/.")
    if not shutil.which("cargo"):
        raise Failure("cargo is not installed.", "Install Rust: https://rustup.rs")
    if subprocess.run(command, cwd=toolbox.ROOT, env=toolbox.environment()).returncode != 0:
        raise Failure("The build failed; the compiler says why above.")


def _place(built: Path, placed: Path) -> None:
    """Puts a binary where CodeUri looks for it, without its symbols: a quarter fewer bytes to pack and to upload."""
    if placed.is_file() and placed.stat().st_mtime >= built.stat().st_mtime:
        return
    placed.parent.mkdir(parents=True, exist_ok=True)
    placed.unlink(missing_ok=True)
    if not shutil.which("strip") or subprocess.run(["strip", "-o", placed, built]).returncode != 0:
        shutil.copy(built, placed)
