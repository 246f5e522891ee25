"""Conditions of templates.

A condition that asks for the account (`!Ref AWS::AccountId`) compares the name of that parameter there, not its value.
"""

from ministack.services.cloudformation import changesets, engine, handlers, provisioners, stacks


def apply() -> None:
    """Lets conditions know the account."""
    evaluate = engine._evaluate_conditions

    def with_account(template, params):
        return evaluate(template, {"AWS::AccountId": {"Value": engine.get_account_id()}, **params})

    for module in (engine, changesets, handlers, provisioners, stacks):
        if hasattr(module, "_evaluate_conditions"):
            module._evaluate_conditions = with_account
