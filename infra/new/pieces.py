"""What belongs to an endpoint: new files, and lines in files that are there."""

import re
import string
from pathlib import Path

from endpoint import ACCESS, Endpoint, Refusal
from events import events

REGISTRY = "infra/registry/src/lib.rs"
REGISTRY_MANIFEST = "infra/registry/Cargo.toml"
TAGS = "infra/openapi/src/info.rs"
API = "infra/api.yaml"
ROOT = "template.yaml"

_TEMPLATES = Path(__file__).resolve().parent / "templates"


class _Text(string.Template):
    """Rust and YAML have uses of their own for the dollar."""

    delimiter = "@"


def pieces(root: Path, endpoint: Endpoint) -> dict[str, str]:
    """Path to text. Raises Refusal when a file that gets a line is not as expected."""
    def old(path: str) -> str:
        return (root / path).read_text(encoding="utf-8")

    changes = {
        f"{endpoint.folder}/Cargo.toml": _fill("Cargo.toml", endpoint),
        f"{endpoint.folder}/src/main.rs": _fill("main.rs", endpoint),
        f"{endpoint.folder}/src/lib.rs": _fill("with_body.rs" if endpoint.has_body else "without_body.rs", endpoint),
        ACCESS: _with_row(old(ACCESS), endpoint),
        REGISTRY: _with_entry(old(REGISTRY), endpoint),
        REGISTRY_MANIFEST: _with_dependency(old(REGISTRY_MANIFEST), endpoint),
        API: _with_route(old(API), endpoint),
        TAGS: _with_tag(old(TAGS), endpoint),
    }
    template = f"functions/{endpoint.area}/template.yaml"
    if (root / template).exists():
        changes[template] = old(template).rstrip("\n") + "\n\n" + _fill("function.yaml", endpoint)
    else:
        changes[template] = _fill("area.yaml", endpoint) + _fill("function.yaml", endpoint)
        changes[ROOT] = _with_stack(old(ROOT), endpoint)
    changes.update({f"{endpoint.events}/{outcome}.json": text for outcome, text in events(endpoint).items()})
    return changes


def _fill(template: str, endpoint: Endpoint) -> str:
    parameters = endpoint.parameters
    described = ", ".join(f'("{name}" = String, Path, description = "The {_words(name)}")' for name in parameters)
    return _Text((_TEMPLATES / template).read_text(encoding="utf-8")).substitute({
        "name": endpoint.name,
        "crate": endpoint.name.replace("-", "_"),
        "type": endpoint.resource,
        "resource": endpoint.resource,
        "method": endpoint.method,
        "verb": endpoint.method.lower(),
        "path": endpoint.path,
        "tag": endpoint.tag,
        "summary": endpoint.summary,
        "brief": endpoint.summary[0].lower() + endpoint.summary[1:],
        "area": endpoint.area,
        "stack": "".join(part.title() for part in endpoint.area.split("-")),
        "more_dependencies": "ulid.workspace = true\n" if parameters else "",
        "imports": "use ulid::Ulid;\n" if parameters else "",
        "params": f"\n    params({described})," if parameters else "",
        "errors": "404 for what cannot be an id." if parameters else "None.",
        "request": "request" if parameters else "_request",
        "id_fields": "".join(f"    /// The {_words(name)}.\n    {name}: String,\n" for name in parameters),
        "id_reads": "".join(f'    let {name}: Ulid = request.path("{name}")?;\n' for name in parameters),
        "id_inits": "".join(f"{name}: {name}.to_string(), " for name in parameters),
    })


def _words(name: str) -> str:
    return name.replace("_", " ")


def _with_row(text: str, endpoint: Endpoint) -> str:
    name, path = f'"{endpoint.name}"', f'"{endpoint.path}"'
    row = f"    {name:<30} {endpoint.method:<6} {path:<40} {endpoint.access};\n"
    own = list(re.finditer(rf'^    "{endpoint.area}-[^\n]*\n', text, re.MULTILINE))
    if own:
        return text[:own[-1].end()] + row + text[own[-1].end():]
    return _before(text, "};\n\n#[cfg(test)]", "\n" + row, ACCESS)


def _with_entry(text: str, endpoint: Endpoint) -> str:
    found = re.search(r"^endpoints! \{\n(.*?)^\}", text, re.MULTILINE | re.DOTALL)
    if not found:
        raise Refusal(f"{REGISTRY} has no list of endpoints")
    lines = sorted([*found[1].splitlines(), "    " + endpoint.name.replace("-", "_")])
    return text[:found.start(1)] + "\n".join(lines) + "\n" + text[found.end(1):]


def _with_dependency(text: str, endpoint: Endpoint) -> str:
    line = f'{endpoint.name} = {{ path = "../../{endpoint.folder}" }}'
    lines = re.findall(r'^[a-z0-9-]+ = \{ path = "\.\./\.\./functions/[^\n]*$', text, re.MULTILINE)
    if not lines:
        raise Refusal(f"{REGISTRY_MANIFEST} names no functions")
    return text.replace("\n".join(lines), "\n".join(sorted([*lines, line], key=lambda one: one.split(" ")[0])), 1)


def _with_stack(text: str, endpoint: Endpoint) -> str:
    return _before(text, "  # -------------------------------------------------------------- what stands on them\n",
                   _fill("stack.yaml", endpoint) + "\n", ROOT)


def _with_route(text: str, endpoint: Endpoint) -> str:
    """As `cargo run --bin openapi` would write it: paths in order, and in each its methods."""
    head, begin, rest = text.partition("        paths:\n")
    routes, end, tail = rest.partition("\nOutputs:\n")
    if not end:
        raise Refusal(f"{API} has no paths before its outputs")
    paths = {found[1]: found[0] for found in re.finditer(r'^ {10}"([^"]+)":\n(?: {12}[^\n]*\n)+', routes, re.MULTILINE)}
    operation = _fill("route.yaml", endpoint)
    if endpoint.path in paths:
        path, *operations = re.split(r"(?m)^(?= {12}(?!parameters)\w+:$)", paths[endpoint.path])
        paths[endpoint.path] = path + "".join(sorted([*operations, operation]))
    else:
        declared = "".join(f"              - {{name: {name}, in: path, required: true, schema: {{type: string}}}}\n"
                           for name in endpoint.parameters)
        paths[endpoint.path] = (f'          "{endpoint.path}":\n'
                                + ("            parameters:\n" + declared if declared else "") + operation)
    return head + begin + "".join(paths[path] for path in sorted(paths)) + end + tail


def _with_tag(text: str, endpoint: Endpoint) -> str:
    if f'("{endpoint.tag}", ' in text:
        return text
    return _before(text, '    ("Platform", ', f'    ("{endpoint.tag}", "{endpoint.tag}."),\n', TAGS)


def _before(text: str, mark: str, added: str, path: str) -> str:
    head, found, tail = text.partition(mark)
    if not found:
        raise Refusal(f"{path} has no {mark.strip()!r} to put it before")
    return head + added + found + tail
