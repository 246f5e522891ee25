"""Imports a table of products or stock, or the tables of Drugs@FDA, through the API, and shows what became of it.

    python3 infra/seed/import_tables.py --api-url https://… --token <access token of a pharmacy_admin> \\
        --kind products|stock|drugsfda [--dry-run] <path>

The path of `drugsfda` is the published archive, or a directory of its tables, which are packed first. The report is
written to `import-report.csv`, or to where `--report` says. It ends with 1 where the file could not be read.
"""

import argparse
import io
import json
import sys
import time
import urllib.request
import zipfile
from pathlib import Path

from client import Client, upload

_TABLES = ("Products.txt", "Applications.txt", "MarketingStatus.txt", "MarketingStatus_Lookup.txt", "TE.txt")
_TYPES = {"products": "text/csv", "stock": "text/csv", "drugsfda": "application/zip"}
_LOOK_EVERY_SECONDS = 2


def main():
    """Imports one file."""
    options = _options()
    content = _packed(options.path) if options.path.is_dir() else options.path.read_bytes()
    client = Client(options.api_url, options.token)
    began = time.monotonic()
    started = client.call("POST", "/v1/imports", {"kind": options.kind, "content_type": _TYPES[options.kind],
                                                  "size_bytes": len(content), "dry_run": options.dry_run})
    upload(started["upload"], content)
    print(f"{started['id']}: {len(content)} bytes uploaded", flush=True)
    said = None
    while True:
        found = client.call("GET", f"/v1/imports/{started['id']}")
        if found["rows"] != said:
            said = found["rows"]
            print(f"{time.monotonic() - began:7.1f} s  {found['status']}: "
                  + ", ".join(f"{count} {name}" for name, count in said.items()), flush=True)
        if found["finished_at"]:
            break
        time.sleep(_LOOK_EVERY_SECONDS)
    with urllib.request.urlopen(found["report_url"], timeout=30) as answer:
        options.report.write_bytes(answer.read())
    print(f"{time.monotonic() - began:7.1f} s  {found['status']}; the report is in {options.report}")
    if found["failed"]:
        print(json.dumps(found["failed"]))
        sys.exit(1)


def _packed(directory):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packing:
        for table in _TABLES:
            if (directory / table).exists():
                packing.write(directory / table, table)
    return archive.getvalue()


def _options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--api-url", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--kind", required=True, choices=sorted(_TYPES))
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("--report", type=Path, default=Path("import-report.csv"))
    parser.add_argument("path", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
