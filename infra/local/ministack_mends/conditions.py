"""Conditions of templates.

They know the template's parameters there and not CloudFormation's own, such as AWS::AccountId.
"""

from ministack.core.responses import get_account_id, get_region
from ministack.services.cloudformation import changesets, engine, handlers, provisioners, stacks


def apply() -> None:
    """Lets conditions refer to the account, the region and the partition."""
    evaluate = engine._evaluate_conditions

    def evaluate_with_own(template, params):
        own = {"AWS::AccountId": get_account_id(), "AWS::Region": get_region(), "AWS::Partition": "aws"}
        return evaluate(template, {**{name: {"Value": value} for name, value in own.items()}, **params})

    for module in (engine, changesets, handlers, provisioners, stacks):
        if hasattr(module, "_evaluate_conditions"):
            module._evaluate_conditions = evaluate_with_own
