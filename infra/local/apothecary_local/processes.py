"""The processes of a stack: who they are, and how they end."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from .console import Failure


def run(command: Sequence[str], *, patience: float = 0, **how) -> int:
    """Runs a command to its end and returns its exit status. When this is interrupted the command ends as well, with
    everything it has started.

    Ctrl-C reaches the command too. One that has to clean up then gets `patience` seconds to end by itself before it is
    ended; a second Ctrl-C cuts them short.
    """
    process = subprocess.Popen(command, **how)
    try:
        return process.wait()
    except BaseException as reason:
        family = _descendants(process.pid)
        if isinstance(reason, KeyboardInterrupt) and patience:
            try:
                process.wait(patience)
            except (subprocess.TimeoutExpired, KeyboardInterrupt):
                pass
        end([process.pid], patience=5)
        end(family, patience=2)
        process.wait()
        raise


def running_below(folder: Path) -> list[int]:
    """The ids of processes whose command is a program below a folder."""
    prefix = f"{folder}{os.sep}"
    return [pid for pid, command in _commands() if command.startswith(prefix)]


def alive(pid: int) -> bool:
    """Whether a process with this id runs (one that has ended and waits for its parent does not)."""
    try:
        finished, _ = os.waitpid(pid, os.WNOHANG)
        if finished == pid:
            return False
    except ChildProcessError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _ended_unnoticed(pid)


def end(pids: list[int], patience: float) -> None:
    """Asks processes to end, and makes those end that have not after `patience` seconds."""
    _signal(pids, signal.SIGTERM)
    deadline = time.monotonic() + patience
    while any(alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    stubborn = [pid for pid in pids if alive(pid)]
    _signal(stubborn, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while any(alive(pid) for pid in stubborn) and time.monotonic() < deadline:
        time.sleep(0.05)


def command_of(pid: int) -> str:
    """The command line of a process, or an empty string when there is none."""
    return next((command for other, command in _commands() if other == pid), "")


def listening_on(port: int) -> str:
    """Who listens on a port of this machine, in words; empty when that cannot be told."""
    if shutil.which("lsof"):
        found = subprocess.run(["lsof", "-nP", "-t", f"-iTCP:{port}", "-sTCP:LISTEN"], capture_output=True, text=True)
        pids = [int(word) for word in found.stdout.split() if word.isdigit()]
    else:
        pids = _listeners_of_proc(port)
    return ", ".join(f"process {pid} ({command_of(pid)[:120] or 'unknown'})" for pid in pids)


def listens(port: int) -> bool:
    """Whether somebody listens on a port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def require_free_port(port: int, advice: str) -> None:
    """Raises Failure, with advice, when somebody listens on a port of this machine."""
    if not listens(port):
        return
    holder = listening_on(port)
    raise Failure(f"Port {port} is taken" + (f" by {holder}." if holder else "."), advice)


def _descendants(pid: int) -> list[int]:
    """The processes a process has started, and those they have."""
    parents = {other: int(fields[1]) for other, _ in _commands() if len(fields := _status(other)) > 1}
    found = [pid]
    for ancestor in found:
        found += [child for child, parent in parents.items() if parent == ancestor]
    return found[1:]


def _ended_unnoticed(pid: int) -> bool:
    """Whether a process has ended and only its entry is left, because its parent has not asked after it yet."""
    return _status(pid)[:1] == ["Z"]


def _status(pid: int) -> list[str]:
    """What Linux tells of a process after its name: the state, the parent's id and more. Empty when it is gone."""
    try:
        # The name is in parentheses and may hold anything, parentheses too.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _signal(pids: list[int], which: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, which)
        except (ProcessLookupError, PermissionError):
            pass


def _commands() -> list[tuple[int, str]]:
    proc = Path("/proc")
    if (proc / "self" / "cmdline").exists():
        found = []
        for entry in proc.iterdir():
            if entry.name.isdigit():
                try:
                    command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                except OSError:
                    continue
                found.append((int(entry.name), command))
        return found
    listed = subprocess.run(["ps", "-axww", "-o", "pid=,command="], capture_output=True, text=True).stdout
    rows = (line.strip().partition(" ") for line in listed.splitlines())
    return [(int(pid), command.strip()) for pid, _, command in rows if pid.isdigit()]


def _listeners_of_proc(port: int) -> list[int]:
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            rows = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for row in rows:
            fields = row.split()
            # Field 1 is address:port in hexadecimal, field 3 the state (0A listens), field 9 the socket's inode.
            if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port:
                inodes.add(f"socket:[{fields[9]}]")
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if any(os.readlink(link) in inodes for link in (entry / "fd").iterdir()):
                    found.append(int(entry.name))
            except OSError:
                continue
    return found
