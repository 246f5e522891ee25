"""The Postman collection of a document, in the order of story.py, and its environment."""

import json
import re
import uuid

import story

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
# Names that stay the same make files that only change where the API does.
NAMESPACE = uuid.UUID("6f1f7c6e-3f0c-5d2a-9d0e-5b1d8a3b7c11")

# What a request is made as when no step says so: the first of these that the operation is for.
CALLERS = (("`customer`", "customer"), ("everybody who is signed in", "customer"), ("`pharmacy_admin`", "pharmacist"),
           ("`super_admin`", "admin"), ("`doctor`", "doctor"), ("`seller`", "seller"))

ENVIRONMENT_VALUES = {
    "api_url": "http://localhost:4566",
    "payments_url": "http://127.0.0.1:4580",
    "password": "local-only-apothecary",
    "newcomers_password": "violet-teapot-on-a-raft",
    "registration_code": "123456",
}

# A page of a PDF. Each upload puts another comment of the same length in: no two runs send the same file.
COMMENT = "0123456789abcd"
PDF = f"""%PDF-1.4
%{COMMENT}
1 0 obj
<< /Type /Catalog /Pages 2 0 R >>
endobj
2 0 obj
<< /Type /Pages /Count 1 /Kids [3 0 R] >>
endobj
3 0 obj
<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>
endobj
"""

# Runs before each request: what all requests of a run share is made by the first.
BEFORE_EACH = """
const kept = pm.collectionVariables;
const day = (days) => new Date(Date.now() + days * 86400000).toISOString().slice(0, 10);
if (pm.info.requestName === "$FIRST" || !kept.get("run")) {
  const run = Date.now().toString(36);
  kept.set("run", run);
  kept.set("customer_email", `customer-${run}@example.test`);
  kept.set("leaver_email", `leaver-${run}@example.test`);
}
kept.set("yesterday", day(-1));
kept.set("today", day(0));
kept.set("in_a_month", day(30));
// A request that must not be done twice by accident has a name of its own.
kept.set("idempotency_key", pm.variables.replaceIn("{{$guid}}"));
kept.set("pdf_bytes", "$BYTES");
"""

# The names of the fields, then the file, as S3 asks for.
UPLOAD = """
const file = $PDF.replace("$COMMENT", pm.variables.replaceIn("{{$guid}}").slice(0, 14));
const boundary = "apothecary-postman-boundary";
const fields = JSON.parse(pm.collectionVariables.get("upload_fields"));
const part = (name, more, value) => `--${boundary}\\r\\nContent-Disposition: form-data; name="${name}"${more}\\r\\n\\r\\n${value}\\r\\n`;
const parts = Object.entries(fields).map(([name, value]) => part(name, "", value));
parts.push(part("file", '; filename="file"', file));
pm.collectionVariables.set("upload_body", parts.join("") + `--${boundary}--\\r\\n`);
"""

PAY = """
const secret = pm.collectionVariables.get("client_secret") ?? "";
pm.collectionVariables.set("intent", secret.split("_secret_")[0]);
"""


def collection(document):
    """The collection of a document."""
    operations = {}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            operations[operation["operationId"]] = (method.upper(), path, operation)
    folders = {tag: [] for tag in story.FOLDERS}
    for tag in document["tags"]:
        folders.setdefault(tag["name"], [])
    used = {step.operation for step in story.STEPS if isinstance(step, story.Step)}
    unknown = used - operations.keys()
    if unknown:
        raise SystemExit(f"infra/clients/story.py calls {sorted(unknown)}, which the document does not have.")
    steps = list(_with_the_others(operations, used))
    names = set()
    for step in steps:
        if isinstance(step, story.Upload):
            folders[step.folder].append(_upload(step))
        elif isinstance(step, story.Pay):
            folders[step.folder].append(_pay(step))
        else:
            method, path, operation = operations[step.operation]
            name = _name(step, operation, names)
            folders[step.folder or operation["tags"][0]].append(_request(name, step, method, path, operation, document))
    about = {tag["name"]: tag["description"] for tag in document["tags"]}
    items = [{"name": tag, "description": about.get(tag, ""), "item": found} for tag, found in folders.items() if found]
    first = next(entry["name"] for folder in items for entry in folder["item"])
    saved = sorted({name for step in steps if isinstance(step, story.Step) for name in step.save})
    return {
        "info": {
            "_postman_id": str(uuid.uuid5(NAMESPACE, "collection")),
            "name": f"{document['info']['title']} {document['info']['version']}",
            "description": "Every request of the API, in an order that can be run from top to bottom against a stack that "
                           "`make dev` has just seeded. Written by infra/clients/write.py; docs/clients.md says more.",
            "schema": SCHEMA,
        },
        "event": [_script("prerequest", BEFORE_EACH.replace("$FIRST", first).replace("$BYTES", str(len(_pdf()))))],
        "variable": [{"key": name, "value": "none"} for name in saved],
        "item": items,
    }


def environment():
    """The environment of the local stack."""
    values = [{"key": key, "value": value, "type": "default", "enabled": True} for key, value in ENVIRONMENT_VALUES.items()]
    return {"id": str(uuid.uuid5(NAMESPACE, "environment")), "name": "Apothecary on this machine", "values": values,
            "_postman_variable_scope": "environment"}


def _with_the_others(operations, used):
    """The steps, and after the last of each folder those that no step is about."""
    yield from story.STEPS
    for operation_id, (_, _, operation) in operations.items():
        if operation_id not in used:
            yield story.Step(operation_id, who=_caller(operation), sure=False)


def _caller(operation):
    roles = re.search(r"Roles: (.*)", operation["description"])
    said = roles.group(1) if roles else ""
    return next((who for text, who in CALLERS if text in said), "guest")


def _name(step, operation, names):
    """A name that no other request has: requests are gone back to by name."""
    wanted = step.name or re.split("[:;,]", operation["summary"])[0].rstrip(".")
    name, number = wanted, 2
    while name in names:
        name, number = f"{wanted} ({number})", number + 1
    names.add(name)
    return name


def _request(name, step, method, path, operation, document):
    parameters = [_resolved(one, document) for one in operation.get("parameters", [])]
    headers = []
    if step.who != "guest":
        headers.append({"key": "Authorization", "value": f"Bearer {{{{{step.who}_token}}}}"})
    for one in parameters:
        if one["in"] == "header":
            headers.append(_header(one))
    request = {"method": method, "header": headers, "url": _url(step, path, parameters),
               "description": operation["description"]}
    body = _body(step, operation)
    if body is not None:
        headers.append({"key": "Content-Type", "value": "application/json"})
        text = json.dumps(body, indent=2, ensure_ascii=False).replace('"{{pdf_bytes}}"', "{{pdf_bytes}}")
        request["body"] = {"mode": "raw", "raw": text, "options": {"raw": {"language": "json"}}}
    item = {"name": name, "event": [_script("test", _checks(step, operation))], "request": request}
    if "302" in operation["responses"]:
        item["protocolProfileBehavior"] = {"followRedirects": False}
    if method in ("GET", "DELETE") and body is not None:
        item["protocolProfileBehavior"] = {"disableBodyPruning": True}
    return item


def _header(parameter):
    if parameter["name"] == "Idempotency-Key":
        return {"key": "Idempotency-Key", "value": "{{idempotency_key}}"}
    return {"key": parameter["name"], "value": "none" if parameter.get("required") else "",
            "disabled": not parameter.get("required", False), "description": parameter.get("description", "")}


def _url(step, path, parameters):
    segments, variables = [], []
    described = {one["name"]: one for one in parameters}
    for segment in path.strip("/").split("/"):
        name = segment.strip("{}")
        if segment.startswith("{"):
            segments.append(f":{name}")
            variables.append({"key": name, "value": step.path.get(name, "none"),
                              "description": described[name].get("description", "")})
        else:
            segments.append(segment)
    query = []
    for one in parameters:
        if one["in"] == "query":
            value = step.query.get(one["name"])
            query.append({"key": one["name"], "value": value if value is not None else str(one.get("example", "")),
                          "description": one.get("description", ""),
                          **({} if value is not None or one.get("required") else {"disabled": True})})
    sent = "&".join(f"{one['key']}={one['value']}" for one in query if not one.get("disabled"))
    raw = "{{api_url}}/" + "/".join(segments) + (f"?{sent}" if sent else "")
    url = {"raw": raw, "host": ["{{api_url}}"], "path": segments}
    return url | ({"query": query} if query else {}) | ({"variable": variables} if variables else {})


def _body(step, operation):
    if step.body is not None:
        return step.body
    kinds = operation.get("requestBody", {}).get("content", {})
    return kinds["application/json"].get("example") if "application/json" in kinds else None


def _checks(step, operation):
    """What must be true of the answer, and what is kept of it."""
    documented = [int(status) for status in operation["responses"]]
    lines = [
        f"const documented = {json.dumps(documented)};",
        'pm.test("the status is one that the document names", () => pm.expect(documented).to.include(pm.response.code));',
        "let body;",
        "try { body = pm.response.json(); } catch { body = undefined; }",
        "if (pm.response.code >= 400) {",
        '  pm.test("what went wrong has a code", () => {',
        '    pm.expect(pm.response.headers.get("Content-Type")).to.include("application/problem+json");',
        "    pm.expect(body.code).to.match(/^[a-z][a-z0-9_]*$/);",
        "    pm.expect(body.status).to.equal(pm.response.code);",
        "  });",
        "}",
    ]
    if step.sure:
        good = [status for status in documented if status < 400]
        lines.append(f'pm.test("it is done", () => pm.expect({json.dumps(good)}, pm.response.text()).to.include(pm.response.code));')
    for name, place in step.save.items():
        found = "body?." + "?.".join(f"[{part}]" if part.isdigit() else part for part in place.split("."))
        lines.append(f"if (pm.response.code < 300 && {found} !== undefined) pm.collectionVariables.set({json.dumps(name)}, "
                     f'typeof {found} === "string" ? {found} : JSON.stringify({found}));')
    if step.until:
        lines += [
            "// The same once more, until it has come to that; for a minute at most.",
            'const tries = Number(pm.collectionVariables.get("tries") ?? 0);',
            f"const reached = pm.response.code === 200 && ({step.until});",
            "if (pm.response.code === 200 && !reached && tries < 120) {",
            '  pm.collectionVariables.set("tries", tries + 1);',
            "  setTimeout(() => {}, 500);",
            "  pm.execution.setNextRequest(pm.info.requestName);",
            "} else {",
            '  pm.collectionVariables.set("tries", 0);',
            '  pm.test("it has come to that", () => pm.expect(reached).to.equal(true));',
            "}",
        ]
    return "\n".join(lines)


def _upload(step):
    checks = 'pm.test("the storage has taken it", () => pm.expect([200, 201, 204]).to.include(pm.response.code));'
    return {
        "name": step.name,
        "event": [_script("prerequest", UPLOAD.replace("$PDF", json.dumps(_pdf())).replace("$COMMENT", COMMENT)), _script("test", checks)],
        "request": {
            "method": "POST",
            "header": [{"key": "Content-Type", "value": "multipart/form-data; boundary=apothecary-postman-boundary"}],
            "url": {"raw": "{{upload_url}}", "host": ["{{upload_url}}"]},
            "body": {"mode": "raw", "raw": "{{upload_body}}"},
            "description": "A file goes to the storage itself, by the form that the announcement answered.",
        },
    }


def _pay(step):
    checks = 'pm.test("the card is accepted", () => pm.expect(pm.response.code).to.equal(200));'
    fields = [{"key": "client_secret", "value": "{{client_secret}}"}, {"key": "payment_method", "value": "pm_card_visa"}]
    return {
        "name": step.name,
        "event": [_script("prerequest", PAY), _script("test", checks)],
        "request": {
            "method": "POST",
            "header": [{"key": "Authorization", "value": "Bearer {{publishable_key}}"}],
            "url": {"raw": "{{payments_url}}/v1/payment_intents/{{intent}}/confirm", "host": ["{{payments_url}}"],
                    "path": ["v1", "payment_intents", "{{intent}}", "confirm"]},
            "body": {"mode": "urlencoded", "urlencoded": fields},
            "description": "What Stripe's script does in a browser, at the stand-in that `make dev` starts.",
        },
    }


def _script(listen, text):
    return {"listen": listen, "script": {"type": "text/javascript", "exec": text.strip("\n").split("\n")}}


def _pdf():
    """The file: objects, their offsets and the trailer."""
    offsets = [PDF.index(f"{number} 0 obj") for number in (1, 2, 3)]
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    tail = f"xref\n0 4\n0000000000 65535 f \n{table}trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n{len(PDF)}\n%%EOF\n"
    return PDF + tail


def _resolved(part, document):
    if "$ref" not in part:
        return part
    found = document
    for name in part["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return found
