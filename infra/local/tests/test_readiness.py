"""Each point of `make check-aws`: what is as it should be says so, and what is not says what to do."""

import hashlib
import unittest

from apothecary_local import readiness

from . import stubs

_NO_STACK = ("describe_stacks", "ValidationError", "Stack with id x does not exist")


class Readiness(unittest.TestCase):
    def setUp(self):
        self.session = stubs.Session()

    def points(self, check, environment=None):
        return list(check(readiness.Aws(self.session, environment or stubs.environment())))

    def todo(self, check, environment=None):
        return {point.about: point.todo for point in self.points(check, environment) if point.todo}

    def says(self, service, operation, answer):
        self.session.on(service).add_response(operation, answer)

    def no_stack(self):
        self.session.on("cloudformation").add_client_error(*_NO_STACK)

    def stack(self, status="UPDATE_COMPLETE", **more):
        self.says("cloudformation", "describe_stacks", {"Stacks": [
            {"StackName": "x", "StackStatus": status, "CreationTime": "2026-01-01T00:00:00Z", **more}]})

    def test_parameters_that_nobody_has_filled_in(self):
        found = self.todo(readiness._parameters, stubs.environment(AllowedOrigins="https://www.example.com"))
        self.assertEqual(set(found), {"AllowedOrigins", "SenderAddress", "AdminEmail", "AlarmEmail"})
        whole = {"AllowedOrigins": "https://shop.test", "SenderAddress": "a@shop.test", "AdminEmail": "b@shop.test", "AlarmEmail": "c@shop.test"}
        self.assertEqual(self.todo(readiness._parameters, stubs.environment(**whole)), {})
        local = {**whole, "AllowedOrigins": "http://localhost:3000"}
        self.assertEqual(set(self.todo(readiness._parameters, stubs.environment(**local))), {"AllowedOrigins"})
        self.assertEqual(self.todo(readiness._parameters, stubs.environment("dev", **local)), {})
        self.assertEqual(set(self.todo(readiness._parameters, stubs.environment(**whole, AlarmMail="x"))), {"AlarmMail"})

    def test_production_says_which_account_it_belongs_to(self):
        self.says("sts", "get_caller_identity", {"Account": stubs.ACCOUNT})
        self.assertIn(stubs.ACCOUNT, self.todo(readiness._belongs, stubs.environment(account=""))["The account"])
        self.says("sts", "get_caller_identity", {"Account": stubs.ACCOUNT})
        self.assertEqual(self.todo(readiness._belongs), {})

    def test_a_region_without_a_service(self):
        self.assertEqual(self.todo(readiness._services), {})
        self.session = stubs.Session(services={"lambda"})
        self.assertIn("cognito-idp missing", "".join(point.found.replace(",", " missing,") for point in self.points(readiness._services)))

    def test_a_stack_that_can_take_no_update(self):
        self.stack("UPDATE_ROLLBACK_FAILED")
        self.assertIn("The stack", self.todo(readiness._stack))
        self.stack()
        self.assertEqual(self.todo(readiness._stack), {})

    def test_buckets_that_an_earlier_stack_has_left(self):
        self.no_stack()
        self.says("sts", "get_caller_identity", {"Account": stubs.ACCOUNT})
        s3 = self.session.on("s3")
        s3.add_client_error("head_bucket", http_status_code=404)
        s3.add_response("head_bucket", {})
        s3.add_client_error("head_bucket", http_status_code=403)
        points = self.points(readiness._stack)
        self.assertEqual(points[1].found, f"apothecary-prod-scans-{stubs.ACCOUNT}-{stubs.REGION}, apothecary-prod-logs-{stubs.ACCOUNT}-{stubs.REGION}")
        self.assertIn("import", points[1].todo)

    def test_a_bucket_for_uploads_that_somebody_has_deleted(self):
        outputs = [{"OutputKey": "SourceBucket", "OutputValue": "uploads"}]
        for there, expected in ((404, {"The bucket for uploads"}), (None, set())):
            self.stack()
            self.stack(Outputs=outputs)
            if there:
                self.session.on("s3").add_client_error("head_bucket", http_status_code=there)
            else:
                self.says("s3", "head_bucket", {})
            self.assertEqual(set(self.todo(readiness._artifacts)), expected)

    def test_concurrency(self):
        for limit, environment, fine in ((10, "dev", False), (100, "dev", True), (100, "prod", False), (1000, "prod", True)):
            self.says("lambda", "get_account_settings", {"AccountLimit": {"ConcurrentExecutions": limit}})
            self.assertEqual(not self.todo(readiness._concurrency, stubs.environment(environment)), fine, (limit, environment))

    def test_roles(self):
        for roles, fine in ((100, True), (950, False)):
            self.says("iam", "get_account_summary", {"SummaryMap": {"Roles": roles, "RolesQuota": 1000}})
            self.no_stack()
            self.assertEqual(not self.todo(readiness._roles), fine, roles)

    def test_a_quota_of_routes_below_what_there_is(self):
        for value, fine in ((300, True), (100, False)):
            self.says("service-quotas", "list_service_quotas", {"Quotas": [
                {"QuotaName": "Routes per API", "Value": value}, {"QuotaName": "APIs per account", "Value": 5}]})
            self.assertEqual(not self.todo(readiness._routes), fine, value)

    def test_log_policies(self):
        self.says("logs", "describe_resource_policies", {"resourcePolicies": [{"policyName": str(n), "policyDocument": "{}"} for n in range(10)]})
        self.assertIn("Policies of logs", self.todo(readiness._log_policies))
        self.says("logs", "describe_resource_policies", {"resourcePolicies": []})
        self.assertEqual(self.todo(readiness._log_policies), {})

    def mail(self, production=True, verified=True, dkim="SUCCESS", sending=True, rules=None, deployed=None):
        self.says("sesv2", "get_account", {
            "ProductionAccessEnabled": production, "SendingEnabled": sending, "EnforcementStatus": "HEALTHY", "SendQuota": {"Max24HourSend": 50000}})
        self.says("sesv2", "get_email_identity", {
            "VerifiedForSendingStatus": verified, "DkimAttributes": {"Status": dkim}, **({"ConfigurationSetName": rules} if rules else {})})
        # Each looks at its own stack.
        self.session.forget("cloudformation")
        self.stack() if deployed else self.no_stack()

    def test_mail(self):
        environment = stubs.environment(SenderAddress="a@shop.test")
        self.mail()
        self.assertEqual(self.todo(readiness._mail, environment), {})
        self.mail(production=False)
        self.assertEqual(set(self.todo(readiness._mail, environment)), {"SES"})
        self.mail(sending=False)
        self.assertEqual(set(self.todo(readiness._mail, environment)), {"SES"})
        self.mail(verified=False)
        self.assertEqual(set(self.todo(readiness._mail, environment)), {"The identity a@shop.test"})
        self.mail(dkim="NOT_STARTED")
        self.assertEqual(set(self.todo(readiness._mail, environment)), {"DKIM of the sender's domain"})
        self.mail(deployed=True)
        self.assertEqual(set(self.todo(readiness._mail, environment)), {"The rules of mails"})
        self.mail(deployed=True, rules="apothecary-prod")
        self.assertEqual(self.todo(readiness._mail, environment), {})
        self.mail(production=False)
        self.assertEqual(self.todo(readiness._mail, stubs.environment("dev", SenderAddress="a@shop.test")), {})

    def test_an_identity_that_is_not_the_senders(self):
        self.says("sesv2", "get_account", {"ProductionAccessEnabled": True, "SendingEnabled": True})
        environment = stubs.environment(SenderAddress="a@shop.test", SenderIdentity="other.test")
        self.assertEqual(set(self.todo(readiness._mail, environment)), {"SenderIdentity"})

    def test_an_identity_that_is_not_there(self):
        self.says("sesv2", "get_account", {"ProductionAccessEnabled": True, "SendingEnabled": True})
        self.session.on("sesv2").add_client_error("get_email_identity", "NotFoundException")
        environment = stubs.environment(SenderAddress="a@shop.test", SenderIdentity="shop.test")
        self.assertEqual(set(self.todo(readiness._mail, environment)), {"The identity shop.test"})

    def test_text_messages(self):
        for sandbox, limit, todo in ((True, "1", 2), (False, "1", 1), (False, "50", 0)):
            self.says("sns", "get_sms_sandbox_account_status", {"IsInSandbox": sandbox})
            self.says("sns", "get_sms_attributes", {"attributes": {"MonthlySpendLimit": limit}})
            self.assertEqual(len(self.todo(readiness._messages)), todo, (sandbox, limit))

    def test_secrets_that_are_not_there(self):
        arn = "arn:aws:secretsmanager:eu-west-1:1:secret:x"
        self.session.on("secretsmanager").add_client_error("describe_secret", "ResourceNotFoundException")
        self.assertEqual(set(self.todo(readiness._secrets, stubs.environment(StripeSecretArn=arn))), {"StripeSecretArn"})
        self.says("secretsmanager", "describe_secret", {"ARN": arn})
        self.assertEqual(self.todo(readiness._secrets, stubs.environment(StripeSecretArn=arn)), {})

    def test_a_digest_of_another_secret(self):
        arn = "arn:aws:secretsmanager:eu-west-1:1:secret:x"
        for value, fine in (("the secret", True), ("another", False)):
            self.says("secretsmanager", "get_secret_value", {"ARN": arn, "SecretString": value})
            digest = hashlib.sha256(b"the secret").hexdigest()
            environment = stubs.environment(EdgeSecretArn=arn, EdgeSecretDigests=f"{'0' * 64},{digest}")
            self.assertEqual("EdgeSecretDigests" not in self.todo(readiness._edge, environment), fine, value)
        self.says("secretsmanager", "get_secret_value", {"ARN": arn, "SecretString": "the secret"})
        elsewhere = stubs.environment(EdgeSecretArn=arn, EdgeSecretDigests=digest, EdgeWebAclArn="arn:aws:wafv2:eu-west-1:1:global/webacl/x")
        self.assertEqual(set(self.todo(readiness._edge, elsewhere)), {"EdgeWebAclArn"})

    def test_a_certificate_of_another_name(self):
        environment = stubs.environment(ApiDomainName="api.shop.test", ApiCertificateArn="arn:aws:acm:eu-west-1:1:certificate/x")
        for names, status, fine in ((["*.shop.test"], "ISSUED", True), (["www.shop.test"], "ISSUED", False), (["api.shop.test"], "PENDING_VALIDATION", False)):
            self.says("acm", "describe_certificate", {"Certificate": {"Status": status, "DomainName": names[0], "SubjectAlternativeNames": names}})
            self.assertEqual(not self.todo(readiness._domain, environment), fine, names)
        elsewhere = stubs.environment(ApiDomainName="api.shop.test", ApiCertificateArn="arn:aws:acm:us-east-1:1:certificate/x")
        self.assertIn("ApiCertificateArn", self.todo(readiness._domain, elsewhere))

    def test_what_may_not_be_asked_is_to_be_done(self):
        self.session.on("lambda").add_client_error("get_account_settings", "AccessDenied", "not allowed")
        checks, readiness.CHECKS = readiness.CHECKS, (readiness._concurrency,)
        try:
            points = list(readiness.looked_at(readiness.Aws(self.session, stubs.environment())))
        finally:
            readiness.CHECKS = checks
        self.assertEqual(points[0].about, "Lambda's concurrency")
        self.assertIn("not allowed", points[0].todo)
