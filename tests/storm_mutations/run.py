"""Takes each protection of payments and of supply away once, in a copy of the tree, and sees the storm fail: a storm that goes through all the
same would not notice the day on which somebody breaks the protection.

    run.py [--list] [name,…]

Prints a line for each: `caught`, with the first test that failed, or `NOT CAUGHT`. Ends with 1 where one was not caught, and
with 2 where one could not be judged: its words stand elsewhere by now, the copy does not compile, or the storm fails by itself.
Each is built once and run against the one test that is there for it; against the whole storm only where that test misses nothing.
The copy is `.local/storm-mutations`, and has a target folder of its own: cargo tells packages by their places within a
workspace, so that in a common one the tree itself would be linked with what was mutated.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from mutations import MUTATIONS, Mutation

ROOT = Path(__file__).resolve().parents[2]
COPY = ROOT / ".local" / "storm-mutations" / "tree"
TARGET = COPY.parent / "target"
# What the last storm said.
LOG = COPY.parent / "log"
TEST = ("cargo", "test", "--workspace", "--locked", "--test")
# The binary of each kind of storm, and what the names of its tests hold.
STORMS = {"payments": ("payments", "storm"), "supply": ("orders", "a_storm_over_everything_that_moves_units")}
FAILED = re.compile(r"^test (\S+) \.\.\. FAILED$", re.MULTILINE)


class Unjudged(Exception):
    """Why nobody can say whether a protection is missed."""


def copy() -> None:
    """Copies what git knows, and what is new, so that nothing is changed in the tree itself. Files that are the same keep their
    time, lest they be built again."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True)
    wanted = {name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()}
    for path in [path for path in COPY.rglob("*") if path.is_file()]:
        if str(path.relative_to(COPY)) not in wanted:
            path.unlink()
    for name in wanted:
        source, target = ROOT / name, COPY / name
        if not target.exists() or target.read_bytes() != source.read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)


def storm(kind: str, *tests: str) -> str | None:
    """Runs these tests of a kind in the copy, or all of its: the first that failed, or nothing where they went through."""
    binary, whole = STORMS[kind]
    # What has not changed within a package is not compiled again.
    environment = {**os.environ, "CARGO_TARGET_DIR": str(TARGET), "CARGO_INCREMENTAL": "1"}
    done = subprocess.run((*TEST, binary, "--", *(tests or (whole,))), cwd=COPY, env=environment, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    LOG.write_text(done.stdout)
    if "running " not in done.stdout:
        raise Unjudged(f"it was not built:\n{done.stdout[-2000:]}")
    if done.returncode == 0 and re.search(r"\b[1-9]\d* passed", done.stdout) is None:
        raise Unjudged("no test was run")
    failed = FAILED.search(done.stdout)
    if done.returncode != 0 and failed is None:
        raise Unjudged(f"the tests broke off:\n{done.stdout[-2000:]}")
    return failed.group(1) if failed else None


def taken_away(mutation: Mutation) -> str | None:
    """Runs the storm without a protection: the test that is there for it, and all others where that one fails at nothing."""
    path = COPY / mutation.path
    whole = path.read_text()
    if whole.count(mutation.text) != 1:
        raise Unjudged(f"its words stand in {mutation.path} {whole.count(mutation.text)} times")
    path.write_text(whole.replace(mutation.text, mutation.instead))
    try:
        return storm(mutation.storm, mutation.missed_by) or storm(mutation.storm)
    finally:
        path.write_text(whole)


def main() -> int:
    named = [name for argument in sys.argv[1:] for name in argument.split(",") if name and name != "--list"]
    if "--list" in sys.argv:
        print("\n".join(mutation.name for mutation in MUTATIONS))
        return 0
    unknown = set(named) - {mutation.name for mutation in MUTATIONS}
    if unknown:
        print(f"There is no protection called {', '.join(sorted(unknown))}.", file=sys.stderr)
        return 2
    chosen = [mutation for mutation in MUTATIONS if not named or mutation.name in named]
    copy()
    missed, unjudged, start = [], [], time.monotonic()
    try:
        for kind in sorted({mutation.storm for mutation in chosen}):
            tests = {mutation.missed_by for mutation in chosen if mutation.storm == kind} if named else ()
            failed = storm(kind, *sorted(tests))
            if failed:
                break
    except Unjudged as why:
        print(f"The tree as it is: {why}", file=sys.stderr)
        return 2
    if failed:
        print(f"The storm fails by itself: {failed}", file=sys.stderr)
        return 2
    for mutation in chosen:
        try:
            caught = taken_away(mutation)
        except Unjudged as why:
            unjudged.append(mutation.name)
            print(f"{mutation.name:18} not judged: {why}", flush=True)
            continue
        if caught is None:
            missed.append(mutation.name)
        print(f"{mutation.name:18} {f'caught by {caught}' if caught else 'NOT CAUGHT'}", flush=True)
    minutes = (time.monotonic() - start) / 60
    print(f"{len(chosen) - len(missed) - len(unjudged)} of {len(chosen)} were caught, in {minutes:.0f} minutes.")
    return 1 if missed else 2 if unjudged else 0


if __name__ == "__main__":
    sys.exit(main())
