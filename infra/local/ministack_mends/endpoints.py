"""Where functions find AWS.

No mend, but another address for them alone: that of the proxy in which calls go wrong (`fault_proxy`), where the variable names
one. The emulator would give them its own.
"""

import os

from ministack.services import lambda_svc

VARIABLE = "APOTHECARY_FUNCTIONS_ENDPOINT"


def apply() -> None:
    """Gives functions that address from now on, where the variable is set."""
    endpoint = os.environ.get(VARIABLE)
    if not endpoint:
        return
    plain = lambda_svc._provided_worker_env

    def elsewhere(config, code_dir, port):
        return {**plain(config, code_dir, port), "AWS_ENDPOINT_URL": endpoint}

    lambda_svc._provided_worker_env = elsewhere
