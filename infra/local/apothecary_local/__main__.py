"""The commands of the laptop stack."""

import errno
import inspect
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable

from botocore.exceptions import BotoCoreError, ClientError

from . import (account, api_import, asking, build, catalogue, currency, deploy, emulator, environments, faults, lasting, logs, medicine, pages, peers, people,
               processes, readiness, reading, recount, release, rights, serve, templates)
from .console import Failure, fail, say, step
from .stack import Stack
from .toolbox import LOCAL, ROOT

# The variable that names the description of the stack a test run is for.
DESCRIPTION_VARIABLE = "APOTHECARY_STACK"
# How much of the catalogue a test run has: enough for several pages and every category.
TEST_PRODUCTS = 80
# The functions' log of the last test run that failed.
FAILED_RUN = LOCAL / "failed-test-run.log"


class Interrupted(Exception):
    """Ctrl-C, or a request to end."""


def setup() -> None:
    """Sets up the tools and does nothing else."""
    say("The tools are set up in .local/tools.")


def build_all() -> None:
    """Builds all functions for this machine."""
    with step("Building the functions"):
        build.build()


def build_release(environment: str = "dev") -> None:
    """Builds all functions for Lambda, for the architecture that an environment deploys: build-release dev|prod."""
    architecture = environments.named(environment).parameter("Architecture")
    with step(f"Building the functions for Lambda on {architecture}"):
        build.build_release(architecture)


def build_bench(only: str = "") -> None:
    """Builds what the bench measures, as it is deployed: build-bench [word,word|kinds|quick]."""
    with step("Building what is measured; each function takes about a minute"):
        build.build_bench(only)


def build_arm64(only: str = "kinds") -> None:
    """Builds what is weighed, for arm64 as it is deployed: build-arm64 [word,word|kinds|quick|all]."""
    with step("Building for arm64; each function takes about a minute"):
        build.build_arm64(only)


def build_profile(only: str = "") -> None:
    """Builds functions with the names of what is in them, to see where their instructions go: build-profile word,word."""
    with step("Building what is looked into; the first time takes some minutes"):
        build.build_profile(only)


def check_account(environment: str = "dev") -> None:
    """Checks that this shell can deploy into AWS: check-account dev|prod."""
    account.check(environment)


def check_api(environment: str = "dev") -> None:
    """Has API Gateway import the routes into an API that is deleted again: check-api dev|prod."""
    api_import.check(environment)


def check_aws(environment: str = "dev") -> None:
    """Looks, in the account of this shell, for what a deployment needs: check-aws dev|prod. Changes nothing."""
    readiness.check(environment)


def recount_reports(environment: str = "dev", *options: str) -> None:
    """Has every order and prescription of an environment counted again for the reports: recount dev|prod [only=count]."""
    recount.run(environment, *options)


def ask_providers(environment: str = "dev", *options: str) -> None:
    """Has the payment providers asked about every order of an environment: ask-providers dev|prod [only=count]."""
    asking.run(environment, *options)


def release_to_aws(environment: str = "dev", *options: str) -> None:
    """Deploys what is built into AWS: release dev|prod [replace=yes] [nested=no]."""
    release.release(environment, *options)


def check_tools() -> None:
    """Tests what these commands are made of."""
    with step("Testing the tools"):
        tests = [sys.executable, "-m", "unittest", "discover", "--buffer", "-s", "infra/local/tests", "-t", "infra/local"]
        tested = subprocess.run(tests, cwd=ROOT, capture_output=True, text=True)
        if tested.returncode != 0:
            raise Failure("The tools do not do what their tests say.", tested.stderr)


def check_templates(update: str = "") -> None:
    """Checks the templates with cfn-lint, the house rules and SAM; `update` writes down what is lasting in them."""
    if update not in ("", "update"):
        raise Failure(f"check-templates does not know {update}.", "check-templates update")
    with step("Checking the templates"):
        templates.check()
        lasting.check(update == "update")


def start() -> None:
    """Starts the local AWS in the background, with the data it had."""
    _start(Stack.of_the_developer())


def deploy_everything() -> None:
    """Deploys the whole template into the running local AWS."""
    stack = _running()
    with step("Deploying the template"):
        deploy.bring_up_to_date(stack, whole=True)
    peers.start(stack, stack.describe()["api_url"])
    reading.start(stack)


def deploy_local(*only: str) -> None:
    """Builds, and brings what changed into the running local AWS: of the functions all, or those named."""
    unknown = set(only) - set(build.function_packages())
    if unknown:
        raise Failure(f"There is no function {', '.join(sorted(unknown))}.", "A function's name is <area>-<operation>.")
    stack = _running()
    with step("Building " + (", ".join(only) or "the functions")):
        build.build(only)
    with step("Deploying what changed"):
        deploy.bring_up_to_date(stack, only=only)
    peers.start(stack, stack.describe()["api_url"])
    reading.start(stack)


def seed() -> None:
    """Creates the people and products that are not there yet."""
    stack = _running()
    _seed(stack)


def import_tables(kind: str = "", path: str = "", *more: str) -> None:
    """Imports a table into the running local stack: `import products|stock|drugsfda <path> [--dry-run]`."""
    if not (kind and path):
        raise Failure("What is to be imported?", "make import kind=drugsfda path=<archive or directory of its tables>")
    catalogue.import_tables(_running().describe()["api_url"], kind, path, more)


def install_reading() -> None:
    """Installs the reader of prescriptions."""
    reading.install()


def watch() -> None:
    """Serves the functions with `cargo lambda watch` against the running local stack."""
    _until_interrupted(serve.watch)


def sam_local() -> None:
    """Serves the functions with `sam local start-api` against the running local stack."""
    _until_interrupted(serve.sam_local)


def check_served(how: str) -> None:
    """Lists products, signs in and looks into the cart by other means than the emulator: check-served watch|sam-local."""
    # Before anybody starts a stack for it.
    serve.require(how)
    try:
        _running(Stack.described())
        serve.check(how)
    except Interrupted:
        raise SystemExit(130) from None


def dev() -> None:
    """Everything: builds, starts, deploys, seeds, then shows the logs until Ctrl-C.

    A local AWS that runs already is used, and left running.
    """
    stack = Stack.of_the_developer()
    emulator.check(stack)
    started = None
    try:
        build_all()
        started = _start(stack)
        with step("Deploying what changed"):
            deploy.bring_up_to_date(stack)
        description = stack.describe()
        peers.start(stack, description["api_url"])
        reading.start(stack)
        _seed(stack)
        _introduce(stack, description)
        logs.follow(stack, lambda: emulator.is_running(stack))
        raise Failure("The local AWS ended.", f"Its log is {stack.log}")
    except Interrupted:
        say()
    finally:
        # A second Ctrl-C must not leave processes behind or data unwritten.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if started is not None:
            with step("Stopping"):
                emulator.stop_started(stack, started)
            say("Stopped. The data is kept until `make clean`; `make dev` goes on with it.")
        elif emulator.is_running(stack):
            say("The local AWS was not started here and goes on; `make stop` stops it.")
        else:
            say("Nothing was started here.")


def stop() -> None:
    """Stops the local AWS and its functions; the data is kept."""
    stack = Stack.of_the_developer()
    say("Stopped." if emulator.stop(stack) else "Nothing was running.")


def clean() -> None:
    """Stops the local AWS and removes its data."""
    stack = Stack.of_the_developer()
    emulator.stop(stack)
    stack.remove()
    say("The local stack's data is removed. Tools and builds are kept.")


def test_stack(*command: str) -> None:
    """Runs a command against a fresh private stack: test-stack [rights] [faults[=seed]] -- command arguments…

    The command finds the stack's description through the variable APOTHECARY_STACK. After `rights`, which is for a command that
    tests everything, what the functions were allowed and have not done must be in the list of that. After `faults`, the functions
    reach what they call through a proxy in which calls go wrong as the command says.
    """
    words, command = _words_and_command(command)
    if not command:
        raise Failure("test-stack needs the command to run: test-stack -- cargo test --workspace --features e2e/stack --test e2e")
    whole, seed = "rights" in words, words.get("faults")
    if whole:
        rights.check_list()
    _end_abandoned_runs()
    stack = Stack.of_a_test_run(faulty=seed is not None)
    proxy = None
    try:
        if seed is not None:
            proxy = faults.start(stack, seed)
        with step(f"Starting a private local AWS on port {stack.port}"):
            emulator.start(stack)
        with step("Deploying the template"):
            deploy.bring_up_to_date(stack)
        peers.start(stack, stack.describe()["api_url"])
        reading.start(stack)
        _seed(stack, TEST_PRODUCTS)
        say(f"> {shlex.join(command)}")
        environment = {**os.environ, DESCRIPTION_VARIABLE: str(stack.description)}
        status = processes.run(command, cwd=ROOT, env=environment)
        if status != 0:
            _keep_logs(stack)
            # A command that a signal has ended has a negative one.
            raise SystemExit(status if status > 0 else 128 - status)
        if whole:
            with step("Comparing the rights that are granted with those that were used"):
                rights.check(stack)
    except Interrupted:
        raise SystemExit(130) from None
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        emulator.stop(stack)
        if proxy is not None:
            faults.end(proxy)
        stack.remove()


def _words_and_command(given: tuple[str, ...]) -> tuple[dict[str, int], tuple[str, ...]]:
    """What is said before `--`, each with its number, and the command after it.

    Raises Failure where a word is not known.
    """
    if "--" not in given:
        return {}, given
    at = given.index("--")
    words = {}
    for word in given[:at]:
        name, _, number = word.partition("=")
        if name not in ("rights", "faults") or (number and not number.isdecimal()):
            raise Failure(f"test-stack does not know {word}.", "test-stack [rights] [faults[=seed]] -- command arguments…")
        words[name] = int(number or 1)
    return words, given[at + 1:]


def help() -> None:
    """Lists the commands."""
    for name, command in COMMANDS.items():
        say(f"  {name:14} {command.__doc__.splitlines()[0]}")


COMMANDS = {
    "dev": dev,
    "deploy-local": deploy_local,
    "seed": seed,
    "import": import_tables,
    "stop": stop,
    "clean": clean,
    "reading": install_reading,
    "watch": watch,
    "sam-local": sam_local,
    "check-served": check_served,
    "setup": setup,
    "build": build_all,
    "build-release": build_release,
    "build-bench": build_bench,
    "build-arm64": build_arm64,
    "build-profile": build_profile,
    "check-account": check_account,
    "check-api": check_api,
    "check-aws": check_aws,
    "recount": recount_reports,
    "ask-providers": ask_providers,
    "check-templates": check_templates,
    "check-tools": check_tools,
    "release": release_to_aws,
    "start": start,
    "deploy": deploy_everything,
    "test-stack": test_stack,
    "help": help,
}


def _end_abandoned_runs() -> None:
    """Ends and removes the stacks of test runs that were killed before they could."""
    for stack in Stack.abandoned_by_test_runs():
        emulator.stop(stack)
        stack.remove()


def _keep_logs(stack: Stack) -> None:
    """Keeps what the functions logged, if that can be had: the command's own failure matters more."""
    try:
        logs.save(stack, FAILED_RUN)
    except (ClientError, BotoCoreError, OSError) as error:
        say(f"What the functions logged could not be kept: {error}")
    else:
        say(f"What the functions logged is in {FAILED_RUN.relative_to(ROOT)}")


def _start(stack: Stack) -> int | None:
    """The process id of the local AWS that was started; None where it ran already."""
    with step(f"Starting the local AWS on port {stack.port}"):
        return emulator.start(stack)


def _running(stack: Stack | None = None) -> Stack:
    stack = stack or Stack.of_the_developer()
    if not emulator.is_running(stack):
        raise Failure("The local stack is not running.", "Start it with: make dev")
    return stack


def _until_interrupted(server: Callable[[Stack], None]) -> None:
    stack = _running(Stack.described())
    try:
        server(stack)
    except Interrupted:
        say("\nStopped. The local stack itself goes on.")


def _seed(stack: Stack, products: int | None = None) -> None:
    with step("Seeding the people"):
        people.seed(stack)
    with step("Loading the catalogue"):
        catalogue.seed(stack.describe()["api_url"], stack.currency, products)
    with step("Reviewing the rules of medicine"):
        medicine.seed(stack.describe()["api_url"])
    with step("Writing, reviewing and publishing the pages"):
        pages.seed(stack.describe()["api_url"])


# How the page is found on which one pays by what is taken beside cards, by currency.
_PAGES = {
    "USD": """                        paypal        client.url
                      esewa takes NPR alone, and bkash BDT: make dev currency=NPR APOTHECARY_PORT=4570""",
    "NPR": """                        esewa         $PAYMENTS/pay/esewa/$UUID, the field transaction_uuid, once the fields were sent to
                                      client.action (docs/payments.md has the command)""",
    "BDT": """                        bkash         client.url""",
}


def _methods(stack: Stack) -> str:
    return " or ".join(["card", *currency.PROVIDERS[stack.currency]])


def _introduce(stack: Stack, description: dict) -> None:
    api = description["api_url"]
    say(f"""
Apothecary runs.

  API         {api}/v1
  Local AWS   {stack.endpoint}  (log: {stack.log.relative_to(ROOT)})
  Described   {stack.description.relative_to(ROOT)}

  Sign in as, with the password {people.PASSWORD}:""")
    for local_part, _, role in people.PEOPLE:
        say(f"    {people.address(local_part):30} {role}")
    say(f"""
  A first request:
    curl -s '{api}/v1/products?query=amox&limit=3'

  To try the flows of accounts by hand (docs/accounts.md has each of them, ready to copy):
    export API='{api}' AWS='{stack.endpoint}'
    password          curl -s $API/v1/auth/login -H 'content-type: application/json' \\
                        -d '{{"email": "{people.address("customer")}", "password": "{people.PASSWORD}"}}'
    code by mail      curl -s $API/v1/auth/otp -H 'content-type: application/json' \\
                        -d '{{"email": "{people.address("customer")}", "purpose": "login"}}'
    code by SMS       curl -s $API/v1/auth/otp -H 'content-type: application/json' \\
                        -d '{{"phone": "+9779812345678", "purpose": "register"}}'
    its mails, SMS    curl -s $AWS/_ministack/ses/messages     curl -s $AWS/_ministack/sns/sms-messages
    second factor     POST /v1/auth/mfa, /v1/auth/mfa/confirm, /v1/auth/login/challenge
    other providers   GET /v1/auth/social/google?redirect_uri=http://localhost:3000/signed-in (docs/accounts/social.md)
    paying            export PAYMENTS='{description["payments_url"]}', stand-ins for the providers (docs/payments.md); for an
                      order by {_methods(stack)}, POST $API/v1/orders/$ORDER/payment with
                        {{"return_url": "http://localhost:3000/orders"}}, and open in a browser
                        card          $PAYMENTS/pay/stripe/$INTENT, the part of client_secret before _secret_
{_PAGES[stack.currency]}
                      what was really done: curl -s $PAYMENTS/_ledger
    administration    GET /v1/admin/users and /v1/admin/audit as {people.address("admin")}

Logs follow. Ctrl-C stops what was started here.
""")


# When the local AWS answers with an error, or not at all.
_ADVICE = """Run the command once more: a stack that is just starting or stopping answers so for a moment.
If it says the same again: make stop, then make dev. If that does not help: make clean, then make dev (its data is lost).
The log of the local AWS is emulator.log in .local/state."""


def _interrupt(*_) -> None:
    raise Interrupted


def main() -> None:
    """Runs the command named on the command line."""
    name, *arguments = sys.argv[1:] or ["help"]
    command = COMMANDS.get(name)
    try:
        if command is None:
            raise Failure(f"There is no command {name}.", "Commands: " + ", ".join(COMMANDS))
        try:
            inspect.signature(command).bind(*arguments)
        except TypeError:
            raise Failure(f"{name} does not take these arguments.", command.__doc__) from None
        signal.signal(signal.SIGINT, _interrupt)
        signal.signal(signal.SIGTERM, _interrupt)
        command(*arguments)
    except Failure as failure:
        fail(failure)
    except (ClientError, BotoCoreError) as error:
        fail(Failure("The local AWS did not do what it was asked to.", f"{error}\n{_ADVICE}"))
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        fail(Failure("The disk is full.", f"{error}\nFree some space and try again."))
    except Interrupted:
        sys.exit(130)


if __name__ == "__main__":
    main()
