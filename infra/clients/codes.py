"""The codes of problems: docs/api/errors.md has a sentence for each, which is held against the document and the code."""

import re

# Members of a problem, which descriptions name in the same way as codes.
NO_CODES = {"problems", "errors"}
# Of WebSockets (docs/chat.md), and of events that no person sends.
ELSEWHERE = {"foreign_origin", "frame_too_large", "invalid_frame", "invalid_ticket", "too_large", "unknown_event"}

_ROW = re.compile(r"^\| ([0-9, ]+) \| `([a-z][a-z0-9_]*)` \| (.+) \|$", re.MULTILINE)
_MADE = re.compile(r'Error::(?:invalid|conflict|new)\(\s*(?:Kind::\w+,\s*)?"([a-z][a-z0-9_]*)"')


def table(page):
    """The codes that the page explains, with their statuses."""
    return {code: set(statuses.split(", ")) for statuses, code, _ in _ROW.findall(page)}


def documented(document):
    """The codes that the document's descriptions of refusals name, with their statuses."""
    found = {}
    shared = document["components"]["responses"]
    for item in document["paths"].values():
        for operation in item.values():
            for status, one in operation["responses"].items():
                one = shared[one["$ref"].rsplit("/", 1)[1]] if "$ref" in one else one
                if status[0] in "45":
                    for code in re.findall(r"`([a-z][a-z0-9_]*)`", one.get("description", "")):
                        found.setdefault(code, set()).add(status)
    return {code: statuses for code, statuses in found.items() if code not in NO_CODES}


def faults(page, document, source):
    """What is wrong with the page, a sentence for each fault. `source` is all of the code but its tests."""
    explained, named = table(page), documented(document)
    made = set(_MADE.findall(source)) - ELSEWHERE
    wrong = [f"has no sentence for {code}" for code in sorted((named.keys() | made) - explained.keys())]
    wrong += [f"says {', '.join(sorted(explained[code]))} of {code}, and the document {', '.join(sorted(named[code]))}"
              for code in sorted(named.keys() & explained.keys()) if not named[code] <= explained[code]]
    wrong += [f"explains {code}, which nothing answers" for code in sorted(explained) if f'"{code}"' not in source]
    return [f"docs/api/errors.md {fault}" for fault in wrong]


def typescript(page):
    """A type of them."""
    lines = "\n".join(f'  | "{code}"' for code in sorted(table(page)))
    return f"// Written by infra/clients/write.py from docs/api/errors.md.\n\n/** The codes of problems. */\nexport type Code =\n{lines};\n"
