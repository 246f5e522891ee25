"""Nested stacks.

Their templates are not transformed there: neither SAM nor AWS::LanguageExtensions. And an update forgets the attributes of
resources that did not change, so that an output such as a table's StreamArn fails.
"""

from ministack.services import dynamodb
from ministack.services.cloudformation import engine, provisioners


def apply() -> None:
    """Transforms nested templates, and remembers what an update leaves as it is."""
    deploy, update = provisioners._cfn_nested_stack_deploy, provisioners._update_resource

    def deploy_transformed(logical_id, properties, parent, **more):
        parse = engine._parse_template
        given = [{"Key": name, "Value": str(value)} for name, value in (properties.get("Parameters") or {}).items()]

        def parse_and_transform(body):
            # Only this template: those below it come here again, each with its own parameters.
            engine._parse_template = parse
            return engine._apply_transforms(parse(body), given)

        engine._parse_template = parse_and_transform
        try:
            return deploy(logical_id, properties, parent, **more)
        finally:
            engine._parse_template = parse

    def update_and_remember(resource_type, physical_id, old, new, *names, **more):
        updated, attributes = update(resource_type, physical_id, old, new, *names, **more)
        table = dynamodb._tables.get(updated) if resource_type == "AWS::DynamoDB::Table" else None
        if table and not attributes:
            attributes = provisioners._ddb_attrs(table)
        return updated, attributes

    provisioners._cfn_nested_stack_deploy = deploy_transformed
    provisioners._update_resource = update_and_remember
