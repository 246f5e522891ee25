"""What a batch of messages has to be allowed.

It is called `SendMessageBatch` and asks for `sqs:SendMessage`, as the batches that delete and that change visibility ask for
the right to do it once ("Actions, resources, and condition keys for Amazon SQS").
"""

from ministack.core import iam_actions


def apply() -> None:
    """Asks for the right that AWS asks for."""
    extract = iam_actions.extract_iam_action

    def of_one(*call, **named):
        action = extract(*call, **named)
        return action.removesuffix("Batch") if action and action.startswith("sqs:") else action

    iam_actions.extract_iam_action = of_one
