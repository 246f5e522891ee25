"""Which stack: the developer's, which keeps its data, or a private one of a test run."""

import json
import os
import shutil
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path

import boto3
from botocore.config import Config

from . import currency
from .console import Failure
from .processes import alive
from .toolbox import LOCAL, READER, READER_REQUIREMENTS, environment, is_set_up

REGION = "us-east-1"
STACK_NAME = "apothecary-local"
ACCOUNT = "000000000000"

# The emulator takes these as the account's root user; everything that deploys and seeds signs with them. Functions get
# credentials of their own role from the emulator.
DEPLOYER = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION}


@dataclass(frozen=True)
class Stack:
    """A local AWS and what is deployed in it.

    `home` holds all of its state; `description` is the file other programs read to find it.
    """

    port: int
    home: Path
    description: Path
    # What it sells in.
    currency: str = currency.USUAL
    # Whether the functions reach what they call through the proxy in which calls go wrong.
    faulty: bool = False

    @staticmethod
    def of_the_developer() -> "Stack":
        """The stack of `make dev`, on port 4566 unless APOTHECARY_PORT says otherwise, in USD unless `currency` does.

        Raises Failure when that is no port, or its data are in another currency.
        """
        said = os.environ.get("APOTHECARY_PORT", "4566")
        if not (said.isascii() and said.isdigit() and 1024 <= int(said) <= 65535):
            raise Failure(f"APOTHECARY_PORT is {said!r}, which is no port.",
                          "Give it a number from 1024 to 65535, or unset it: make dev APOTHECARY_PORT=4570")
        port = int(said)
        name = "dev" if port == 4566 else f"dev-{port}"
        description = LOCAL / ("stack.json" if port == 4566 else f"stack-{port}.json")
        home = LOCAL / "state" / name
        return Stack(port, home, description, currency.of(home, os.environ.get(currency.VARIABLE)))

    @staticmethod
    def described() -> "Stack":
        """The stack that APOTHECARY_STACK describes, such as the private one of a test run; without it the developer's.

        Raises Failure when there is no such description.
        """
        description = os.environ.get("APOTHECARY_STACK")
        if not description:
            return Stack.of_the_developer()
        path = Path(description)
        try:
            port = int(json.loads(path.read_text())["aws_endpoint"].rpartition(":")[2])
        except (OSError, ValueError, KeyError):
            raise Failure(f"APOTHECARY_STACK is {description}, which describes no stack.", "Unset it for the stack of make dev.") from None
        return Stack(port, path.parent, path)

    @staticmethod
    def of_a_test_run(faulty: bool = False) -> "Stack":
        """A fresh stack on a free port, in a new folder."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        (LOCAL / "state").mkdir(parents=True, exist_ok=True)
        home = Path(tempfile.mkdtemp(prefix=f"test-{os.getpid()}-", dir=LOCAL / "state"))
        return Stack(port, home, home / "stack.json", faulty=faulty)

    @staticmethod
    def abandoned_by_test_runs() -> "list[Stack]":
        """The stacks of test runs whose process is gone; good for stopping and removing only."""
        homes = [home for home in (LOCAL / "state").glob("test-*-*") if not alive(int(home.name.split("-")[1]))]
        return [Stack(0, home, home / "stack.json") for home in homes]

    @property
    def endpoint(self) -> str:
        """Where the local AWS answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def peers_port(self) -> int:
        """The port of the stand-ins for payment providers: chosen once, and kept."""
        return self._port("peers")

    @property
    def reader_port(self) -> int:
        """The port of the reader of prescriptions: chosen once, and kept."""
        return self._port("reader")

    @property
    def reader_url(self) -> str:
        """Where the reader of prescriptions answers, if it is installed."""
        return f"http://127.0.0.1:{self.reader_port}"

    @property
    def faults_port(self) -> int:
        """The port where it is said what goes wrong: chosen once, and kept."""
        return self._port("faults")

    @property
    def faults_url(self) -> str:
        """Where it is said what goes wrong, of a stack where something does."""
        return f"http://127.0.0.1:{self.faults_port}"

    @property
    def functions_port(self) -> int:
        """The port at which the functions find AWS."""
        return self._port("faulty-aws") if self.faulty else self.port

    @property
    def functions_endpoint(self) -> str:
        """Where the functions find AWS."""
        return f"http://127.0.0.1:{self.functions_port}"

    @property
    def functions_peers_port(self) -> int:
        """The port at which the functions find the stand-ins for payment providers."""
        return self._port("faulty-peers") if self.faulty else self.peers_port

    @property
    def functions_peers_url(self) -> str:
        """Where the functions find the stand-ins for payment providers."""
        return f"http://127.0.0.1:{self.functions_peers_port}"

    def _port(self, name: str) -> int:
        file = self.home / f"{name}.port"
        if file.exists():
            return int(file.read_text())
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.home.mkdir(parents=True, exist_ok=True)
        file.write_text(str(port))
        return port

    @property
    def peers_url(self) -> str:
        """Where the stand-ins for payment providers answer."""
        return f"http://127.0.0.1:{self.peers_port}"

    @property
    def log(self) -> Path:
        """The emulator's own log."""
        return self.home / "emulator.log"

    @property
    def pid_file(self) -> Path:
        """Holds the emulator's process id while it runs."""
        return self.home / "emulator.pid"

    @property
    def temporary(self) -> Path:
        """Where the emulator unpacks functions; every function process runs a binary below it."""
        return self.home / "tmp"

    @property
    def rights_used(self) -> Path:
        """Which rights the functions have used, a line for each."""
        return self.home / "rights-used.tsv"

    @property
    def deployed(self) -> Path:
        """What was deployed last, to tell what has changed since."""
        return self.home / "deployed.json"

    def bucket(self, name: str) -> str:
        """The name infra/data.yaml gives a bucket here."""
        return f"{STACK_NAME}-{name}-{ACCOUNT}-{REGION}"

    def client(self, service: str):
        """An SDK client of the local AWS."""
        return boto3.client(
            service, endpoint_url=self.endpoint, region_name=REGION,
            aws_access_key_id=DEPLOYER["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=DEPLOYER["AWS_SECRET_ACCESS_KEY"],
            config=Config(connect_timeout=5, read_timeout=120, retries={"max_attempts": 2}),
        )

    def environment(self) -> dict[str, str]:
        """The environment of a tool that talks to this stack."""
        return environment(**DEPLOYER, AWS_ENDPOINT_URL=self.endpoint)

    def outputs(self) -> dict[str, str]:
        """The outputs of the deployed stack."""
        stacks = self.client("cloudformation").describe_stacks(StackName=STACK_NAME)["Stacks"]
        return {output["OutputKey"]: output["OutputValue"] for output in stacks[0].get("Outputs", [])}

    def describe(self) -> dict:
        """Writes and returns the description of the running stack that tests and other clients read."""
        outputs = self.outputs()
        tables = {key.removesuffix("Table").lower(): value for key, value in outputs.items() if key.endswith("Table")}
        buckets = {key.removesuffix("Bucket").lower(): value for key, value in outputs.items() if key.endswith("Bucket")}
        description = {
            # `localhost`, since pages have that name too: cookies keep to a site.
            "api_url": f"http://localhost:{self.port}",
            "websocket_url": f"ws://127.0.0.1:{self.port}/_aws/execute-api/{outputs['SocketApiId']}/v1",
            "region": REGION,
            "user_pool_id": outputs["UserPoolId"],
            "client_id": outputs["UserPoolClientId"],
            # Whether prescriptions are read.
            "reading": is_set_up(READER, READER_REQUIREMENTS),
            "aws_endpoint": self.endpoint,
            "payments_url": self.peers_url,
            "currency": self.currency,
            # Where it is said what goes wrong; nothing does in most stacks.
            "faults_url": self.faults_url if self.faulty else None,
            "tables": tables,
            "buckets": buckets,
        }
        self.description.parent.mkdir(parents=True, exist_ok=True)
        self.description.write_text(json.dumps(description, indent=2) + "\n")
        return description

    def remove(self) -> None:
        """Removes all state of this stack, which must not be running."""
        shutil.rmtree(self.home, ignore_errors=True)
        self.description.unlink(missing_ok=True)
