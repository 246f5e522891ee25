// Against a stack that runs: `APOTHECARY_API=http://localhost:4566 npm test`, with the api_url of .local/stack.json. `make end-to-end`
// does so with a stack of its own.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import test from "node:test";
import { Client, Problem, type Schema } from "../src/client.js";
import { TokenSession } from "../src/session.js";

const api = process.env["APOTHECARY_API"];
// The local stack sends the same code to everybody.
const CODE = "123456";

test("a customer signs in, fills a cart, orders, and is refused with a code", { skip: api === undefined && "APOTHECARY_API names no stack" }, async () => {
  const session = new TokenSession(api ?? "");
  const shop = new Client(session);
  const email = `typescript-${randomUUID()}@example.test`;
  const password = "violet-teapot-on-a-raft";
  await shop.post("/v1/auth/register", { body: { email, password, full_name: "Anna Karki" } });
  await shop.post("/v1/auth/register/confirm", { body: { email, code: CODE } });
  await session.signIn({ email, password });
  assert.equal(session.user?.full_name, "Anna Karki");

  const page = await shop.get("/v1/products", { query: { in_stock: true, prescription_required: false, limit: 1 } });
  const [product] = page.items;
  assert.ok(product !== undefined, "a seeded stack sells something without a prescription");
  const cart = await shop.put("/v1/cart/items/{product_id}", { path: { product_id: product.id }, body: { quantity: 1 } });
  assert.deepEqual(cart.items.map((line) => [line.product_id, line.quantity]), [[product.id, 1]]);

  const address: Schema<"PostalAddressInput"> = { recipient: "Anna Karki", line1: "Durbar Marg 7", city: "Kathmandu", postal_code: "44600", country: "NP", phone: "+9779812345678" };
  const body: Schema<"PlaceOrderRequest"> = { address, payment_method: "cod", prescription_ids: [] };
  const headers = { "Idempotency-Key": randomUUID() };
  const order = await shop.post("/v1/orders", { headers, body });
  assert.deepEqual(order.items.map((line) => line.product_id), [product.id]);
  const again = await shop.post("/v1/orders", { headers, body });
  assert.equal(again.id, order.id, "the same key is the same order");
  const seen: string[] = [];
  for await (const one of shop.every("/v1/orders")) seen.push(one.id);
  assert.deepEqual(seen, [order.id]);

  const refused = await shop.post("/v1/orders", { headers: { "Idempotency-Key": randomUUID() }, body })
    .catch((problem: unknown) => problem);
  assert.ok(refused instanceof Problem && refused.is("checkout_problems"), String(refused));
  assert.deepEqual(refused.body?.problems?.map((one) => one.code), ["cart_empty"]);
  const wrong = await shop.put("/v1/cart/items/{product_id}", { path: { product_id: product.id }, body: { quantity: 1_000_000 } })
    .catch((problem: unknown) => problem);
  assert.ok(wrong instanceof Problem && wrong.is("invalid_request"), String(wrong));
  assert.deepEqual(wrong.body?.errors?.map((one) => one.field), ["quantity"]);

  await session.signOut();
  const gone = await shop.get("/v1/orders").catch((problem: unknown) => problem);
  assert.ok(gone instanceof Problem && gone.is("unauthenticated"), String(gone));
});
