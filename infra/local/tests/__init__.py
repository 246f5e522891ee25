"""Tests of what `make` runs: `python3 infra/local/stack.py check-tools`."""
