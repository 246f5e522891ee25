"""What the person at the terminal sees: steps with their times, and failures that say what to do."""

import sys
import time
from contextlib import contextmanager

_COLOUR = sys.stdout.isatty()


class Failure(Exception):
    """Something the person can do something about: a headline, and advice or details below it."""

    def __init__(self, headline: str, details: str = ""):
        super().__init__(headline)
        self.headline = headline
        self.details = details


def fail(failure: Failure) -> None:
    """Prints a failure and ends the program."""
    print(f"{_paint('31;1', 'error:')} {failure.headline}", file=sys.stderr)
    for line in failure.details.strip().splitlines():
        print(f"  {line}", file=sys.stderr)
    sys.exit(1)


def say(text: str = "") -> None:
    """Prints a line."""
    print(text, flush=True)


@contextmanager
def step(title: str):
    """Names a step before it runs and prints how long it took when it is done."""
    say(f"{_paint('36;1', '>')} {title}")
    started = time.monotonic()
    yield
    say(f"  {_paint('32', 'done')} in {time.monotonic() - started:.1f} s")


def _paint(code: str, text: str) -> str:
    return f"\033[{code}m{text}\033[0m" if _COLOUR else text
