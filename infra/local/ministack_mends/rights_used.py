"""Which rights are used.

No mend, but a record: of each right that a role of a function is found to have when it uses it, one line in the file that
APOTHECARY_RIGHTS names. `infra/local/apothecary_local/rights.py` compares it with what the templates grant.
"""

import os
import threading

from ministack.core import iam_evaluator

VARIABLE = "APOTHECARY_RIGHTS"


def apply() -> None:
    """Records from now on, where the variable is set."""
    file = os.environ.get(VARIABLE)
    if not file:
        return
    evaluate = iam_evaluator.evaluate
    seen: set[tuple[str, str, str]] = set()
    lock = threading.Lock()

    def evaluate_and_record(context, policies, *limits):
        result = evaluate(context, policies, *limits)
        used = (context.principal_arn, context.action, context.resource_arn)
        if result.decision == "Allow" and ":assumed-role/" in used[0] and used not in seen:
            with lock, open(file, "a", encoding="utf-8") as record:
                seen.add(used)
                record.write("\t".join(used) + "\n")
        return result

    iam_evaluator.evaluate = evaluate_and_record
