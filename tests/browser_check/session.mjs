// docs/clients/session.js in a page of a shop, with the browser's own cookies, storage and locks.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

import { until, watched } from "./findings.mjs";

// The origins that the local stack allows: the shop is at the first that is free.
const PORTS = [3000, 5173];
const CLIENT = readFileSync(new URL("../../docs/clients/session.js", import.meta.url), "utf8");
// Somebody whom the seeds make.
const WHO = { email: "customer@apothecary.test", password: "local-only-apothecary" };

const page = (address) => `<!doctype html><title>A shop</title><script type="module">
  import { Session } from "/session.js";
  globalThis.session = new Session(${JSON.stringify(address)});
  globalThis.told = [];
  session.onChange((user) => told.push(user && user.id));
  globalThis.loaded = session.load().then((user) => user && user.id, (problem) => "failed: " + problem.message);
</script>`;

const served = (address) => createServer((request, response) => {
  const [type, body] = request.url === "/session.js" ? ["text/javascript", CLIENT] : ["text/html", page(address)];
  response.writeHead(request.url === "/favicon.ico" ? 204 : 200, { "content-type": type, "cache-control": "no-store" });
  response.end(request.url === "/favicon.ico" ? undefined : body);
});

/** Listens at a port of this machine alone; null where it is taken. */
const listening = (server, port) => new Promise((done, fail) => {
  server.once("error", (error) => (error.code === "EADDRINUSE" ? done(null) : fail(error)));
  server.listen(port, "localhost", () => done(`http://localhost:${port}`));
});

/** A check that is given the address of a shop whose API is at the address that it is given itself. */
function inAShop(check) {
  const whole = async (context, address) => {
    for (const port of PORTS) {
      const server = served(address);
      const shop = await listening(server, port);
      if (shop === null) continue;
      try {
        return await check(context, address, shop);
      } finally {
        server.closeAllConnections();
        server.close();
      }
    }
    return assert.fail(`The ports ${PORTS.join(" and ")} are taken, and the local stack allows pages of no other: end one of the programs.`);
  };
  return Object.defineProperty(whole, "name", { value: check.name });
}

async function opened(context, address, shop) {
  const { page, faults } = await watched(context, [new URL(address).host, new URL(shop).host]);
  await page.goto(shop);
  return { page, faults };
}

/** Who the page takes to be signed in, once it has looked. */
const whoIsThere = async (page) => {
  await page.waitForFunction(() => globalThis.loaded);
  return page.evaluate(() => globalThis.loaded);
};

/** What the API answers to who is signed in there; read to its end, or a reload would break it off. */
const cart = (page) => page.evaluate(async () => {
  const answer = await session.fetch("/v1/cart");
  await answer.text();
  return answer.status;
});

async function signedIn(context, address, shop) {
  await context.clearCookies();
  const { page, faults } = await opened(context, address, shop);
  // What an earlier check has left may be refused now, which is none of this one's faults.
  await whoIsThere(page);
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  assert.equal(await whoIsThere(page), null, "nobody is signed in at first");
  faults.length = 0;
  const said = await page.evaluate((who) => session.signIn(who), WHO);
  assert.ok(said.user?.id, `signing in: ${JSON.stringify(said)}`);
  return { page, faults, id: said.user.id };
}

async function aCookieSessionIsKeptWhereNoScriptFindsIt(context, address, shop) {
  const { page, faults, id } = await signedIn(context, address, shop);
  const cookie = (await context.cookies(address)).find(({ name }) => name === "__Host-refresh");
  assert.ok(cookie?.httpOnly && cookie.secure && cookie.sameSite === "Strict", JSON.stringify(cookie ?? "no cookie"));
  assert.equal(await page.evaluate(() => document.cookie), "");
  const kept = await page.evaluate(() => JSON.stringify(localStorage));
  assert.ok(kept.includes(id) && !kept.includes("access_token"), "the storage has who it is, and no token");
  assert.equal(await cart(page), 200);
  assert.deepEqual(faults, []);
}

async function twoQuickReloadsGoOnWithTheSession(context, address, shop) {
  const { page, id } = await signedIn(context, address, shop);
  // The second begins while the first asks for its token still: whether that answer comes or is lost.
  await page.goto(shop, { waitUntil: "commit" });
  await page.goto(shop, { waitUntil: "commit" });
  assert.equal(await whoIsThere(page), id);
  assert.equal(await cart(page), 200);
  // And while it is under way on the network.
  const asks = page.waitForRequest((request) => request.url().endsWith("/v1/auth/token/refresh"));
  await page.goto(shop, { waitUntil: "commit" });
  await asks;
  await page.reload();
  assert.equal(await whoIsThere(page), id);
  assert.equal(await cart(page), 200);
}

async function twoTabsShareASessionAndItsEnd(context, address, shop) {
  const { page, faults, id } = await signedIn(context, address, shop);
  const { page: other, faults: others } = await opened(context, address, shop);
  assert.equal(await whoIsThere(other), id, "the second tab goes on with the session of the first");
  // Both at once: one refresh after the other.
  await Promise.all([page.reload(), other.reload()]);
  assert.deepEqual(await Promise.all([whoIsThere(page), whoIsThere(other)]), [id, id]);
  assert.deepEqual(await Promise.all([cart(page), cart(other)]), [200, 200]);
  await page.evaluate(() => session.signOut());
  await until("the other tab hears of it", () => other.evaluate(() => session.user === null && told.at(-1) === null),
    () => other.evaluate(() => JSON.stringify(told)));
  assert.equal(await cart(other), 401, "and has no token left");
  assert.equal((await context.cookies(address)).find(({ name }) => name === "__Host-refresh"), undefined);
  await other.reload();
  assert.equal(await whoIsThere(other), null);
  // That a signed-out tab is refused is said on its console, and is meant.
  assert.deepEqual([...faults, ...others].filter((fault) => !fault.includes("status of 401")), []);
}

export const CHECKS = [
  aCookieSessionIsKeptWhereNoScriptFindsIt,
  twoQuickReloadsGoOnWithTheSession,
  twoTabsShareASessionAndItsEnd,
].map(inAShop);
