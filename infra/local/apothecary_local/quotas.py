"""Holds the templates, as CloudFormation gets them, to its quotas: SAM makes several resources of one function, and no linter
counts after it."""

import json
import logging
import math
import re
import os
from dataclasses import dataclass
from pathlib import Path

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

from . import build, deploy, toolbox
from .console import Failure, say

# What the house is built for: any area may get twice as large as they are together now.
FUNCTIONS = 450

# Well below what AWS allows ("Understand CloudFormation quotas", "Quotas for configuring and running an HTTP API", "IAM and
# AWS STS quotas", "Lambda quotas"): 500 resources, 60 dynamic references, 1 MB and 200 parameters a template; 300 routes;
# 10,240 characters of inline policies and 10 managed policies a role; 4 KB of environment; 4,096 bytes a parameter.
RESOURCES, REFERENCES, BYTES, PARAMETERS = 300, 10, 900_000, 180
ROUTES, INLINE_POLICIES, MANAGED_POLICIES, ENVIRONMENT = 280, 9_000, 9, 3_500

_REGION = "ap-southeast-2"
# As long as such a value gets: an ARN in a region with a long name, of a stack with a long name.
_SHORT = 7
_LONG = "arn:aws:dynamodb:ap-southeast-2:123456789012:table/apothecary-production-Prescriptions"
# One for each provider of payments.
_SECRETS = 4 * len(_LONG)


@dataclass(frozen=True)
class Translated:
    """A template after SAM."""

    path: str
    functions: int
    body: dict

    @property
    def resources(self) -> int:
        """How many it has."""
        return len(self.body["Resources"])

    def of_kind(self, kind: str) -> list[dict]:
        """The properties of all resources of a kind."""
        return [one.get("Properties", {}) for one in self.body["Resources"].values() if one["Type"] == kind]


def check() -> None:
    """Raises Failure when a template would not fit, today or with as many functions as the house is built for."""
    templates = [translated(path) for path in deploy.templates()]
    growth = FUNCTIONS / len(build.function_packages())
    faults = [fault for template in templates for fault in _faults(template, growth)]
    references = sum(json.dumps(template.body).count("{{resolve:") for template in templates)
    if references > REFERENCES:
        faults.append(f"{references} dynamic references in all; {REFERENCES} are allowed here")
    largest = max(templates, key=lambda template: template.resources)
    say(f"  {sum(template.resources for template in templates)} resources in {len(templates)} templates, most of them "
        f"({largest.resources}) in {largest.path}; {references} dynamic references")
    if faults:
        raise Failure("CloudFormation would refuse the templates, or soon will.", "\n".join(faults))


def translated(path: Path) -> Translated:
    """A template as CloudFormation gets it."""
    # It warns at each template that nobody collects its metrics.
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    # The translator asks the shell for a region, whatever it is told.
    os.environ.setdefault("AWS_DEFAULT_REGION", _REGION)
    template = yaml_parse(path.read_text())
    functions = 0
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Serverless::Function":
            functions += 1
            properties["CodeUri"] = "s3://aws-sam-cli-managed-default-samclisourcebucket/0123456789abcdef0123456789abcdef"
        if resource["Type"] == "AWS::CloudFormation::Stack":
            properties["TemplateURL"] = "https://s3.amazonaws.com/bucket/0123456789abcdef.template"
    # Where SAM looks into a value it must be one; nobody else asks what it is.
    values = {name: parameter.get("Default", _LONG) for name, parameter in template.get("Parameters", {}).items()}
    if "AWS::Serverless-2016-10-31" in template.get("Transform", ""):
        template = transform(template, values, _NoPolicies())
    return Translated(str(path.relative_to(toolbox.ROOT)), functions, template)


class _NoPolicies:
    """Managed policies by their names, which no template uses."""

    def load(self) -> dict:
        """None but the one that SAM gives to each function."""
        return {"AWSLambdaBasicExecutionRole": "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"}


def _faults(template: Translated, growth: float):
    def over(what: str, number: int, most: int):
        if number > most:
            yield f"{template.path}: {number} {what}; {most} are allowed here"

    yield from over("resources", template.resources, RESOURCES)
    if template.functions:
        yield from over(f"resources with {FUNCTIONS} functions", math.ceil(template.resources * growth), RESOURCES)
    yield from over("bytes", len(json.dumps(template.body, separators=(",", ":"))), BYTES)
    yield from over("parameters", len(template.body.get("Parameters", {})), PARAMETERS)
    for role in template.of_kind("AWS::IAM::Role"):
        inline = json.dumps([policy["PolicyDocument"] for policy in role.get("Policies", [])], separators=(",", ":"))
        # Each name in it becomes an ARN.
        names = inline.count('{"Ref":') + inline.count('{"Fn::Sub":')
        yield from over("characters of policies in a role", len(inline) + names * len(_LONG), INLINE_POLICIES)
        yield from over("managed policies in a role", len(role.get("ManagedPolicyArns", [])), MANAGED_POLICIES)
    for api in template.of_kind("AWS::ApiGatewayV2::Api"):
        paths = api.get("Body", {}).get("paths", {})
        routes = sum(len(set(item) - {"parameters"}) for item in paths.values())
        yield from over("routes", routes, ROUTES)
    settings = template.body.get("Outputs", {}).get("Settings", {}).get("Value", {}).get("Fn::Sub", [""])[0]
    yield from over("bytes of settings", _filled(settings, template.body.get("Parameters", {})), ENVIRONMENT)


def _filled(settings: str, parameters: dict) -> int:
    """How many bytes the settings have in AWS: a number is short, and of what is text half is as long as an ARN."""
    size = len(settings)
    for name in re.findall(r"\$\{(\w+)\}", settings):
        numeric = parameters.get(name, {}).get("Type") == "Number"
        size += (_SHORT if numeric else _SECRETS if name == "PaymentSecrets" else len(_LONG) // 2) - len(name) - 3
    return size
