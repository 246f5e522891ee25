"""What CloudFormation can only change by making a new resource, which begins empty; and what it changes one at a time.

`infra/lasting.json` has how it is. A change of that is said here, before an account says it."""

import json

from samtranslator.yaml_helper import yaml_parse

from .console import Failure
from .toolbox import ROOT

FILE = ROOT / "infra/lasting.json"
_TEMPLATES = ("infra/data.yaml", "infra/identity.yaml")

# The create-only properties that are used here, by the schemas of the resource types. Of a pool's attributes only the addition of
# another is a change in place.
_CREATE_ONLY = {
    "AWS::DynamoDB::Table": ("TableName", "KeySchema", "LocalSecondaryIndexes"),
    "AWS::S3::Bucket": ("BucketName",),
    "AWS::KMS::Key": ("KeySpec", "KeyUsage", "MultiRegion"),
    "AWS::SecretsManager::Secret": ("Name",),
    "AWS::Cognito::UserPool": ("UsernameAttributes", "AliasAttributes", "UsernameConfiguration", "Schema"),
    "AWS::Cognito::UserPoolClient": ("GenerateSecret", "UserPoolId"),
    "AWS::Cognito::UserPoolGroup": ("GroupName", "UserPoolId"),
}


def check(update: bool = False) -> None:
    """Raises Failure when something lasting is not as it was. With `update`, what may change is written down."""
    now = of_the_templates()
    before = json.loads(FILE.read_text()) if FILE.exists() else {}
    found = faults(before, now)
    if found:
        raise Failure("CloudFormation would make something anew that holds data, or refuse the change.", "\n".join(found))
    if now != before:
        if not update:
            raise Failure(f"{FILE.relative_to(ROOT)} is not current.",
                          "Where the change is meant: python3 infra/local/stack.py check-templates update, and say in the commit why.")
        FILE.write_text(json.dumps(now, indent=1, sort_keys=True) + "\n")


def of_the_templates() -> dict:
    """What is lasting in the templates as they are."""
    found = {}
    for path in _TEMPLATES:
        for name, resource in yaml_parse((ROOT / path).read_text())["Resources"].items():
            if resource["Type"] in _CREATE_ONLY:
                properties = resource.get("Properties", {})
                kept = {key: properties[key] for key in _CREATE_ONLY[resource["Type"]] if key in properties}
                indexes = {index["IndexName"]: index for index in properties.get("GlobalSecondaryIndexes", [])}
                found[name] = {"type": resource["Type"], "kept": kept, **({"indexes": indexes} if indexes else {})}
    # As the file has it: without what YAML alone tells apart.
    return json.loads(json.dumps(found))


def faults(before: dict, now: dict) -> list[str]:
    """What no update can do, or only by losing what is there."""
    found = []
    for name, old in before.items():
        new = now.get(name)
        if new is None:
            found.append(f"{name} is gone, or has another name: its data would be left behind, or deleted")
            continue
        for key in sorted({*old["kept"], *new["kept"]}):
            if old["kept"].get(key) != new["kept"].get(key) and not _only_more(key, old["kept"].get(key), new["kept"].get(key)):
                found.append(f"{name}: another {key} makes another {old['type']}, which is empty")
        was, will = old.get("indexes", {}), new.get("indexes", {})
        changed = [index for index in {*was, *will} if was.get(index) != will.get(index)]
        # A changed index is one that goes and one that comes.
        steps = sum(2 if index in was and index in will else 1 for index in changed)
        if steps > 1:
            found.append(f"{name}: {', '.join(sorted(changed))}: an update makes or deletes one index of a table; release them one by one")
    return found


def _only_more(key: str, old, new) -> bool:
    """Attributes of people may be added to a pool."""
    return key == "Schema" and isinstance(old, list) and isinstance(new, list) and new[:len(old)] == old
