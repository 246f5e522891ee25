"""Writes what docs/clients has from docs/openapi.json and docs/api/errors.md: the Postman collection and its environment,
the codes of problems. Says what is wrong with the sentences for codes, which are written by hand.

    python3 infra/clients/write.py           # writes them
    python3 infra/clients/write.py --check   # says whether they are current
"""

import json
import sys
from pathlib import Path

import codes
import postman

ROOT = Path(__file__).resolve().parents[2]
CLIENTS = ROOT / "docs" / "clients"


def main():
    """Writes the files, or says whether they are current."""
    document = json.loads((ROOT / "docs" / "openapi.json").read_text())
    page = (ROOT / "docs" / "api" / "errors.md").read_text()
    wanted = {
        CLIENTS / "apothecary.postman_collection.json": _written(postman.collection(document)),
        CLIENTS / "apothecary.postman_environment.json": _written(postman.environment()),
        CLIENTS / "typescript" / "src" / "codes.ts": codes.typescript(page),
    }
    faults = codes.faults(page, document, _source())
    for fault in faults:
        print(fault)
    if sys.argv[1:] == ["--check"]:
        stale = [path for path, text in wanted.items() if not path.exists() or path.read_text() != text]
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not current: python3 infra/clients/write.py")
        sys.exit(1 if stale or faults else 0)
    for path, text in wanted.items():
        path.write_text(text)
    sys.exit(1 if faults else 0)


def _source():
    files = [path for folder in ("shared/src", "functions") for path in sorted((ROOT / folder).rglob("*.rs"))]
    return "\n".join(path.read_text().split("#[cfg(test)]")[0] for path in files if path.name != "tests.rs")


def _written(value):
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    main()
