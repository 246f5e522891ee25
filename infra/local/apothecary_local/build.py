"""Builds all functions in one go, for this machine or for Lambda."""

import hashlib
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import processes, toolbox
from .console import Failure

OUTPUT = toolbox.ROOT / "target" / "lambda"
# What is uploaded into the local AWS. SAM would pack every function again at every deployment, which takes a minute.
PACKED = toolbox.ROOT / "target" / "lambda-packed"

# Where the functions are named whose binaries CI holds to what they were. Not the baseline itself: it is written by what is
# built by this list.
KINDS = toolbox.ROOT / "infra" / "bench" / "src" / "baseline.rs"
# Where functions are put that are built for arm64 to be weighed: SAM deploys what is in the other place.
FOR_ARM64 = "target/arm64"
# Where functions are built that keep the names of what is in them.
PROFILED = "target/profiled"

# The flag of cargo-lambda and the target of rustup for each architecture of Lambda.
_FLAGS = {"arm64": ("--arm64", "aarch64-unknown-linux-gnu"), "x86_64": ("--x86-64", "x86_64-unknown-linux-gnu")}


def build(only: Sequence[str] = ()) -> None:
    """Builds the named functions, or all, with the dev profile for this machine, into target/lambda/<package>/bootstrap.

    Raises Failure when a build fails; the compiler's own words are on the terminal then.
    """
    # Plain cargo and the whole workspace, exactly as the tests build it: cargo-lambda would build for a named target, and
    # another selection of packages would unite other features. Either is another build of every dependency. The binaries
    # are named because the one that writes the API's document links every function, and nothing here needs it.
    packages = only or function_packages()
    _cargo("cargo", "build", "--workspace", *(argument for package in [*packages, *([] if only else ["peers"])] for argument in ("--bin", package)))
    for package in packages:
        _place(toolbox.ROOT / "target" / "debug" / package, binary(package))


def build_release(architecture: str) -> None:
    """Builds every function for Lambda, small and fast, into the same place.

    Raises Failure when the architecture is unknown, Rust cannot build for it or a build fails.
    """
    if architecture not in _FLAGS:
        raise Failure(f"There is no architecture {architecture}.", "Lambda has: " + ", ".join(_FLAGS))
    flag, target = _FLAGS[architecture]
    _require_target(target)
    _cargo(toolbox.program("cargo-lambda"), "lambda", "build", "--release", flag, *_packages(function_packages()))


def build_bench(only: str = "") -> None:
    """Builds for this machine what the bench measures, as it is deployed: the functions whose name contains one of the words of
    `only`, which commas separate, and the smallest function there is. `kinds` are those that are held to a baseline, `quick`
    those of them that CI looks at.

    Raises Failure when no function is named so or a build fails.
    """
    _cargo("cargo", "build", "--release", "--locked", *_packages([*_chosen(only), "bench-hello"]))


def build_arm64(only: str = "kinds") -> None:
    """Builds the same for arm64, as it is deployed, into target/arm64/<package>/bootstrap; `all` builds all functions.

    Raises Failure when no function is named so, Rust cannot build for arm64 or a build fails.
    """
    flag, target = _FLAGS["arm64"]
    _require_target(target)
    _cargo(toolbox.program("cargo-lambda"), "lambda", "build", "--release", flag, "--lambda-dir", FOR_ARM64,
           *_packages([*_chosen("" if only == "all" else only), "bench-hello"]))


def build_profile(only: str) -> None:
    """Builds the same functions for this machine with the names of what is in them, which a profile shows. They go to
    another place, since every dependency is built once more for that.

    Raises Failure when no function is named so or a build fails.
    """
    if not only:
        raise Failure("Say of which functions: make bench-profile only=cart-put-item")
    _cargo("cargo", "build", "--release", "--locked", "--config", "profile.release.strip=false", "--target-dir", PROFILED,
           *_packages(_named(only)))


def kinds(which: str = "KINDS") -> list[str]:
    """The functions whose binaries are held to a baseline, or `QUICK`, those of them that CI looks at."""
    listed = re.search(rf"pub const {which}: &\[&str\] =\s+&\[(.*?)\];", KINDS.read_text(encoding="utf-8"), re.DOTALL)
    return re.findall(r'"([a-z-]+)"', listed[1])


def _chosen(only: str) -> list[str]:
    return kinds(only.upper()) if only in ("kinds", "quick") else _named(only)


def _named(only: str) -> list[str]:
    """The functions whose name contains one of the words, which commas separate."""
    named = [package for package in function_packages() if any(word in package for word in only.split(","))]
    if not named:
        raise Failure(f"There is no function whose name contains {only}.")
    return named


def _packages(packages: Sequence[str]) -> list[str]:
    return [argument for package in packages for argument in ("--package", package)]


def function_packages() -> list[str]:
    """The package name of every function crate."""
    crates = sorted((toolbox.ROOT / "functions").glob("*/*/Cargo.toml"))
    return [f"{crate.parent.parent.name}-{crate.parent.name}" for crate in crates]


def binary(package: str) -> Path:
    """Where a function's binary lies once built."""
    return OUTPUT / package / "bootstrap"


def packed(package: str) -> Path:
    """A function as Lambda takes it: a zip file with the binary in it, made anew when the binary is another.

    Raises Failure when the function has not been built.
    """
    built, archive = binary(package), PACKED / f"{package}.zip"
    _require_built(built)
    if _made_from(archive, built):
        return archive
    PACKED.mkdir(parents=True, exist_ok=True)
    unfinished = archive.with_suffix(f".{os.getpid()}")
    # Without a time, so that the same binary makes the same file, which needs no other upload.
    entry = zipfile.ZipInfo("bootstrap")
    entry.external_attr = 0o755 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(unfinished, "w", compresslevel=1) as file:
        file.writestr(entry, built.read_bytes(), compresslevel=1)
    _mark_made_from(unfinished, built)
    unfinished.replace(archive)
    return archive


def pack_all() -> None:
    """Packs every function that has changed since it was packed last.

    Raises Failure when one has not been built.
    """
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(packed, function_packages()))


def digest(path: Path) -> str:
    """The SHA-256 of a file.

    Raises Failure when it has not been built.
    """
    _require_built(path)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _require_built(path: Path) -> None:
    if not path.is_file():
        raise Failure(f"{path.relative_to(toolbox.ROOT)} is missing.", "Build first: make deploy-local")


def _require_target(target: str) -> None:
    """Sees to it that Rust's standard library is there for a target; without it nothing could be built, minutes later."""
    toolbox.require_cargo()
    asked = subprocess.run(["rustc", "--print", "target-libdir", "--target", target], capture_output=True, text=True)
    if asked.returncode == 0 and any(Path(asked.stdout.strip()).glob("libcore-*")):
        return
    advice = f"With rustup: rustup target add {target}\nOtherwise install Rust's standard library for {target}."
    if not shutil.which("rustup"):
        raise Failure(f"Rust cannot build for {target} here: its standard library for that is missing.", advice)
    added = subprocess.run(["rustup", "target", "add", target], cwd=toolbox.ROOT, capture_output=True, text=True,
                           env={**os.environ, "RUST_BACKTRACE": "0"})
    if added.returncode != 0:
        said = "\n".join(line for line in added.stderr.splitlines() if line.startswith("error"))
        raise Failure(f"Rust's standard library for {target} is missing and could not be fetched.", f"{advice}\n{said}")


def _cargo(*command: str) -> None:
    if not function_packages():
        raise Failure("There is no function to build under functions/.")
    toolbox.require_cargo()
    toolbox.require_space(toolbox.ROOT / "target", toolbox.SPARE_SPACE)
    if processes.run(command, cwd=toolbox.ROOT, env=toolbox.environment()) != 0:
        # A full disk makes the compiler fail in many ways, most of them puzzling.
        toolbox.require_space(toolbox.ROOT / "target", toolbox.SPARE_SPACE)
        raise Failure("The build failed; the compiler says why above.")


def _place(built: Path, placed: Path) -> None:
    """Puts a binary where CodeUri looks for it: another name of the same file, since two hundred copies fill a disk."""
    if _made_from(placed, built):
        return
    placed.parent.mkdir(parents=True, exist_ok=True)
    placed.unlink(missing_ok=True)
    try:
        placed.hardlink_to(built)
    except OSError:
        shutil.copy(built, placed)
        _mark_made_from(placed, built)


def _made_from(made: Path, source: Path) -> bool:
    """Whether a file was made from this very source. Newer is not enough: `make deploy` leaves binaries for another
    architecture in the same place."""
    return made.is_file() and made.stat().st_mtime_ns == source.stat().st_mtime_ns


def _mark_made_from(made: Path, source: Path) -> None:
    """Gives a file the time of what it was made from."""
    times = source.stat()
    os.utime(made, ns=(times.st_atime_ns, times.st_mtime_ns))
