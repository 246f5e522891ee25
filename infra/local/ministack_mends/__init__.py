"""What ministack (1.5.33) does otherwise than AWS and this project needs done as AWS does it; each mend is a module."""

from . import conditions, http_apis, leading_keys, nested_stacks, streams


def apply() -> None:
    """Mends everything. Before the emulator starts, since each mend puts itself in the place of what it mends."""
    conditions.apply()
    nested_stacks.apply()
    http_apis.apply()
    streams.apply()
    leading_keys.apply()
