// node --test docs/clients/session.test.mjs
import assert from "node:assert/strict";
import test from "node:test";
import { memory, Problem, Session } from "./session.js";

// A server as the API is: a cookie jar for the browser, tokens that are good once but for a grace, access tokens that expire.
function server() {
  const state = { cookie: null, generation: 0, previous: null, csrf: null, expired: new Set(), over: new Set(), calls: [], fails: [], ended: false };
  const user = { id: "anna", roles: ["customer"], full_name: "Anna Karki" };
  const answer = (status, body, headers = {}) => new Response(body && JSON.stringify(body), { status, headers });
  const session = () => answer(200, { access_token: `access-${state.generation}`, csrf_token: state.csrf, user });
  const fetch = async (url, options = {}) => {
    const path = new URL(url).pathname;
    const headers = new Headers(options.headers);
    state.calls.push(path);
    if (state.fails[0]?.path === path) {
      const { how } = state.fails.shift();
      if (how === "before") throw new TypeError("network");
      if (how === "after") { await handle(path, headers, options); throw new TypeError("network"); }
      return how();
    }
    return handle(path, headers, options);
  };
  const handle = async (path, headers, options) => {
    if (path === "/v1/auth/login") {
      const body = JSON.parse(options.body);
      if (body.password !== "right") return answer(401, { code: "invalid_credentials", detail: "Wrong." });
      assert.equal(body.session, "cookie");
      assert.equal(options.credentials, "include");
      Object.assign(state, { cookie: 1, generation: 1, previous: null, csrf: "csrf-1", ended: false });
      return session();
    }
    if (path === "/v1/auth/token/refresh") {
      assert.equal(options.credentials, "include");
      if (state.cookie === null) return answer(401, { code: "no_session_cookie" });
      if (headers.get("x-csrf-token") !== state.csrf) return answer(403, { code: "csrf_token_invalid" });
      if (state.ended) return answer(401, { code: "invalid_refresh_token" });
      state.generation += 1;
      await state.answering?.();
      return session();
    }
    if (path === "/v1/auth/logout") {
      assert.equal(headers.get("x-csrf-token"), state.csrf);
      Object.assign(state, { cookie: null, ended: true });
      return answer(204);
    }
    const token = headers.get("authorization")?.replace("Bearer ", "");
    if (!token) return answer(401, { code: "unauthenticated" });
    const reason = state.over.has(token) ? "ended" : state.expired.has(token) && "expired";
    if (reason && path === "/v1/products") return answer(200, { guest: true }, { "token-ignored": reason });
    if (reason) return answer(401, { code: reason === "ended" ? "session_ended" : "expired_token" });
    return answer(200, { token });
  };
  return { state, fetch, user };
}

function page(there, storage = memory(), lock) {
  const waits = [];
  const session = new Session("http://localhost:4566/", {
    fetch: there.fetch, storage, lock, wait: async (seconds) => { waits.push(seconds); },
  });
  return { session, storage, waits };
}

// What navigator.locks does, over all tabs that share it.
function locks() {
  let last = Promise.resolve();
  return (_, work) => (last = last.then(work, work));
}

const who = { email: "anna@example.org", password: "right" };

test("signs in, and a reload goes on with the session", async () => {
  const there = server();
  const { session, storage } = page(there);
  assert.equal(await session.load(), null);
  assert.equal((await session.signIn(who)).user.full_name, "Anna Karki");
  const reloaded = page(there, storage).session;
  assert.deepEqual(await reloaded.load(), there.user);
  assert.deepEqual(await reloaded.json("/v1/orders"), { token: "access-2" });
});

test("a new tab has the CSRF token, and no script has the refresh token", async () => {
  const there = server();
  const { session, storage } = page(there);
  await session.signIn(who);
  assert.deepEqual(JSON.parse(storage.getItem("apothecary.session")), { csrf: "csrf-1", user: there.user });
  assert.equal((await page(there, storage).session.fetch("/v1/orders")).status, 200);
});

test("what is wrong is a problem with its code", async () => {
  const there = server();
  const { session } = page(there);
  await assert.rejects(session.signIn({ ...who, password: "wrong" }), (error) => error instanceof Problem && error.code === "invalid_credentials");
  assert.equal(session.user, null);
});

test("an expired token is refreshed once for all who wait, and what was refused is sent again", async () => {
  const there = server();
  const { session } = page(there);
  await session.signIn(who);
  there.state.expired.add("access-1");
  const answers = await Promise.all([1, 2, 3, 4].map(() => session.json("/v1/orders")));
  assert.deepEqual(answers, Array(4).fill({ token: "access-2" }));
  assert.equal(there.state.calls.filter((path) => path.endsWith("refresh")).length, 1);
});

test("an answer as to a guest, for an old token, is asked for again", async () => {
  const there = server();
  const { session } = page(there);
  await session.signIn(who);
  there.state.expired.add("access-1");
  assert.deepEqual(await session.json("/v1/products"), { token: "access-2" });
  there.state.ended = true;
  there.state.expired.add("access-2");
  assert.deepEqual(await session.json("/v1/products"), { guest: true }, "nobody is signed in any more");
  assert.equal(session.user, null);
});

test("a session that was ended elsewhere is forgotten at once", async () => {
  const there = server();
  const { session } = page(there);
  const heard = [];
  session.onChange((user) => heard.push(user?.id ?? null));
  await session.signIn(who);
  there.state.over.add("access-1");
  there.state.ended = true;
  assert.equal((await session.fetch("/v1/orders")).status, 401);
  assert.deepEqual([session.user, heard], [null, ["anna", null]]);
});

test("who signs out while a refresh is under way is signed out", async () => {
  const there = server();
  const { session, storage } = page(there);
  await session.signIn(who);
  there.state.expired.add("access-1");
  let go;
  const held = new Promise((done) => { go = done; });
  const begun = new Promise((done) => { there.state.answering = () => { done(); return held; }; });
  const asked = session.fetch("/v1/orders");
  await begun;
  const out = session.signOut();
  go();
  await Promise.all([asked, out]);
  assert.deepEqual([session.user, storage.getItem("apothecary.session"), there.state.cookie], [null, null, null]);
});

test("a tab that waits for a busy server keeps no other from refreshing", async () => {
  const there = server();
  const lock = locks();
  const storage = memory();
  let go;
  const wait = () => new Promise((done) => { go = done; });
  const slow = new Session("http://localhost:4566", { fetch: there.fetch, storage, lock, wait });
  await slow.signIn(who);
  there.state.expired.add("access-1");
  there.state.fails.push({
    path: "/v1/auth/token/refresh",
    how: () => new Response("{}", { status: 429, headers: { "retry-after": "60" } }),
  });
  const waits = slow.fetch("/v1/orders");
  while (!go) await new Promise((done) => setTimeout(done));
  assert.equal((await page(there, storage, lock).session.load()).id, "anna");
  go();
  assert.equal((await waits).status, 200);
});

test("eight tabs that load at once refresh one after the other", async () => {
  const there = server();
  const lock = locks();
  const { session, storage } = page(there, memory(), lock);
  await session.signIn(who);
  const tabs = Array.from({ length: 8 }, () => page(there, storage, lock).session);
  const users = await Promise.all(tabs.map((tab) => tab.load()));
  assert.ok(users.every((user) => user.id === "anna"));
});

test("a refresh whose answer is lost is sent again, and a busy server is waited for", async () => {
  const there = server();
  const { session, waits } = page(there);
  await session.signIn(who);
  there.state.expired.add("access-1");
  const busy = () => new Response("{}", { status: 503, headers: { "retry-after": "7" } });
  const path = "/v1/auth/token/refresh";
  there.state.fails.push({ path, how: "after" }, { path, how: "before" }, { path, how: busy });
  assert.equal((await session.json("/v1/orders")).token, "access-3");
  assert.deepEqual(waits, [0.5, 1, 7]);
});

test("a session that is over leaves nobody signed in, and everybody hears of it", async () => {
  const there = server();
  const { session, storage } = page(there);
  const heard = [];
  session.onChange((user) => heard.push(user?.id ?? null));
  await session.signIn(who);
  there.state.ended = true;
  there.state.expired.add("access-1");
  assert.equal((await session.fetch("/v1/orders")).status, 401);
  assert.deepEqual([session.user, storage.getItem("apothecary.session"), heard], [null, null, ["anna", null]]);
});

test("a refresh that cannot be had leaves the session for later", async () => {
  const there = server();
  const { session } = page(there);
  await session.signIn(who);
  there.state.expired.add("access-1");
  there.state.fails = Array.from({ length: 4 }, () => ({ path: "/v1/auth/token/refresh", how: "before" }));
  await assert.rejects(session.fetch("/v1/orders"), Problem);
  assert.equal(session.user.id, "anna");
  assert.equal((await session.fetch("/v1/orders")).status, 200);
});

test("signing out forgets everything, also where the server does not answer", async () => {
  const there = server();
  const { session } = page(there);
  await session.signIn(who);
  there.state.fails.push({ path: "/v1/auth/logout", how: "before" });
  await session.signOut();
  assert.equal(session.user, null);
  await session.signIn(who);
  await session.signOut();
  assert.equal((await session.fetch("/v1/orders")).status, 401);
  assert.equal(there.state.cookie, null);
});
