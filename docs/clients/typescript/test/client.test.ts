import assert from "node:assert/strict";
import test from "node:test";
import { Client, Problem } from "../src/client.js";
import { TokenSession, type Keeper } from "../src/session.js";

interface Call { path: string; query: string; method: string; token: string | null; body: unknown; headers: Headers }

// A server whose access tokens can be made too old, and whose refresh tokens are good once.
function server(routes: Record<string, (call: Call) => Response> = {}) {
  const state = { generation: 0, refreshes: 0, ended: false, gone: false, old: new Set<string>(), calls: [] as Call[] };
  const answer = (status: number, body: unknown) =>
    new Response(JSON.stringify(body), { status, headers: { "content-type": status < 400 ? "application/json" : "application/problem+json" } });
  const problem = (status: number, code: string) => answer(status, { type: `/problems/${code}`, title: "", status, detail: `It is ${code}.`, code, request_id: "r" });
  const session = () => answer(200, {
    token_type: "Bearer", access_token: `access-${state.generation}`, refresh_token: `refresh-${state.generation}`, expires_in: 900,
    user: { id: "anna", roles: ["customer"], full_name: "Anna Karki" },
  });
  const fetch = async (input: string | URL | globalThis.Request, init: RequestInit = {}) => {
    const url = new URL(String(input));
    const headers = new Headers(init.headers);
    const token = headers.get("authorization")?.replace("Bearer ", "") ?? null;
    const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : null;
    const call = { path: url.pathname, query: url.search, method: init.method ?? "GET", token, body, headers };
    state.calls.push(call);
    await new Promise((done) => setTimeout(done, 1));
    if (call.path === "/v1/auth/login") return session();
    if (call.path === "/v1/auth/logout") return new Response(null, { status: 204 });
    if (call.path === "/v1/auth/token/refresh") {
      state.refreshes += 1;
      const { refresh_token } = body as { refresh_token: string };
      if (state.ended || refresh_token !== `refresh-${state.generation}`) return problem(401, "invalid_refresh_token");
      state.generation += 1;
      return session();
    }
    if (token !== null && state.gone) return problem(401, "session_ended");
    if (token !== null && state.old.has(token) && call.path === "/v1/products") {
      const guest = answer(200, { items: [], next_cursor: null });
      guest.headers.set("token-ignored", "expired");
      return guest;
    }
    if (token !== null && (state.old.has(token) || token !== `access-${state.generation}`)) return problem(401, "expired_token");
    return routes[`${call.method} ${call.path}`]?.(call) ?? problem(404, "not_found");
  };
  return { state, answer, problem, fetch: fetch as typeof globalThis.fetch };
}

async function signedIn(routes: Record<string, (call: Call) => Response> = {}, keeper?: Keeper) {
  const api = server(routes);
  const client = new Client(new TokenSession("http://api.test/", { fetch: api.fetch, ...(keeper && { keeper }) }));
  await client.session.signIn({ email: "anna@example.org", password: "right" });
  return { api, client };
}

test("a request is sent as it is meant", async () => {
  const { api, client } = await signedIn({
    "PUT /v1/cart/items/prd%2F1": () => api.answer(200, { items: [] }),
    "GET /v1/products": () => api.answer(200, { items: [], next_cursor: null }),
  });
  await client.put("/v1/cart/items/{product_id}", { path: { product_id: "prd/1" }, body: { quantity: 2 } });
  await client.get("/v1/products", { query: { brand: ["A&B", "C"], in_stock: true } });
  const [, put, get] = api.state.calls;
  assert.deepEqual([put?.method, put?.body, put?.headers.get("content-type")], ["PUT", { quantity: 2 }, "application/json"]);
  assert.equal(get?.query, "?brand=A%26B&brand=C&in_stock=true");
  assert.equal(get?.headers.get("content-type"), null);
});

test("what is refused is thrown with its code", async () => {
  const { client } = await signedIn();
  const refused = await client.get("/v1/orders/{id}", { path: { id: "ord_1" } }).catch((problem: unknown) => problem);
  assert.ok(refused instanceof Problem && refused.is("not_found", "forbidden") && !refused.is("busy"));
  assert.deepEqual([refused.status, refused.message], [404, "It is not_found."]);
});

test("nothing is said by what answers nothing", async () => {
  for (const headers of [{}, { "content-type": "application/json" }]) {
    const { client } = await signedIn({ "DELETE /v1/cart": () => new Response(null, { status: 204, headers }) });
    assert.equal(await client.delete("/v1/cart"), undefined);
  }
});

test("requests that meet an old token share one refresh, and are sent again", async () => {
  const { api, client } = await signedIn({ "PUT /v1/cart/coupon": (call) => api.answer(200, { items: [], said: call.body }) });
  api.state.old.add("access-0");
  const body = { code: "spring-26" };
  const answers = await Promise.all([1, 2, 3].map(() => client.put("/v1/cart/coupon", { body })));
  assert.deepEqual(answers.map((one) => (one as unknown as { said: unknown }).said), [body, body, body]);
  assert.equal(api.state.refreshes, 1);
});

test("an answer as to a guest, for an old token, is asked for again", async () => {
  const { api, client } = await signedIn({ "GET /v1/products": () => api.answer(200, { items: [], next_cursor: "2" }) });
  api.state.old.add("access-0");
  assert.equal((await client.get("/v1/products")).next_cursor, "2");
  assert.equal(api.state.refreshes, 1);
});

test("a session that was ended elsewhere is forgotten at once", async () => {
  const { api, client } = await signedIn();
  api.state.gone = api.state.ended = true;
  const gone = await client.get("/v1/cart").catch((problem: unknown) => problem);
  assert.ok(gone instanceof Problem && gone.is("session_ended"));
  assert.equal(client.session.user, null);
});

test("who signs out while a refresh is under way is signed out", async () => {
  const { api, client } = await signedIn();
  api.state.old.add("access-0");
  const asked = client.get("/v1/cart").catch(() => null);
  while (!api.state.calls.some((call) => call.path === "/v1/auth/token/refresh")) await new Promise((done) => setTimeout(done));
  await Promise.all([client.session.signOut(), asked]);
  assert.equal(client.session.user, null);
});

test("a list is read to its end", async () => {
  const pages = ["2", null];
  const { api, client } = await signedIn({
    "GET /v1/orders": (call) => api.answer(200, { items: [{ id: call.query }], next_cursor: pages.shift() ?? null }),
  });
  const seen: string[] = [];
  for await (const order of client.every("/v1/orders", { query: { status: ["shipped"] } })) seen.push(order.id);
  assert.deepEqual(seen, ["?status=shipped", "?status=shipped&cursor=2"]);
});

test("a session is kept, gone on with and ended", async () => {
  let kept: string | null = null;
  const keeper = { load: async () => kept, save: async (token: string | null) => { kept = token; } };
  const { api, client } = await signedIn({}, keeper);
  assert.equal(kept, "refresh-0");
  const later = new TokenSession("http://api.test", { fetch: api.fetch, keeper });
  assert.equal((await later.load())?.full_name, "Anna Karki");
  assert.equal(kept, "refresh-1");
  await later.signOut();
  assert.deepEqual([kept, later.user], [null, null]);
  api.state.ended = true;
  const gone = await client.get("/v1/cart").catch((problem: unknown) => problem);
  assert.ok(gone instanceof Problem && gone.is("expired_token"));
  assert.equal(client.session.user, null);
});
