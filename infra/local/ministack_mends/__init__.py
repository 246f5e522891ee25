"""What ministack (1.5.33) does otherwise than AWS and this project needs done as AWS does it; each mend is a module."""

from pathlib import Path

from . import conditions, http_apis, leading_keys, nested_stacks


def apply(home: Path) -> None:
    """Mends everything; `home` is the stack's folder. Before the emulator starts, since each mend puts itself in the place of what it mends."""
    conditions.apply()
    nested_stacks.apply()
    http_apis.apply()
    leading_keys.apply(home / "rights.jsonl")
