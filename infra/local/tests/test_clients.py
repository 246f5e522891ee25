"""What is written for clients: the Postman collection and the codes of problems."""

import contextlib
import io
import json
import os
import re
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from apothecary_local import toolbox

sys.path.insert(0, str(toolbox.ROOT / "infra" / "clients"))

import codes
import postman
import run
import story

_DOCUMENT = json.loads((toolbox.ROOT / "docs" / "openapi.json").read_text())
_COLLECTION = postman.collection(_DOCUMENT)
# By the environment, by the script before each request, or by Postman.
_GIVEN = set(postman.ENVIRONMENT_VALUES) | {
    "run", "customer_email", "leaver_email", "yesterday", "today", "in_a_month", "idempotency_key", "pdf_bytes", "$guid",
}


def requests():
    """All of them, in the order of the run."""
    return [item for folder in _COLLECTION["item"] for item in folder["item"]]


def script(item, listen):
    return "\n".join(line for event in item["event"] if event["listen"] == listen for line in event["script"]["exec"])


class Collection(unittest.TestCase):
    def test_every_operation_has_a_request_that_checks_the_status(self):
        asked = {(item["request"]["method"], "/" + "/".join(item["request"]["url"].get("path", []))) for item in requests()}
        for path, methods in _DOCUMENT["paths"].items():
            for method in methods:
                self.assertIn((method.upper(), re.sub(r"\{(\w+)\}", r":\1", path)), asked)
        for item in requests():
            self.assertIn("pm.test(", script(item, "test"), item["name"])

    def test_what_a_request_needs_was_kept_by_one_before_it(self):
        known = set(_GIVEN)
        for item in requests():
            # Where any answer will do, the document's example may stand for what only a person has.
            if "it is done" in script(item, "test"):
                used = set(re.findall(r"\{\{([\w$]+)\}\}", json.dumps(item["request"] | {"description": ""})))
                self.assertLessEqual(used, known, item["name"])
            known |= set(re.findall(r'collectionVariables\.set\("(\w+)"', script(item, "test") + script(item, "prerequest")))

    def test_names_are_used_once_since_requests_are_gone_back_to_by_them(self):
        names = [item["name"] for item in requests()]
        self.assertEqual(len(names), len(set(names)))

    def test_an_operation_that_is_gone_is_said(self):
        paths = {path: item for path, item in _DOCUMENT["paths"].items() if path != "/v1/cart"}
        with self.assertRaisesRegex(SystemExit, "cart-clear"):
            postman.collection(_DOCUMENT | {"paths": paths})

    def test_whoever_may_call_it_does(self):
        for said, who in (("`super_admin`, `pharmacy_admin`, `customer` (own).", "customer"), ("`super_admin`.", "admin"),
                          ("everybody who is signed in.", "customer"), ("everybody, signed in or not.", "guest")):
            self.assertEqual(postman._caller({"description": f"What it does.\n\nRoles: {said}"}), who)

    def test_uploads_are_as_long_as_they_are_announced(self):
        announced = re.search(r'"pdf_bytes", "(\d+)"', "\n".join(_COLLECTION["event"][0]["script"]["exec"]))[1]
        file = postman._pdf()
        self.assertEqual(len(file), int(announced))
        table = int(file.split("startxref\n")[1].split()[0])
        self.assertTrue(file[table:].startswith("xref"))

    def test_every_step_stands_in_a_folder(self):
        tags = {tag["name"] for tag in _DOCUMENT["tags"]}
        self.assertLessEqual({step.folder for step in story.STEPS if step.folder}, tags)


class Codes(unittest.TestCase):
    PAGE = "| 404 | `not_found` | It is not there |\n| 409, 503 | `not_reviewed` | Nobody has reviewed it |\n"
    SOURCE = 'Error::conflict("not_reviewed", "x") "not_found"'

    def document(self, status, description):
        return {"components": {"responses": {}}, "paths": {"/v1/x": {"get": {"responses": {status: {"description": description}}}}}}

    def test_what_is_right_has_no_fault(self):
        self.assertEqual(codes.faults(self.PAGE, self.document("409", "`not_reviewed`, in `problems`"), self.SOURCE), [])

    def test_a_code_without_a_sentence_is_named(self):
        found = codes.faults(self.PAGE, self.document("409", "`too_early`"), self.SOURCE + '\nError::new(Kind::Forbidden, "own_page", "y")')
        self.assertEqual(found, ["docs/api/errors.md has no sentence for own_page", "docs/api/errors.md has no sentence for too_early"])

    def test_another_status_is_named(self):
        found = codes.faults(self.PAGE, self.document("422", "`not_found`"), self.SOURCE)
        self.assertEqual(found, ["docs/api/errors.md says 404 of not_found, and the document 422"])

    def test_a_code_that_is_gone_is_named(self):
        found = codes.faults(self.PAGE, self.document("409", ""), 'Error::conflict("not_reviewed", "x")')
        self.assertEqual(found, ["docs/api/errors.md explains not_found, which nothing answers"])


class Running(unittest.TestCase):
    """Where Node.js is, and where it is not."""

    def said(self, command, environment, node="/usr/bin/node"):
        output, error = io.StringIO(), io.StringIO()
        with (mock.patch.dict(os.environ, environment), mock.patch.object(run.shutil, "which", return_value=node),
              contextlib.redirect_stdout(output), contextlib.redirect_stderr(error)):
            return run.main(command), output.getvalue(), error.getvalue()

    def test_without_node_the_tests_go_on_and_say_so(self):
        status, output, _ = self.said("fetch", {}, node=None)
        self.assertEqual((status, output.count("\n")), (3, 1))
        self.assertIn("Node.js is missing", output)
        for command in ("postman", "typescript", "all"):
            status, _, error = self.said(command, {}, node=None)
            self.assertEqual(status, 2)
            self.assertIn("Node.js is missing: nothing was run", error)

    def test_both_are_run_and_the_first_failure_is_the_status(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "stack.json"
            path.write_text(json.dumps({"api_url": "http://x", "payments_url": "http://y"}))
            for postman_status, typescript_status, status in ((0, 0, 0), (1, 0, 1), (0, 3, 3)):
                with (mock.patch.object(run, "fetch"), mock.patch.object(run, "postman", return_value=postman_status),
                      mock.patch.object(run, "typescript", return_value=typescript_status)):
                    self.assertEqual(self.said("all", {"APOTHECARY_STACK": str(path)})[0], status)

    def test_the_typescript_client_is_tested_against_the_stack_that_runs(self):
        description = {"api_url": "http://x", "payments_url": "http://y"}
        with (tempfile.TemporaryDirectory() as folder, mock.patch.object(run, "ROOT", Path(folder)),
              mock.patch.object(run, "fetch"), mock.patch.object(run, "typescript", return_value=0) as client):
            with mock.patch.dict(os.environ):
                os.environ.pop("APOTHECARY_STACK", None)
                self.assertEqual(self.said("typescript", {})[0], 0)
                client.assert_called_with(None)
                path = Path(folder) / ".local" / "stack.json"
                path.parent.mkdir()
                path.write_text(json.dumps(description))
                self.assertEqual(self.said("typescript", {})[0], 0)
                client.assert_called_with(description)
            # One that is named and is not there is not passed over.
            client.reset_mock()
            self.assertEqual(self.said("typescript", {"APOTHECARY_STACK": str(Path(folder) / "gone.json")})[0], 2)
            client.assert_not_called()

    def test_what_fails_is_shown_and_what_does_not_is_not(self):
        for code, shown in (("print('all is well')", ""), ("print('it broke'); raise SystemExit(3)", "it broke")):
            with contextlib.redirect_stdout(io.StringIO()) as output:
                status = run._run([sys.executable, "-c", code], quiet=True)
            self.assertEqual((status, output.getvalue().strip()), (3 if shown else 0, shown))

    def test_tools_that_do_not_come_are_said_and_fail_what_was_asked_for_by_name(self):
        with mock.patch.object(run, "fetch", side_effect=run.Missing("npm could not fetch newman")):
            for command, status in (("fetch", 3), ("postman", 2), ("typescript", 2), ("all", 2)):
                code, output, error = self.said(command, {})
                self.assertEqual(code, status)
                self.assertIn("npm could not fetch newman", error if status == 2 else output)

    def test_what_is_there_is_not_fetched_again(self):
        with (tempfile.TemporaryDirectory() as folder, mock.patch.object(run.shutil, "which", return_value="node"),
              mock.patch.object(run.subprocess, "run", return_value=mock.Mock(returncode=0)) as npm):
            run.fetch(Path(folder))
            self.assertEqual(npm.call_count, len(run.SOURCES))
            run.fetch(Path(folder))
            self.assertEqual(npm.call_count, len(run.SOURCES))
            (Path(folder) / "newman" / "fetched.json").write_text("another")
            run.fetch(Path(folder))
            self.assertEqual(npm.call_count, len(run.SOURCES) + 1)

    def test_public_ci_runs_both_by_name_so_that_tools_that_do_not_come_fail_it(self):
        workflow = (toolbox.ROOT / ".github" / "workflows" / "ci.yml").read_text()
        self.assertIn("run: python3 infra/local/stack.py test-stack -- make postman typescript-client\n", workflow)

    def test_lock_files_name_no_host_and_versions_are_whole(self):
        folders = [*run.SOURCES.values(), toolbox.ROOT / "infra" / "bench" / "vendure"]
        for folder in folders:
            lock = json.loads((folder / "package-lock.json").read_text())
            said = json.loads((folder / "package.json").read_text())
            for name, entry in lock["packages"].items():
                self.assertNotIn("resolved", entry, name)
                self.assertTrue(name == "" or "integrity" in entry, name)
            for kind in ("dependencies", "devDependencies"):
                self.assertEqual(lock["packages"][""].get(kind, {}), said.get(kind, {}))
                for version in said.get(kind, {}).values():
                    self.assertRegex(version, r"^\d+\.\d+\.\d+$")
