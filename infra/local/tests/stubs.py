"""A session whose clients answer what a test says, and call nobody."""

import boto3
from botocore.config import Config
from botocore.stub import Stubber

from apothecary_local.environments import Environment

ACCOUNT = "123456789012"
REGION = "eu-west-1"


class Session:
    """Stands in for boto3's session. `on` hands out the stub of a service; a call that no test has told of is an error."""

    def __init__(self, services=None):
        self.region_name = REGION
        self._clients = {}
        self._stubs = {}
        self._services = services

    def client(self, service, **_):
        self.on(service)
        return self._clients[service]

    def get_available_regions(self, service):
        return [REGION] if self._services is None or service in self._services else []

    def forget(self, service):
        """Forgets what a test has told of a service and nobody has asked."""
        self._clients.pop(service, None)

    def on(self, service) -> Stubber:
        if service not in self._clients:
            self._clients[service] = boto3.client(
                service, region_name=REGION, aws_access_key_id="none", aws_secret_access_key="none",
                config=Config(retries={"max_attempts": 0}))
            self._stubs[service] = Stubber(self._clients[service])
            self._stubs[service].activate()
        return self._stubs[service]


def environment(name="prod", account=ACCOUNT, region=REGION, **parameters) -> Environment:
    """An environment with these parameters."""
    return Environment(name, f"apothecary-{name}", account, region, {"Environment": name, **parameters}, True)
