"""Starts ministack, with one of its faults mended.

An update of a nested stack forgets the attributes of resources that did not change, so that an output such as a table's
StreamArn fails there where AWS gives it (seen with 1.5.33). Run by the interpreter of ministack's own environment, with
one argument, the stack's folder: it tells this emulator from others in the list of processes and nothing more.
"""

import sys

from ministack.app import main
from ministack.services import dynamodb
from ministack.services.cloudformation import provisioners

_update = provisioners._update_resource


def _update_and_remember(resource_type, physical_id, old, new, *names, **more):
    updated, attributes = _update(resource_type, physical_id, old, new, *names, **more)
    table = dynamodb._tables.get(updated) if resource_type == "AWS::DynamoDB::Table" else None
    if table and not attributes:
        attributes = provisioners._ddb_attrs(table)
    return updated, attributes


provisioners._update_resource = _update_and_remember

if __name__ == "__main__":
    del sys.argv[1:]
    sys.exit(main())
