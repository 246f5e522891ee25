"""What is written for clients: the Postman collection and the codes of problems."""

import json
import re
import sys
import unittest

from apothecary_local import toolbox

sys.path.insert(0, str(toolbox.ROOT / "infra" / "clients"))

import codes
import postman
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
