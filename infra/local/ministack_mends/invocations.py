"""Events that EventBridge hands to functions.

Lambda takes them as asynchronous invocations: it repeats one that failed or whose function died, as often as
`MaximumRetryAttempts` says (twice, if nothing is said), and sends what fails for good to the `OnFailure` destination ("How Lambda
handles errors and retries with asynchronous invocation"). The emulator does so for other sources, and here runs the function once.
"""

import json

from ministack.services import eventbridge, lambda_svc


def apply() -> None:
    """Hands events over as AWS does."""
    eventbridge._dispatch_to_lambda = _invoke


def _invoke(arn: str, payload: str) -> None:
    try:
        event = json.loads(payload)
    except (json.JSONDecodeError, TypeError):
        event = {"body": payload}
    function, config, name = lambda_svc._get_func_record_for_ref(arn)
    if not function or not config:
        eventbridge.logger.warning("EventBridge: the function %s is not there", name)
        return
    lambda_svc.invoke_async_with_retry(lambda_svc._execution_record_for_config(function, config), event)
