"""The proxy between the functions and what they call, in which calls go wrong: how it starts and ends."""

import subprocess
import sys
import time
import urllib.request

from . import processes, toolbox
from .console import Failure
from .stack import Stack

START_SECONDS = 10


def start(stack: Stack, seed: int) -> subprocess.Popen:
    """Starts it in the background; until rates are set nothing goes wrong.

    Raises Failure when it does not answer. Nothing of it runs then.
    """
    ports = (stack.faults_port, stack.functions_port, stack.port, stack.functions_peers_port, stack.peers_port)
    with open(stack.home / "faults.log", "ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "fault_proxy", str(seed), *map(str, ports)],
            env={"PYTHONPATH": str(toolbox.REQUIREMENTS)}, cwd=stack.home, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            # In a session of its own, so that Ctrl-C reaches us alone and we end it in order.
            start_new_session=True,
        )
    deadline = time.monotonic() + START_SECONDS
    while not _answers(stack):
        if process.poll() is not None or time.monotonic() > deadline:
            end(process)
            raise Failure("The proxy in which calls go wrong does not start.",
                          (stack.home / "faults.log").read_text(errors="replace")[-1000:])
        time.sleep(0.05)
    return process


def end(process: subprocess.Popen) -> None:
    """Ends it."""
    processes.end([process.pid], patience=2)


def _answers(stack: Stack) -> bool:
    try:
        with urllib.request.urlopen(f"{stack.faults_url}/faults", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False
