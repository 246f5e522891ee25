"""Starts and stops the local AWS."""

import fcntl
import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import processes, reading
from .console import Failure
from .stack import DEPLOYER, REGION, Stack
from .toolbox import ROOT, SPARE_SPACE, TOOLS, require_space

START_SECONDS = 60
# Stopping writes all state to disk.
STOP_SECONDS = 60

_MAIN = ROOT / "infra" / "local" / "ministack_main.py"


def is_running(stack: Stack) -> bool:
    """Whether this stack's own emulator runs."""
    pid = _pid(stack)
    # The folder as well: after a crash the id may be that of another stack's emulator.
    return pid is not None and processes.alive(pid) and processes.command_of(pid).endswith(f"{_MAIN} {stack.home}")


def check(stack: Stack) -> None:
    """Raises Failure when the emulator cannot start: the port is taken, or the disk is full."""
    if not is_running(stack):
        processes.require_free_port(stack.port, "End that program, or choose another port: make dev APOTHECARY_PORT=4570")
        require_space(stack.home, SPARE_SPACE)


def start(stack: Stack) -> int | None:
    """Starts the emulator in the background and returns its process id when it answers; None where it ran already.

    Raises Failure when it cannot start, ends or stays silent. Nothing of it runs then.
    """
    check(stack)
    with _one_at_a_time(stack):
        if is_running(stack):
            return None
        # Anew, since somebody may have been waited for.
        check(stack)
        _end_functions(stack)
        _forget_orphaned_objects(stack)
        stack.temporary.mkdir(parents=True, exist_ok=True)
        with open(stack.log, "ab") as log:
            process = subprocess.Popen(
                [str(TOOLS / "ministack" / "bin" / "python"), str(_MAIN), str(stack.home)],
                env=_environment(stack), cwd=stack.home, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                # In a session of its own, so that Ctrl-C reaches us alone and we end it in order.
                start_new_session=True,
            )
        try:
            stack.pid_file.write_text(str(process.pid))
            _wait_until_it_answers(stack, process)
        except BaseException:
            processes.end([process.pid], STOP_SECONDS)
            stack.pid_file.unlink(missing_ok=True)
            raise
        return process.pid


def _wait_until_it_answers(stack: Stack, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _answers(stack):
        if process.poll() is not None:
            raise Failure("The local AWS ended while starting.", _tail(stack))
        if time.monotonic() > deadline:
            raise Failure(f"The local AWS did not answer within {START_SECONDS} seconds.", _tail(stack))
        time.sleep(0.1)


@contextmanager
def _one_at_a_time(stack: Stack) -> Iterator[None]:
    """Two that start the same stack at once would share its data, and the second would hide the first's process id."""
    stack.home.mkdir(parents=True, exist_ok=True)
    # The system lets go of it when this process ends, however it does.
    with open(stack.home / "starting.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def stop_started(stack: Stack, pid: int | None) -> bool:
    """Stops the emulator as `stop` does where it is the one that `start` returned. Returns whether it was."""
    return pid is not None and pid == _pid(stack) and stop(stack)


def stop(stack: Stack) -> bool:
    """Stops the emulator, whoever started it, and every function process it left. Returns whether anything was running."""
    running = is_running(stack)
    if running:
        processes.end([_pid(stack)], STOP_SECONDS)
    stack.pid_file.unlink(missing_ok=True)
    return _end_functions(stack) or running


def _end_functions(stack: Stack) -> bool:
    functions = processes.running_below(stack.temporary)
    processes.end(functions, patience=2)
    return bool(functions)


def _forget_orphaned_objects(stack: Stack) -> None:
    """Objects are on disk at once, everything else only after an orderly stop; without the rest they are in the way."""
    if not (_state(stack) / "cloudformation.json").exists():
        shutil.rmtree(_objects(stack), ignore_errors=True)


def _state(stack: Stack) -> Path:
    return stack.home / "aws"


def _objects(stack: Stack) -> Path:
    return stack.home / "s3"


def _pid(stack: Stack) -> int | None:
    try:
        return int(stack.pid_file.read_text())
    except (OSError, ValueError):
        return None


def _environment(stack: Stack) -> dict[str, str]:
    """Functions inherit this environment, so it holds nothing of the person's own."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "USER") if name in os.environ}
    return {
        **inherited,
        **DEPLOYER,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": stack.endpoint,
        "APOTHECARY_RIGHTS": str(stack.rights_used),
        "APOTHECARY_FUNCTIONS_ENDPOINT": stack.functions_endpoint,
        "APOTHECARY_READER": stack.reader_url if reading.is_installed() else "",
        "AUTH": "true",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(stack.port),
        "MINISTACK_REGION": REGION,
        "PERSIST_STATE": "1",
        "STATE_DIR": str(_state(stack)),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(_objects(stack)),
        "TMPDIR": str(stack.temporary),
        "PYTHONUNBUFFERED": "1",
        # What a burst leaves behind costs the emulator threads that never rest; one process per function stays warm.
        "LAMBDA_WARM_TTL_SECONDS": "20",
        # Services that listen on ports of their own, and containers, are not ours to touch.
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "DOCKER_HOST": f"unix://{stack.home}/no-docker.sock",
    }


def _answers(stack: Stack) -> bool:
    try:
        with urllib.request.urlopen(f"{stack.endpoint}/_ministack/ready", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def _tail(stack: Stack) -> str:
    lines = stack.log.read_text(errors="replace").splitlines()[-20:]
    return "\n".join([f"The end of {stack.log}:", *lines])
