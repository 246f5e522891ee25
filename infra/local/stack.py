#!/usr/bin/env python3
"""Runs Apothecary on this machine: `python3 infra/local/stack.py help`.

This file needs nothing but Python's standard library. It sets up the tools and hands over to the package beside it,
run by the interpreter of the emulator's environment, which has boto3.
"""

import os
import sys
from pathlib import Path

# Before anything that an older Python could not even read.
if sys.version_info < (3, 10):
    sys.exit("error: Python %d.%d is too old; 3.10 or later is needed.\n  Install it and run the command with it, for "
             "example: make dev PYTHON=python3.12" % sys.version_info[:2])

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from apothecary_local import toolbox  # noqa: E402  (the path above comes first)
from apothecary_local.console import Failure, fail  # noqa: E402


def main() -> None:
    try:
        interpreter = toolbox.ensure(*sys.argv[1:2])
    except Failure as failure:
        fail(failure)
    except KeyboardInterrupt:
        sys.exit(130)
    environment = dict(os.environ, PYTHONPATH=str(HERE), PYTHONUNBUFFERED="1")
    os.execve(interpreter, [str(interpreter), "-m", "apothecary_local", *sys.argv[1:]], environment)


if __name__ == "__main__":
    main()
