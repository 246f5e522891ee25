"""Conditions.

There, a condition that asks for the account gets the name of the parameter: `!Ref AWS::AccountId` is no account.
"""

import importlib
import pkgutil

from ministack.core.responses import get_account_id
from ministack.services import cloudformation
from ministack.services.cloudformation import engine


def apply() -> None:
    """Tells conditions which account it is."""
    evaluate = engine._evaluate_conditions

    def evaluate_here(template, params):
        return evaluate(template, {**params, "AWS::AccountId": {"Value": get_account_id()}})

    # Each module has the function by a name of its own.
    for module in pkgutil.iter_modules(cloudformation.__path__, f"{cloudformation.__name__}."):
        loaded = importlib.import_module(module.name)
        if getattr(loaded, "_evaluate_conditions", None) is evaluate:
            loaded._evaluate_conditions = evaluate_here
