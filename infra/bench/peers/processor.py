"""How much processor time the processes of a shop have taken, by Linux's own account."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


class Family:
    """A process and what it has started, told apart."""

    def __init__(self, pid):
        self.pid = pid

    def own(self):
        """Seconds of the process alone."""
        fields = _stat(self.pid)
        return (fields.user + fields.system) / _TICKS

    def children(self):
        """Seconds of its children, and of theirs: of those that run, and of those that have ended and were waited for."""
        everybody = {pid: found for pid in _all() if (found := _stat(pid, gone=True)) is not None}
        below, seen = [self.pid], {self.pid}
        for parent in below:
            new = [pid for pid, fields in everybody.items() if fields.parent == parent and pid not in seen]
            below += new
            seen.update(new)
        running = sum(everybody[pid].user + everybody[pid].system + everybody[pid].ended for pid in below[1:])
        return (running + _stat(self.pid).ended) / _TICKS


class Stat:
    """What /proc says of a process: its parent, and clock ticks of its own and of its ended children."""

    def __init__(self, text):
        # The name is in parentheses and may hold anything, parentheses too.
        fields = text.rpartition(")")[2].split()
        self.parent = int(fields[1])
        self.user, self.system = int(fields[11]), int(fields[12])
        self.ended = int(fields[13]) + int(fields[14])


def _stat(pid, gone=False):
    """Of a process; None where it is gone and may be.

    Raises OSError where it is gone and must not.
    """
    try:
        return Stat(Path(f"/proc/{pid}/stat").read_text())
    except (FileNotFoundError, ProcessLookupError):
        if gone:
            return None
        raise


def _all():
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
