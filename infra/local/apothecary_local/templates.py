"""Checks the templates: cfn-lint with the house rules, then SAM, then what CloudFormation gets against its quotas."""

import subprocess

from . import deploy, quotas, toolbox
from .console import Failure


def check() -> None:
    """Raises Failure when a check finds something; what it found is on the terminal then."""
    templates = [str(path.relative_to(toolbox.ROOT)) for path in deploy.templates()]
    commands = (
        [toolbox.program("cfn-lint"), "--append-rules", "infra/cfn_rules", "--", *templates],
        [toolbox.program("sam"), "validate", "--lint", "--template-file", "template.yaml"],
    )
    # SAM wants credentials to be there, though it calls nothing.
    environment = toolbox.environment(
        AWS_ACCESS_KEY_ID="none", AWS_SECRET_ACCESS_KEY="none", AWS_DEFAULT_REGION="us-east-1")
    for command in commands:
        if subprocess.run(command, cwd=toolbox.ROOT, env=environment).returncode != 0:
            raise Failure("A template is not as it should be; the words above say what.")
    quotas.check()
