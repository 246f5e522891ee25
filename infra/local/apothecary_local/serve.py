"""Serves the functions by other means than the emulator, with the running stack's tables, buckets and users."""

import json
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from samtranslator.yaml_helper import yaml_parse

from . import bridge, build, deploy, first_requests, processes, routes, toolbox
from .console import Failure, say, step
from .stack import REGION, Stack


# What Lambda's provided.al2023 runs in, on this machine's architecture.
_IMAGE = "public.ecr.aws/lambda/provided:al2023-" + ("arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64")


# Seconds that sam gets after Ctrl-C: it stops its containers one after the other, each in up to three seconds.
_CLEANING_UP = 90


# Where each of the two serves, and the seconds until it does: sam may have to fetch an image first.
PORTS = {"watch": 9000, "sam-local": 3000}
_BEGINS = 300


def require(how: str) -> None:
    """Raises Failure when nothing can be served by `watch` or `sam-local` on this machine."""
    if how not in PORTS:
        raise Failure(f"Nothing is served by {how!r}.", "check-served " + "|".join(PORTS))
    _require_cargo_lambda() if how == "watch" else _require_docker()


def check(how: str) -> None:
    """Serves by `watch` or `sam-local`, does there what a person does first (list products, sign in, look into the cart), and ends it.

    Raises Failure when it does not begin, or answers otherwise than it should.
    """
    processes.require_free_port(PORTS[how], "End that program: it would be asked in place of what is checked.")
    # In a session of its own, so that it is ended in order and with all that it has started.
    server = subprocess.Popen([sys.executable, "-m", "apothecary_local", how], start_new_session=True)
    try:
        with step(f"Waiting until {how} serves on port {PORTS[how]}"):
            _wait_until_it_serves(server, how)
        with step("Listing products, signing in, looking into the cart; a function may be built at its first request"):
            first_requests.play(f"http://127.0.0.1:{PORTS[how]}", say)
    finally:
        if server.poll() is None:
            server.send_signal(signal.SIGINT)
        try:
            server.wait(_CLEANING_UP)
        except subprocess.TimeoutExpired:
            processes.end([server.pid], patience=5)


def _wait_until_it_serves(server: subprocess.Popen, how: str) -> None:
    deadline = time.monotonic() + _BEGINS
    while not processes.listens(PORTS[how]):
        if server.poll() is not None:
            raise Failure(f"{how} ended with {server.returncode} before it served anything; why is said above.")
        if time.monotonic() > deadline:
            raise Failure(f"{how} serves nothing on port {PORTS[how]} after {_BEGINS} seconds.")
        time.sleep(0.2)


def watch(stack: Stack) -> None:
    """Runs `cargo lambda watch`, which rebuilds and serves a function when its code changes, until it ends.

    All routes are those of the running stack, at http://127.0.0.1:9000/v1/….

    Raises Failure when there is no cargo-lambda.
    """
    _require_cargo_lambda()
    processes.require_free_port(9000, "End that program: the watcher serves there.")
    say("All routes answer at http://127.0.0.1:9000 (a function is built at its first request), for example:\n"
        "  curl -s 'http://127.0.0.1:9000/v1/products?query=amox&limit=3'\n")
    variables = _variables(stack)
    # The watcher reads the same variable and would log every change of a file, and how it starts each function.
    variables["RUST_LOG"] += ",watchexec=warn,cargo_lambda_watch=warn"
    environment = {**stack.environment(), **variables}
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "watch.toml"
        settings.write_text(_router(stack))
        # It runs `cargo run --bin <package>` at the root, which unites the features of the whole workspace: the build that
        # is there already. With --package it would be another build of every dependency.
        _run([toolbox.program("cargo-lambda"), "lambda", "watch", "--wait", "--invoke-address", "127.0.0.1",
              "--global", str(settings)], environment)


def _router(stack: Stack) -> str:
    """The routes of the running stack as settings of the watcher, which does not read the template."""
    functions: dict[str, list[str]] = {}
    for route, function in routes.served(stack).items():
        method, _, path = route.partition(" ")
        package = function.removeprefix(deploy.function_name(""))
        functions.setdefault(path, []).append(f'{{ method = "{method}", function = "{package}" }}')
    lines = [f'"{path}" = [{", ".join(entries)}]' for path, entries in functions.items()]
    return "\n".join(["[watch.router]", *lines, ""])


def sam_local(stack: Stack) -> None:
    """Runs `sam local start-api`, which serves all routes from containers, until it ends.

    Raises Failure when there is no Docker.
    """
    _require_docker()
    processes.require_free_port(3000, "End that program: sam local serves there.")
    file = stack.home / "functions.json"
    host = bridge.gateway()
    bridge.open_to_containers(host, stack.port)
    variables = {**_variables(stack), "AWS_ENDPOINT_URL": f"http://{host}:{stack.port}"}
    file.write_text(json.dumps({"Parameters": variables}, indent=2))
    # Beside the real one, since CodeUri is relative to it.
    template = toolbox.ROOT / ".sam-local.yaml"
    template.write_text(json.dumps(_flat(stack, variables), indent=2))
    command = [
        toolbox.program("sam"), "local", "start-api", "--template", str(template), "--env-vars", str(file),
        "--warm-containers", "LAZY", "--port", "3000",
        "--config-file", str(toolbox.REQUIREMENTS / "samconfig.toml"),
    ]
    # An image that is here already is good enough, and where no registry is in reach the only one.
    if subprocess.run(["docker", "image", "inspect", _IMAGE], capture_output=True).returncode == 0:
        command.insert(command.index("--warm-containers"), "--skip-pull-image")
    try:
        _run(command, stack.environment(), patience=_CLEANING_UP)
    finally:
        template.unlink(missing_ok=True)
        _remove_containers()


def _require_docker() -> None:
    # The program may be there, and say of nothing but itself, while nothing runs that it could ask.
    if not shutil.which("docker") or subprocess.run(["docker", "info"], capture_output=True).returncode != 0:
        raise Failure("sam local runs functions in containers, and there is no Docker here.",
                      "Start Docker, or serve the functions without it: make watch")


def _require_cargo_lambda() -> None:
    if not Path(toolbox.program("cargo-lambda")).is_file():
        raise Failure("cargo-lambda, which watches and serves the functions, is not in .local/tools.", "Set the tools up: make setup")


def _remove_containers() -> None:
    """Removes the containers that sam has left because it was killed or had no time: its own, with code of this folder in
    them, and those of no other project."""
    listed = subprocess.run(["docker", "ps", "--all", "--no-trunc", "--filter", "label=sam.cli.container.type=lambda",
                             "--format", "{{.ID}} {{.Mounts}}"], capture_output=True, text=True)
    code = str(toolbox.ROOT / "target" / "lambda")
    left = [line.split()[0] for line in listed.stdout.splitlines() if code in line]
    if left:
        subprocess.run(["docker", "rm", "--force", *left], capture_output=True)


def _flat(stack: Stack, variables: dict[str, str]) -> dict:
    """All functions of all areas in one template, each with its route: sam local serves no API whose functions are in other
    stacks. It hands over only the variables that a template declares."""
    routes_of = {function.removeprefix(deploy.function_name("")): route for route, function in routes.served(stack).items()}
    resources = {}
    for path in sorted((toolbox.ROOT / "functions").glob("*/template.yaml")):
        area = yaml_parse(path.read_text())
        common = area["Globals"]["Function"]
        for name, resource in area["Resources"].items():
            if resource["Type"] != "AWS::Serverless::Function":
                continue
            own = resource["Properties"]
            package = own["CodeUri"].rpartition("/")[2]
            properties = {
                "CodeUri": f"target/lambda/{package}", "Runtime": common["Runtime"], "Handler": common["Handler"],
                "Architectures": [deploy.parameters(stack)["Architecture"]],
                "MemorySize": own.get("MemorySize", common["MemorySize"]), "Timeout": own.get("Timeout", common["Timeout"]),
                "Environment": {"Variables": dict.fromkeys(variables, "")},
            }
            if package in routes_of:
                method, _, route = routes_of[package].partition(" ")
                properties["Events"] = {"Http": {"Type": "HttpApi", "Properties": {"Method": method, "Path": route}}}
            resources[name] = {"Type": resource["Type"], "Properties": properties}
    return {"AWSTemplateFormatVersion": "2010-09-09", "Transform": "AWS::Serverless-2016-10-31", "Resources": resources}


def _variables(stack: Stack) -> dict[str, str]:
    """What the deployed functions find in their environment, which is the same for all."""
    packages = build.function_packages()
    configuration = stack.client("lambda").get_function_configuration(FunctionName=deploy.function_name(packages[0]))
    settings = {name: value for name, value in stack.environment().items() if name.startswith("AWS_")}
    for files_of_the_host in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        settings.pop(files_of_the_host)
    return {**configuration["Environment"]["Variables"], **settings, "AWS_REGION": REGION}


def _run(command: list[str], environment: dict[str, str], patience: float = 0) -> None:
    status = processes.run(command, patience=patience, cwd=toolbox.ROOT, env=environment)
    if status not in (0, 130, -signal.SIGINT):
        raise Failure(f"{command[1]} {command[2]} ended with {status}.")
