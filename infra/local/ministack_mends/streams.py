"""Streams of tables to functions.

A function says which records of a batch it could not handle (`batchItemFailures`). AWS goes on from the first of them, as
often as `MaximumRetryAttempts` says, splits a batch that fails as a whole, and sends what fails for good to the `OnFailure`
destination ("Configuring partial batch response with DynamoDB and Lambda"). The emulator takes the whole batch as done.
"""

import time

from ministack.services import lambda_svc

# AWS repeats until a record is too old, a day, where nothing else is said.
_RETRIES = 100
# Short, since all streams wait for one that repeats.
_LONGEST_PAUSE = 0.1


def apply() -> None:
    """Hands records of a stream over as AWS does."""
    execute = lambda_svc._execute_function

    def execute_in_order(function, event, *rest, **named):
        records = event.get("Records") if isinstance(event, dict) else None
        if not records or records[0].get("eventSource") != "aws:dynamodb":
            return execute(function, event, *rest, **named)
        return _all_of(records, _mapping(function, records[0]), function,
                       lambda batch: execute(function, {**event, "Records": batch}, *rest, **named))

    lambda_svc._execute_function = execute_in_order


def _all_of(records: list[dict], mapping: dict, function: dict, run) -> dict:
    """Runs the function until every record is handled or given up."""
    most = int(mapping.get("MaximumRetryAttempts", -1))
    most = _RETRIES if most < 0 else most
    pending, tries, size = records, 0, len(records)
    result: dict = {"body": {"batchItemFailures": []}}
    while pending:
        batch = pending[:size]
        result = run(batch)
        done = _handled(batch, result, mapping)
        if done == len(batch):
            pending, tries, size = pending[done:], 0, len(records)
            continue
        if done:
            tries = 0
        pending, tries = pending[done:], tries + 1
        # Alone, so that it takes no other down with it.
        size = 1
        if tries > most:
            lambda_svc._send_ddb_stream_failure_record(
                mapping, function, pending[:1], mapping["EventSourceArn"], result, "RetryAttemptsExhausted")
            pending, tries, size = pending[1:], 0, len(records)
            continue
        time.sleep(min(0.01 * 2 ** tries, _LONGEST_PAUSE))
    return {**result, "error": False, "body": {"batchItemFailures": []}}


def _handled(batch: list[dict], result: dict, mapping: dict) -> int:
    """How many records from the first on were handled."""
    if result.get("error"):
        return 0
    if "ReportBatchItemFailures" not in mapping.get("FunctionResponseTypes", []):
        return len(batch)
    body = result.get("body")
    failures = body.get("batchItemFailures", []) if isinstance(body, dict) else []
    failed = {str(failure.get("itemIdentifier")) for failure in failures}
    for position, record in enumerate(batch):
        if str(record.get("dynamodb", {}).get("SequenceNumber")) in failed:
            return position
    return len(batch)


def _mapping(function: dict, record: dict) -> dict:
    """The event source mapping that brings this record to this function."""
    arn = (function.get("config") or function).get("FunctionArn", "")
    for _, _, mapping in lambda_svc._iter_all_esms():
        if mapping.get("EventSourceArn") == record.get("eventSourceARN") and mapping.get("FunctionArn", "") == arn:
            return mapping
    return {"EventSourceArn": record.get("eventSourceARN", "")}
