"""Tables and buckets are recoverable, encrypted, protected and private."""

from cfnlint.rules import CloudFormationLintRule, RuleMatch


class ProtectedTables(CloudFormationLintRule):
    """Every table can be recovered to a point in time, is encrypted, and says what happens when it is deleted."""

    id = "E9002"
    shortdesc = "Protected tables"
    description = "Tables have point-in-time recovery, encryption, deletion protection and both deletion policies."
    source_url = "docs/data.md"
    tags = ["dynamodb"]

    def match(self, cfn):
        """Looks at every table."""
        matches = []
        for name, resource in cfn.get_resources(["AWS::DynamoDB::Table"]).items():
            path = ["Resources", name]
            properties = resource.get("Properties", {})
            recovery = properties.get("PointInTimeRecoverySpecification", {})
            if str(recovery.get("PointInTimeRecoveryEnabled")).lower() != "true":
                matches.append(RuleMatch(path, f"{name} has no point-in-time recovery"))
            if str(properties.get("SSESpecification", {}).get("SSEEnabled")).lower() != "true":
                matches.append(RuleMatch(path, f"{name} has no SSESpecification"))
            if "DeletionProtectionEnabled" not in properties:
                matches.append(RuleMatch(path, f"{name} does not say DeletionProtectionEnabled"))
            matches += _kept(name, resource)
        return matches


class PrivateBuckets(CloudFormationLintRule):
    """Every bucket blocks public access, keeps versions and is encrypted; those that people upload to are logged."""

    id = "E9003"
    shortdesc = "Private buckets"
    description = "Buckets have Block Public Access, versioning, encryption, a lifecycle and both deletion policies."
    source_url = "docs/data.md"
    tags = ["s3"]

    needed = (
        "PublicAccessBlockConfiguration", "OwnershipControls", "VersioningConfiguration", "BucketEncryption",
        "LifecycleConfiguration",
    )

    def match(self, cfn):
        """Looks at every bucket."""
        matches = []
        for name, resource in cfn.get_resources(["AWS::S3::Bucket"]).items():
            properties = resource.get("Properties", {})
            missing = [wanted for wanted in self.needed if wanted not in properties]
            if "CorsConfiguration" in properties and "LoggingConfiguration" not in properties:
                missing.append("LoggingConfiguration")
            for wanted in missing:
                matches.append(RuleMatch(["Resources", name], f"{name} has no {wanted}"))
            matches += _kept(name, resource)
        return matches


class KeptPeople(CloudFormationLintRule):
    """The pool with its people, the key and the secret outlive a stack, but not a stack whose creation failed."""

    id = "E9006"
    shortdesc = "Kept people and keys"
    description = "User pools, their users, keys and secrets have both deletion policies."
    source_url = "docs/operations.md"
    tags = ["cognito", "kms"]

    kinds = ["AWS::Cognito::UserPool", "AWS::Cognito::UserPoolUser", "AWS::KMS::Key", "AWS::SecretsManager::Secret"]

    def match(self, cfn):
        """Looks at each of them."""
        return [match for name, resource in cfn.get_resources(self.kinds).items() for match in _kept(name, resource)]


class LocalIsLocal(CloudFormationLintRule):
    """What the laptop stack is spared, no real account is, whatever its parameters say."""

    id = "E9007"
    shortdesc = "Local is the emulator's account"
    description = "A condition on Environment=local is one on the emulator's account as well."
    source_url = "docs/operations.md"
    tags = ["conditions"]

    def match(self, cfn):
        """Looks at every condition."""
        matches = []
        for name, condition in cfn.template.get("Conditions", {}).items():
            text = str(condition)
            if "'local'" in text and "AWS::AccountId" not in text:
                matches.append(RuleMatch(["Conditions", name], f"{name} asks for local and not for the emulator's account"))
        return matches


def _kept(name, resource):
    """A retained resource of a stack whose creation failed would be in the way of the next try, under the same name."""
    for attribute in ("DeletionPolicy", "UpdateReplacePolicy"):
        if attribute not in resource:
            yield RuleMatch(["Resources", name], f"{name} does not say its {attribute}")
    policy = str(resource.get("DeletionPolicy"))
    if "Retain" in policy and "RetainExceptOnCreate" not in policy:
        yield RuleMatch(["Resources", name], f"{name} is retained even where its creation is rolled back; say RetainExceptOnCreate")
