
/* The page: reads the document, lays it out by tag, and searches it. */

const METHODS = ["get", "post", "put", "patch", "delete"];

/** The operations of the document in the order of its tags, each with what a search looks at. */
function operationsByTag(api) {
  const all = Object.entries(api.paths).flatMap(([path, item]) => METHODS.filter((method) => item[method])
    .map((method) => ({ path, method, operation: item[method] })));
  for (const entry of all) {
    const { operationId, summary, description, tags } = entry.operation;
    const roles = Object.keys(entry.operation["x-roles"] ?? {});
    entry.text = [entry.method, entry.path, operationId, summary, description, ...(tags ?? []), ...roles].join(" ").toLowerCase();
  }
  return api.tags.map((tag) => ({ tag, entries: all.filter(({ operation }) => operation.tags?.includes(tag.name)) }))
    .filter(({ entries }) => entries.length);
}

function overview(api) {
  return element("section", { id: "overview" },
    element("h1", null, `${api.info.title} API`),
    element("p", { class: "lead" }, `Version ${api.info.version} · OpenAPI ${api.openapi} · `, element("a", { href: "openapi.json" }, "openapi.json")),
    prose(api.info.description));
}

function contents(groups) {
  return groups.map(({ tag, entries }) => element("div", { "data-group": tag.name },
    element("h2", null, tag.name),
    element("ul", null, entries.map(({ path, method, operation }) =>
      element("li", { "data-operation": operation.operationId },
        element("a", { href: `#${operation.operationId}`, title: `${method.toUpperCase()} ${path}` },
          element("span", { class: `method ${method}` }, method.toUpperCase()),
          element("span", { class: "title" }, path.replace(/^\/v1/, ""))))))));
}

/** Shows what contains every word of the query, hides the rest, and says how many are left. */
function search(groups, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const { tag, entries } of groups) {
    let here = 0;
    for (const { text, operation } of entries) {
      const matches = words.every((word) => text.includes(word));
      if (matches) here += 1;
      for (const shown of document.querySelectorAll(`[data-operation="${operation.operationId}"]`)) shown.hidden = !matches;
    }
    for (const group of document.querySelectorAll(`[data-group="${tag.name}"]`)) group.hidden = !here;
    found += here;
  }
  document.getElementById("overview").hidden = words.length > 0;
  document.getElementById("nothing").hidden = found > 0;
  document.getElementById("count").textContent = words.length ? `${found} ${found === 1 ? "operation" : "operations"} found` : "";
}

/** Opens and marks the operation that the address names. */
function follow() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === location.hash) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  const details = target?.querySelector("details");
  if (details) details.open = true;
  target?.scrollIntoView();
}

async function show() {
  const main = document.getElementById("main");
  const answered = await fetch("openapi.json");
  if (!answered.ok) throw new Error(`openapi.json: ${answered.status}`);
  const api = await answered.json();
  const schemas = new Schemas(api);
  const groups = operationsByTag(api);
  document.getElementById("contents").replaceChildren(...contents(groups));
  main.replaceChildren(
    overview(api),
    ...groups.map(({ tag, entries }) => element("section", { "data-group": tag.name },
      element("h2", null, tag.name), element("p", { class: "about" }, tag.description),
      entries.map((entry) => operationCard(schemas, entry)))),
    element("p", { id: "nothing", hidden: true }, "No operation contains all of these words."));

  const field = document.getElementById("search");
  field.addEventListener("input", () => search(groups, field.value));
  document.addEventListener("keydown", (event) => {
    const typing = /^(input|textarea|select)$/i.test(event.target.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      field.focus();
    } else if (event.key === "Escape" && event.target === field) {
      field.value = "";
      search(groups, "");
    }
  });
  addEventListener("hashchange", follow);
  follow();
}

show().catch((error) => {
  document.getElementById("main").replaceChildren(
    element("div", { class: "alert", role: "alert" }, `The description of the API could not be read (${error.message}). Reload to try again.`));
});
