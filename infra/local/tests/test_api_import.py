"""What API Gateway is given to import, and what is left behind: nothing."""

import json
import unittest

from apothecary_local import api_import
from apothecary_local.console import Failure

from . import stubs


class ApiImport(unittest.TestCase):
    def test_the_body_has_no_function_of_cloudformation_left(self):
        body = api_import.body(stubs.environment(AllowedOrigins="https://a.test,https://b.test"), stubs.ACCOUNT, stubs.REGION)
        text = json.dumps(body)
        for left in ('"Ref"', '"Fn::', "${"):
            self.assertFalse(left in text, left)
        self.assertEqual(body["x-amazon-apigateway-cors"]["allowOrigins"], ["https://a.test", "https://b.test"])
        integration = body["paths"]["/v1/health"]["get"]["x-amazon-apigateway-integration"]
        self.assertTrue(integration["uri"].endswith(f":{stubs.ACCOUNT}:function:apothecary-prod-platform-health/invocations"))

    def test_what_was_imported_is_deleted_with_warnings_and_without(self):
        session = stubs.Session()
        client, on = session.client("apigatewayv2"), session.on("apigatewayv2")
        for warnings in ([], ["path parameter without schema"]):
            on.add_response("import_api", {"ApiId": "a1", "Warnings": warnings}, {"Body": "{}", "FailOnWarnings": True})
            on.add_response("delete_api", {}, {"ApiId": "a1"})
            if warnings:
                with self.assertRaises(Failure) as raised:
                    api_import.import_and_delete(client, {})
                self.assertIn(warnings[0], raised.exception.details)
            else:
                api_import.import_and_delete(client, {})
            on.assert_no_pending_responses()
