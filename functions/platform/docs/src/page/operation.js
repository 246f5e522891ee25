
/* One operation: what it takes, what it answers, and a request to copy. */

/** Where the API is: the page's own address without its last two segments. */
const BASE = location.href.replace(/[?#].*$/, "").replace(/\/v1\/docs\/?$/, "");

/** The `{…}` of a path stand out. */
function pathWithParts(path) {
  return path.split(/(\{[^}]+\})/).map((part) => (part.startsWith("{") ? element("b", null, part) : part));
}

/** What a token does for an operation: `needed`, `optional` or null. */
function tokenUse(operation) {
  const ways = operation.security ?? [];
  if (!ways.length) return null;
  return ways.some((way) => !Object.keys(way).length) ? "optional" : "needed";
}

/** Who may call an operation: its roles, and which of them reach their own things alone; or what a token does. */
function callers(operation) {
  const reaches = { all: "", own: " (own)", own_lines: " (own lines)" };
  const roles = Object.entries(operation["x-roles"] ?? {}).map(([role, reach]) => role.replaceAll("_", " ") + (reaches[reach] ?? ""));
  if (roles.length) return roles.join(", ");
  return { needed: "signed in", optional: "token optional" }[tokenUse(operation)];
}

/** A shell command that makes the request. */
function curl(schemas, method, path, operation) {
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const parameters = (operation.parameters ?? []).map((parameter) => schemas.resolve(parameter));
  const query = parameters.filter((parameter) => parameter.in === "query" && parameter.required)
    .map((parameter) => `${parameter.name}=${encodeURIComponent(schemas.example(parameter.schema, parameter.name))}`);
  const url = BASE + path + (query.length ? `?${query.join("&")}` : "");
  const lines = [method === "get" ? `curl ${quoted(url)}` : `curl -X ${method.toUpperCase()} ${quoted(url)}`];
  if (tokenUse(operation) === "needed") lines.push('-H "Authorization: Bearer $TOKEN"');
  for (const parameter of parameters) {
    if (parameter.in !== "header" || !parameter.required) continue;
    const value = /^idempotency-key$/i.test(parameter.name) ? '"Idempotency-Key: $(uuidgen)"' : quoted(`${parameter.name}: …`);
    lines.push(`-H ${value}`);
  }
  const body = schemas.resolve(operation.requestBody)?.content?.["application/json"];
  if (body) {
    lines.push("-H 'Content-Type: application/json'");
    lines.push(`-d ${quoted(JSON.stringify(body.example ?? schemas.example(body.schema), null, 2))}`);
  }
  return lines.join(" \\\n  ");
}

function parameterList(schemas, operation) {
  const parameters = (operation.parameters ?? []).map((parameter) => schemas.resolve(parameter));
  if (!parameters.length) return [];
  return [element("h3", null, "Parameters"), element("ul", { class: "fields" }, parameters.map((parameter) =>
    schemas.field(parameter.name, parameter.schema ?? {}, parameter.required, null, parameter.in, parameter.description)))];
}

function bodyShape(schemas, operation) {
  const body = schemas.resolve(operation.requestBody)?.content?.["application/json"];
  if (!body) return [];
  const said = schemas.bare(body.schema).description;
  return [element("h3", null, "Body"), said ? element("div", { class: "note" }, prose(said)) : null,
    schemas.fields(body.schema), element("h3", null, "Example"),
    codeBlock(JSON.stringify(body.example ?? schemas.example(body.schema), null, 2), "the example body")];
}

function answer(schemas, status, found) {
  const response = schemas.resolve(found);
  const tone = { 2: "good", 4: "bad", 5: "bad" }[status[0]] ?? "other";
  const head = [element("span", { class: `status ${tone}` }, status), ...inline(response.description ?? "")];
  const [media, content] = Object.entries(response.content ?? {})[0] ?? [];
  const shape = content?.schema && schemas.resolve(content.schema);
  const fields = shape && media === "application/json" ? schemas.fields(shape) : null;
  if (!fields) return element("li", null, head);
  return element("li", null, element("details", null, element("summary", null, head), fields,
    element("h3", null, "Example"), codeBlock(JSON.stringify(schemas.example(shape), null, 2), `the example answer ${status}`)));
}

/** The whole of one operation, closed until somebody asks. */
function operationCard(schemas, { path, method, operation }) {
  const may = callers(operation);
  return element("article", { id: operation.operationId, "data-operation": operation.operationId },
    element("details", null,
      element("summary", null,
        element("span", { class: `method ${method}` }, method.toUpperCase()),
        element("span", { class: "path" }, pathWithParts(path)),
        may ? element("span", { class: "lock", title: "who may call" }, may) : null,
        element("span", { class: "brief" }, inline(operation.summary ?? ""))),
      element("div", { class: "inside" },
        prose(operation.description),
        element("h3", null, "Request"), codeBlock(curl(schemas, method, path, operation), "the request"),
        parameterList(schemas, operation),
        bodyShape(schemas, operation),
        element("h3", null, "Answers"),
        element("ul", { class: "answers" }, Object.entries(operation.responses ?? {}).map(([status, found]) => answer(schemas, status, found))))));
}
