"""Breaks the code in a copy, one small change after the other, and sees the tests fail: `make mutants area=gate`.

cargo-mutants makes the changes. A change that no test notices must be in explained.txt, with the reason why that is all right; of all
changes at least 95 in a hundred must be noticed. Ends with 1 where that is not so, and with 2 where nothing could be judged.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from areas import AREAS

ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / ".local" / "tools" / "mutants" / "bin" / "cargo-mutants"
VERSION = "27.0.0"
OUTPUT = ROOT / ".local" / "mutants"
EXPLAINED = Path(__file__).with_name("explained.txt")
LEAST = 95
# A mutant may wait for ever. It is given five times what the tests take by themselves, and this long where that is little.
_SECONDS = 60
_PLACE = re.compile(r"^([^:]+):\d+(?::\d+)?: ")
# Everything was judged: all noticed, some not, some ran out of time.
_JUDGED = (0, 2, 3)


class Unjudged(Exception):
    """Why nothing can be said."""


def command(area):
    """How cargo-mutants is called."""
    asked = [str(TOOL), "mutants", "--package", "shared", "--output", str(OUTPUT / _name(area)), "--no-shuffle", "--colors", "never",
             "--minimum-test-timeout", str(_SECONDS), "--cargo-arg", "--locked", "--gitignore", "true"]
    for file in area.files:
        asked += ["--file", file]
    for pattern in area.without:
        asked += ["--exclude-re", pattern]
    if area.package != "shared":
        asked += ["--test-package", area.package]
    return [*asked, "--", *area.tests]


def explanations(text):
    """The mutants that may go unnoticed, with the reason: `file: what is changed<TAB>why`.

    Raises Unjudged where a line gives no reason.
    """
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            mutant, _, reason = line.partition("\t")
            if not reason.strip():
                raise Unjudged(f"{EXPLAINED.name} gives no reason for: {line}")
            found[mutant] = reason
    return found


def bare(line):
    """A mutant without the place in its file, which moves with every change above it."""
    return _PLACE.sub(r"\1: ", line.strip())


def judge(noticed, missed, explained, files):
    """What is wrong, in sentences. `missed` are lines of cargo-mutants; `noticed` is how many others there were."""
    names = [bare(line) for line in missed]
    found = [f"no test notices, and {EXPLAINED.name} does not explain: {line.strip()}" for line, name in zip(missed, names)
             if name not in explained]
    found += [f"{EXPLAINED.name} explains what is noticed, or is there no more: {mutant}" for mutant in explained
              if mutant.partition(": ")[0] in files and mutant not in names]
    whole = noticed + len(missed)
    if whole == 0:
        found.append("there was no mutant: the files are elsewhere")
    elif 100 * noticed < LEAST * whole:
        found.append(f"{noticed} of {whole} were noticed, which is less than {LEAST} in a hundred")
    return found


def run(name, area, explained):
    """Breaks an area; the sentences of what is wrong.

    Raises Unjudged where the tests fail by themselves, or cargo-mutants does not run.
    """
    (OUTPUT / name).mkdir(parents=True, exist_ok=True)
    status = subprocess.run(command(area), cwd=ROOT, env={**os.environ, "CARGO_INCREMENTAL": "1"}).returncode
    results = OUTPUT / _name(area) / "mutants.out"
    if status not in _JUDGED:
        raise Unjudged(f"{name}: cargo-mutants ended with {status}; what it says is in {results}")
    missed = (results / "missed.txt").read_text().splitlines()
    outcomes = json.loads((results / "outcomes.json").read_text())
    noticed = outcomes["caught"] + outcomes["timeout"]
    # What is left to another area is explained there. Tests with a table may notice what is explained of the rules.
    of_area = {mutant: why for mutant, why in explained.items() if not any(re.search(one, mutant) for one in area.without)}
    found = judge(noticed, missed, of_area, area.files if area.package == "shared" else ())
    print(f"{name}: {noticed} noticed, {len(missed)} not, {outcomes['unviable']} do not compile", flush=True)
    return [f"{name}: {one}" for one in found]


def _name(area):
    return next(name for name, one in AREAS.items() if one is area)


def main(names):
    """Breaks the named areas, or all; the status to end with."""
    if unknown := [name for name in names if name not in AREAS]:
        print(f"There is no area {', '.join(unknown)}. There are: {', '.join(AREAS)}", file=sys.stderr)
        return 2
    try:
        explained = explanations(EXPLAINED.read_text())
        if not TOOL.exists():
            raise Unjudged("cargo-mutants is missing: make mutants installs it")
        found = [one for name in names or AREAS for one in run(name, AREAS[name], explained)]
    except Unjudged as why:
        print(f"mutants: {why}", file=sys.stderr)
        return 2
    for one in found:
        print(f"mutants: {one}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["--version-wanted"]:
        print(VERSION)
        sys.exit(0)
    sys.exit(main([name for name in ",".join(sys.argv[1:]).split(",") if name]))
