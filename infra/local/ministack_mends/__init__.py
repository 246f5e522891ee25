"""What ministack (1.5.33) does otherwise than AWS and this project needs done as AWS does it; each mend is a module."""

from . import addresses, batches, conditions, endpoints, http_apis, invocations, leading_keys, nested_stacks, rights_used, streams, textract


def apply() -> None:
    """Mends everything. Before the emulator starts, since each mend puts itself in the place of what it mends."""
    conditions.apply()
    nested_stacks.apply()
    http_apis.apply()
    addresses.apply()
    endpoints.apply()
    batches.apply()
    streams.apply()
    invocations.apply()
    textract.apply()
    leading_keys.apply()
    rights_used.apply()
