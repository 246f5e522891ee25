"""The reader of prescriptions beside the local AWS, where `make reading` has installed it. Without it nothing is read.

It ends with the functions: its program runs from the same folder.
"""

import subprocess
import time
import urllib.request

from . import toolbox
from .console import Failure, step
from .stack import Stack

_FOLDER = toolbox.ROOT / "infra" / "reading"
# The models are loaded first.
START_SECONDS = 60


def install() -> None:
    """Installs it, or brings it up to date, and has it say that it speaks as Textract does."""
    with step("Setting up .local/tools/reading (the first time takes a minute or two)"):
        toolbox.set_up(toolbox.READER, toolbox.READER_REQUIREMENTS)
    with step("Testing the reader"):
        tested = subprocess.run([str(toolbox.READER / "bin" / "python"), "-m", "unittest", "discover", "-s", str(_FOLDER)],
                                cwd=_FOLDER, capture_output=True, text=True)
        if tested.returncode != 0:
            raise Failure("The reader does not do what its tests say.", tested.stderr)


def is_installed() -> bool:
    """Whether it is there and of today's requirements."""
    return toolbox.is_set_up(toolbox.READER, toolbox.READER_REQUIREMENTS)


def parameters() -> dict[str, str]:
    """The template's parameter that has prescriptions read."""
    return {"PrescriptionReading": "textract" if is_installed() else "off"}


def start(stack: Stack) -> None:
    """Starts it in the background, unless it answers already or is not installed.

    Raises Failure when it does not start.
    """
    if not is_installed() or _answers(stack):
        return
    # By a path below the folder whose programs end with the stack.
    home = stack.temporary / "reading"
    home.parent.mkdir(parents=True, exist_ok=True)
    home.unlink(missing_ok=True)
    home.symlink_to(toolbox.READER)
    with open(stack.home / "reading.log", "ab") as log:
        process = subprocess.Popen(
            [str(home / "bin" / "python"), str(_FOLDER / "reader.py"), str(stack.reader_port)],
            env={}, cwd=stack.home, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )
    deadline = time.monotonic() + START_SECONDS
    while not _answers(stack):
        if process.poll() is not None or time.monotonic() > deadline:
            raise Failure("The reader of prescriptions does not start.",
                          (stack.home / "reading.log").read_text(errors="replace")[-1000:])
        time.sleep(0.1)


def _answers(stack: Stack) -> bool:
    try:
        with urllib.request.urlopen(stack.reader_url, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False
