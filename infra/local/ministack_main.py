"""Starts ministack, mended where it is not as AWS is.

Run by the interpreter of ministack's own environment, with one argument, the stack's folder: it tells this emulator from
others in the list of processes and nothing more.
"""

import sys

import ministack_mends
from ministack.app import main

if __name__ == "__main__":
    ministack_mends.apply()
    del sys.argv[1:]
    sys.exit(main())
