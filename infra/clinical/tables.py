"""The hand-written tables beside this file, and how they are read."""

from pathlib import Path

HERE = Path(__file__).parent


def lines(name):
    """The lines of a table that say something."""
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


def mapping(name):
    """`left = id | label | …` as a dictionary of lists."""
    found = {}
    for line in lines(name):
        left, right = line.rsplit(" = ", 1)
        if left.strip() in found:
            raise SystemExit(f"{name}: {left.strip()} stands there twice")
        found[left.strip()] = [part.strip() for part in right.split(" | ")]
    return found


def columns(name, count):
    """`a | b | …` as lists of `count` fields."""
    for line in lines(name):
        fields = [field.strip() for field in line.split(" | ")]
        if len(fields) != count:
            raise SystemExit(f"{name}: {len(fields)} fields instead of {count}: {line}")
        yield fields
