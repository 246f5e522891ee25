// The page /v1/docs, as somebody meets it who reads it, has a small screen, or has no mouse.
import assert from "node:assert/strict";

import { NEEDED, pairs } from "./contrast.mjs";
import { until, watched } from "./findings.mjs";

const METHODS = ["get", "post", "put", "patch", "delete"];
// The smallest screen that is met still.
const SMALL = { width: 360, height: 740 };
const LARGE = { width: 1280, height: 900 };

const described = async (address) => (await fetch(`${address}/v1/openapi.json`)).json();

const operationsOf = (api) => Object.entries(api.paths)
  .flatMap(([path, item]) => METHODS.filter((method) => item[method]).map((method) => ({ path, method, operation: item[method] })));

/** The page, laid out, and what it did on the quiet. */
async function opened(context, address, { size = LARGE, at = "", scheme = "light" } = {}) {
  const { page, faults } = await watched(context, [new URL(address).host]);
  await page.emulateMedia({ colorScheme: scheme });
  await page.setViewportSize(size);
  const answer = await page.goto(`${address}/v1/docs${at}`);
  await page.waitForSelector("article");
  return { page, faults, answer };
}

async function theDocsShowEveryGroupAndEveryOperation(context, address) {
  const api = await described(address);
  const { page, faults, answer } = await opened(context, address);
  const policy = answer.headers()["content-security-policy"] ?? "";
  assert.match(policy, /default-src 'none'.*script-src 'sha256-/, `the policy: ${policy}`);
  const all = operationsOf(api);
  const groups = api.tags.map(({ name }) => name).filter((name) => all.some(({ operation }) => operation.tags?.includes(name)));
  assert.ok(groups.length > 10 && all.length > 100, `${groups.length} groups and ${all.length} operations are in the document`);
  assert.deepEqual(await page.locator("nav [data-group] h2").allTextContents(), groups);
  assert.deepEqual(await page.locator("main section[data-group] > h2").allTextContents(), groups);
  const shown = await page.locator("article").evaluateAll((cards) => cards.map((card) => card.id));
  assert.deepEqual(shown.sort(), all.map(({ operation }) => operation.operationId).sort());
  assert.deepEqual(faults, []);
}

async function theDocsSayWhoMayCallEachOperation(context, address) {
  const { page } = await opened(context, address);
  const said = Object.fromEntries(await page.locator("article").evaluateAll((cards) => cards.map((card) => {
    const words = card.querySelector(".lock");
    return [card.id, words?.checkVisibility() ? words.textContent : ""];
  })));
  let named = 0;
  for (const { operation } of operationsOf(await described(address))) {
    for (const role of Object.keys(operation["x-roles"] ?? {})) {
      named += 1;
      const words = said[operation.operationId];
      assert.ok(words.includes(role.replaceAll("_", " ")), `${operation.operationId} is for ${role}, and says: ${words}`);
    }
  }
  assert.ok(named > 100, `only ${named} roles are named in the document`);
}

async function anOperationOpensWithItsRequestAndItsAnswers(context, address) {
  const { page, faults } = await opened(context, address);
  const card = page.locator("#cart-put-item");
  await card.locator("summary").first().click();
  assert.ok(await card.locator("details").first().evaluate((details) => details.open), "a click opens it");
  const request = await card.locator("pre").first().textContent();
  assert.ok(request.includes(`curl -X PUT '${address}/v1/cart/items/`) && request.includes("Bearer $TOKEN"), request);
  const statuses = await card.locator(".answers .status").allTextContents();
  for (const status of ["200", "401"]) assert.ok(statuses.includes(status), `its answers: ${statuses}`);
  // By its address it is open from the beginning.
  const { page: linked } = await opened(context, address, { at: "#orders-cancel" });
  await until("the operation of the address is open", () => linked.locator("#orders-cancel > details[open]").isVisible());
  assert.deepEqual(faults, []);
}

async function theDocsAreSearched(context, address) {
  const { page, faults } = await opened(context, address);
  await page.keyboard.press("/");
  await page.keyboard.type("cart items put");
  const left = () => page.locator("article:visible").evaluateAll((cards) => cards.map((card) => card.id));
  await until("a search leaves what has all its words", async () => (await left()).length < 10, async () => `left: ${await left()}`);
  assert.ok((await left()).includes("cart-put-item"), `found: ${await left()}`);
  assert.match(await page.locator("#count").textContent(), /^\d+ operations? found$/);
  await page.keyboard.press("Escape");
  await until("Escape brings all of it back", async () => (await left()).length > 100);
  assert.deepEqual(faults, []);
}

async function theDocsFitASmallScreen(context, address) {
  const { page, faults } = await opened(context, address, { size: SMALL });
  const wide = () => page.evaluate((limit) => {
    if (document.documentElement.scrollWidth <= limit) return [];
    const beyond = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > limit + 1);
    return [`${document.documentElement.scrollWidth} px`, ...beyond.slice(0, 5).map((one) => `${one.tagName}.${one.className}: ${one.textContent.slice(0, 40)}`)];
  }, SMALL.width);
  assert.deepEqual(await wide(), [], "closed");
  // Everything there is to open, fields of fields as well.
  await page.evaluate(() => { for (const details of document.querySelectorAll("details")) details.open = true; });
  assert.deepEqual(await wide(), [], "with everything open");
  assert.deepEqual(faults, []);
}

async function theDocsAreReadInTheLightAndInTheDark(context, address) {
  const grounds = [];
  for (const scheme of ["light", "dark"]) {
    const { page, faults } = await opened(context, address, { scheme });
    await page.evaluate(() => { for (const details of document.querySelectorAll("details")) details.open = true; });
    const seen = await pairs(page);
    assert.ok(seen.length > 10, `in the ${scheme} only ${seen.length} pairs of colours are seen`);
    const faint = seen.filter(({ ratio }) => ratio < NEEDED);
    assert.deepEqual(faint.map(({ ratio, colour, text }) => `${ratio.toFixed(2)}: ${colour}: ${text}`), [], `too faint in the ${scheme}`);
    grounds.push(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
    assert.deepEqual(faults, []);
  }
  assert.notEqual(grounds[0], grounds[1], "who likes it dark is shown the light page");
}

async function theKeyboardReachesEverythingInTheDocs(context, address) {
  const { page, faults } = await opened(context, address, { at: "#cart-get" });
  const stops = await page.evaluate(() => {
    const may = document.querySelectorAll("a[href], button, input, summary, [tabindex='0']");
    const seen = [...may].filter((one) => one.checkVisibility({ contentVisibilityAuto: true }));
    seen.forEach((one, at) => one.setAttribute("data-stop", String(at)));
    getSelection().removeAllRanges();
    document.activeElement?.blur();
    return seen.map((one) => `${one.tagName} ${one.textContent.trim().slice(0, 40)}`);
  });
  assert.ok(stops.length > 200, `${stops.length} places to go to`);
  await page.locator("a.skip").focus();
  const reached = new Set();
  for (let press = 0; press < stops.length; press += 1) {
    const [at, marked] = await page.evaluate(() => {
      const one = document.activeElement;
      const style = getComputedStyle(one);
      return [one.getAttribute("data-stop"), style.outlineStyle !== "none" || one.matches(".skip, main")];
    });
    if (at !== null) {
      reached.add(Number(at));
      assert.ok(marked, `nothing shows that the keyboard is at ${stops[Number(at)]}`);
    }
    await page.keyboard.press("Tab");
  }
  const missed = stops.filter((_, at) => !reached.has(at));
  assert.deepEqual(missed.slice(0, 5), [], `${missed.length} places are not reached`);
  const summary = page.locator("#cart-clear summary").first();
  await summary.focus();
  await page.keyboard.press("Enter");
  assert.ok(await page.locator("#cart-clear > details").evaluate((details) => details.open), "Enter opens an operation");
  await page.locator("a.skip").focus();
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main", "the first link leads past the list");
  assert.deepEqual(faults, []);
}

export const CHECKS = [
  theDocsShowEveryGroupAndEveryOperation,
  theDocsSayWhoMayCallEachOperation,
  anOperationOpensWithItsRequestAndItsAnswers,
  theDocsAreSearched,
  theDocsFitASmallScreen,
  theDocsAreReadInTheLightAndInTheDark,
  theKeyboardReachesEverythingInTheDocs,
];
