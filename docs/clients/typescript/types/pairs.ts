// What compiles and what must not: of each pair the second line is the first with one thing wrong in it. `tsc` says so
// when a line that is marked as wrong compiles, and when one that is right does not.

import { Client, Problem, type Answer, type Operation, type Schema } from "../src/client.js";
import { TokenSession } from "../src/session.js";

const shop = new Client(new TokenSession("http://localhost:4566"));
const id = { id: "ord_01JD4Z8QK0000000000000000A" };
const key = { "Idempotency-Key": "b9d5f3a8" };
const address = { recipient: "Anna Rai", line1: "1 Lakeside Road", city: "Pokhara", postal_code: "33700", country: "NP", phone: "+9779800000000" };
const problem = new Problem(422, null);

export const pairs = [
  // 1: a path
  () => shop.get("/v1/products"),
  // @ts-expect-error there is no such path
  () => shop.get("/v1/product"),
  // 2: its verb
  () => shop.get("/v1/cart"),
  // @ts-expect-error a cart is not created
  () => shop.post("/v1/cart"),
  // 3: a parameter of the query
  () => shop.get("/v1/products", { query: { limit: 3 } }),
  // @ts-expect-error it is called limit
  () => shop.get("/v1/products", { query: { page_size: 3 } }),
  // 4: its type
  () => shop.get("/v1/products", { query: { in_stock: true } }),
  // @ts-expect-error true or false
  () => shop.get("/v1/products", { query: { in_stock: "yes" } }),
  // 5: a number
  () => shop.get("/v1/products", { query: { max_price: 500 } }),
  // @ts-expect-error a number in minor units
  () => shop.get("/v1/products", { query: { max_price: "5.00" } }),
  // 6: several of one kind
  () => shop.get("/v1/products", { query: { brand: ["Brufen", "Advil"] } }),
  // @ts-expect-error a list, each whole
  () => shop.get("/v1/products", { query: { brand: { name: "Brufen" } } }),
  // 7: an order
  () => shop.get("/v1/products", { query: { sort: "-price" } }),
  // @ts-expect-error nothing is sorted by stock
  () => shop.get("/v1/products", { query: { sort: "stock" } }),
  // 8: a parameter of the path
  () => shop.get("/v1/orders/{id}", { path: id }),
  // @ts-expect-error without the id
  () => shop.get("/v1/orders/{id}"),
  // 9: its name
  () => shop.put("/v1/cart/items/{product_id}", { path: { product_id: "prd_1" }, body: { quantity: 2 } }),
  // @ts-expect-error it is called product_id
  () => shop.put("/v1/cart/items/{product_id}", { path: { id: "prd_1" }, body: { quantity: 2 } }),
  // 10: a body
  () => shop.put("/v1/cart/items/{product_id}", { path: { product_id: "prd_1" }, body: { quantity: 1 } }),
  // @ts-expect-error without a body
  () => shop.put("/v1/cart/items/{product_id}", { path: { product_id: "prd_1" } }),
  // 11: a member of it
  () => shop.put("/v1/cart/items/{product_id}", { path: { product_id: "prd_1" }, body: { quantity: 3 } }),
  // @ts-expect-error nobody sets a price
  () => shop.put("/v1/cart/items/{product_id}", { path: { product_id: "prd_1" }, body: { quantity: 3, price: 1 } }),
  // 12: its type
  () => shop.put("/v1/cart/items/{product_id}", { path: { product_id: "prd_1" }, body: { quantity: 4 } }),
  // @ts-expect-error a number
  () => shop.put("/v1/cart/items/{product_id}", { path: { product_id: "prd_1" }, body: { quantity: "4" } }),
  // 13: what has no body
  () => shop.delete("/v1/cart"),
  // @ts-expect-error it takes none
  () => shop.delete("/v1/cart", { body: {} }),
  // 14: a key that a write needs
  () => shop.post("/v1/orders", { headers: key, body: { address, payment_method: "cod", prescription_ids: [] } }),
  // @ts-expect-error an order needs an Idempotency-Key
  () => shop.post("/v1/orders", { body: { address, payment_method: "cod", prescription_ids: [] } }),
  // 15: how it is paid
  () => shop.post("/v1/orders", { headers: key, body: { address, payment_method: "card", prescription_ids: [] } }),
  // @ts-expect-error nobody pays by cheque
  () => shop.post("/v1/orders", { headers: key, body: { address, payment_method: "cheque", prescription_ids: [] } }),
  // 16: an address
  () => shop.post("/v1/checkout/preview", { body: { address, payment_method: "cod", prescription_ids: [] } }),
  // @ts-expect-error an address has a city
  () => shop.post("/v1/checkout/preview", { body: { address: { recipient: "A", line1: "B", country: "NP", phone: "+977" }, payment_method: "cod", prescription_ids: [] } }),
  // 17: who signs in
  () => shop.post("/v1/auth/login", { body: { email: "anna@example.org", password: "tigers sleep in june" } }),
  // @ts-expect-error without a password
  () => shop.post("/v1/auth/login", { body: { email: "anna@example.org" } }),
  // 18: who registers
  () => shop.post("/v1/auth/register", { body: { email: "anna@example.org", password: "tigers sleep in june", full_name: "Anna" } }),
  // @ts-expect-error nobody registers as something
  () => shop.post("/v1/auth/register", { body: { email: "anna@example.org", password: "tigers sleep in june", full_name: "Anna", role: "doctor" } }),
  // 19: a state that an order comes to
  () => shop.post("/v1/orders/{id}/transitions", { path: id, body: { to: "packed" } }),
  // @ts-expect-error there is no such state
  () => shop.post("/v1/orders/{id}/transitions", { path: id, body: { to: "wrapped" } }),
  // 20: orders of a state
  () => shop.get("/v1/orders", { query: { status: ["shipped", "delivered"] } }),
  // @ts-expect-error there is no such state
  () => shop.get("/v1/orders", { query: { status: ["sent"] } }),
  // 21: prescriptions of a state
  () => shop.get("/v1/prescriptions", { query: { status: "approved" } }),
  // @ts-expect-error that is a state of orders
  () => shop.get("/v1/prescriptions", { query: { status: "shipped" } }),
  // 22: a decision
  () => shop.post("/v1/prescriptions/{id}/review", { path: id, body: { decision: "reject", reason_code: "illegible", reason: "The dose cannot be read." } }),
  // @ts-expect-error approve or reject
  () => shop.post("/v1/prescriptions/{id}/review", { path: id, body: { decision: "refuse", reason_code: "illegible", reason: "The dose cannot be read." } }),
  // 23: its reason
  () => shop.post("/v1/prescriptions/{id}/review", { path: id, body: { decision: "reject", reason_code: "expired", reason: "It is of last year." } }),
  // @ts-expect-error there is no such reason
  () => shop.post("/v1/prescriptions/{id}/review", { path: id, body: { decision: "reject", reason_code: "ugly", reason: "It is ugly." } }),
  // 24: a kind of file
  () => shop.post("/v1/prescriptions", { body: { content_type: "application/pdf", size_bytes: 345, issued_on: "2026-11-10", patient_name: "Anna", prescriber: { name: "Dr Bose", registration_number: "BM 1234" } } }),
  // @ts-expect-error no prescription is a video
  () => shop.post("/v1/prescriptions", { body: { content_type: "video/mp4", size_bytes: 345, issued_on: "2026-11-10", patient_name: "Anna", prescriber: { name: "Dr Bose", registration_number: "BM 1234" } } }),
  // 25: roles
  () => shop.put("/v1/admin/users/{id}/roles", { path: id, body: { roles: ["customer", "doctor"] } }),
  // @ts-expect-error there is no such role
  () => shop.put("/v1/admin/users/{id}/roles", { path: id, body: { roles: ["customer", "nurse"] } }),
  // 26: people of a role
  () => shop.get("/v1/admin/users", { query: { role: "pharmacy_admin" } }),
  // @ts-expect-error it is called pharmacy_admin
  () => shop.get("/v1/admin/users", { query: { role: "pharmacist" } }),
  // 27: the legal status of a medicine
  () => shop.post("/v1/products", { body: { name: "A", dosage_form: "tablet", route: "oral", pack_size: "20 tablets", category_id: "pain", description: "B", ingredients: [{ name: "ibuprofen", strength: "200 mg" }], price: { amount: 499, currency: "USD" }, legal_status: "otc", brand: null } }),
  // @ts-expect-error there is no such status
  () => shop.post("/v1/products", { body: { name: "A", dosage_form: "tablet", route: "oral", pack_size: "20 tablets", category_id: "pain", description: "B", ingredients: [{ name: "ibuprofen", strength: "200 mg" }], price: { amount: 499, currency: "USD" }, legal_status: "free", brand: null } }),
  // 28: money
  () => shop.patch("/v1/products/{id}", { path: id, body: { price: { amount: 449, currency: "USD" } } }),
  // @ts-expect-error money has a currency
  () => shop.patch("/v1/products/{id}", { path: id, body: { price: { amount: 449 } } }),
  // 29: why stock changes
  () => shop.post("/v1/products/{id}/stock", { path: id, headers: key, body: { delta: -2, reason: "damage" } }),
  // @ts-expect-error there is no such reason
  () => shop.post("/v1/products/{id}/stock", { path: id, headers: key, body: { delta: -2, reason: "whim" } }),
  // 30: a kind of coupon
  () => shop.put("/v1/coupons/{code}", { path: { code: "SPRING" }, body: { kind: "percent", value: 10 } }),
  // @ts-expect-error there is no such kind
  () => shop.put("/v1/coupons/{code}", { path: { code: "SPRING" }, body: { kind: "gift", value: 10 } }),
  // 31: a kind of record
  () => shop.get("/v1/records/{kind}", { path: { kind: "allergies" } }),
  // @ts-expect-error there is no such kind
  () => shop.get("/v1/records/{kind}", { path: { kind: "dreams" } }),
  // 32: what a grant opens
  () => shop.put("/v1/records/grants/{user_id}", { path: { user_id: "u" }, body: { kinds: ["labs"], until: "2026-12-20T10:00:00Z" } }),
  // @ts-expect-error there is no such kind
  () => shop.put("/v1/records/grants/{user_id}", { path: { user_id: "u" }, body: { kinds: ["dreams"], until: "2026-12-20T10:00:00Z" } }),
  // 33: how a consultation ends
  () => shop.post("/v1/consultations/{id}/close", { path: id, body: { outcome: "referred" } }),
  // @ts-expect-error there is no such end
  () => shop.post("/v1/consultations/{id}/close", { path: id, body: { outcome: "bored" } }),
  // 34: a language
  () => shop.get("/v1/pages/{slug}", { path: { slug: "ibuprofen" }, query: { locale: "ne" } }),
  // @ts-expect-error no page is in Latin
  () => shop.get("/v1/pages/{slug}", { path: { slug: "ibuprofen" }, query: { locale: "la" } }),
  // 35: who sees a profile
  () => shop.put("/v1/profile/privacy", { body: { visibility: "private" } }),
  // @ts-expect-error there is nothing like it
  () => shop.put("/v1/profile/privacy", { body: { visibility: "friends" } }),
  // 36: an event that others are told of
  () => shop.put("/v1/webhooks/{id}", { path: { id: "erp" }, body: { url: "https://hooks.example.com", events: ["order.shipped"] } }),
  // @ts-expect-error there is no such event
  () => shop.put("/v1/webhooks/{id}", { path: { id: "erp" }, body: { url: "https://hooks.example.com", events: ["order.sent"] } }),
  // 37: what an answer says
  (cart: Schema<"Cart">) => cart.items.length,
  // @ts-expect-error they are called items
  (cart: Schema<"Cart">) => cart.lines.length,
  // 38: what may be nothing
  (session: Answer<Operation<"post", "/v1/auth/login">>) => ("access_token" in session ? session.access_token : session.challenge),
  // @ts-expect-error a second factor may be asked for first
  (session: Answer<Operation<"post", "/v1/auth/login">>) => session.access_token,
  // 39: a code of a problem
  () => problem.is("checkout_problems"),
  // @ts-expect-error there is no such code
  () => problem.is("checkout_problem"),
  // 40: a switch over codes
  () => problem.code === "out_of_fills" as string,
  // @ts-expect-error no problem has this code
  () => problem.code === "out_of_fills",
  // 41: what ends well without a word
  (nothing: Answer<Operation<"delete", "/v1/cart">>): undefined => nothing,
  // @ts-expect-error there is nothing to read
  (nothing: Answer<Operation<"delete", "/v1/cart">>) => nothing.items,
  // 42: the items of a list
  async () => { for await (const order of shop.every("/v1/orders")) return order.number; return ""; },
  // @ts-expect-error a cart is no list
  async () => { for await (const line of shop.every("/v1/cart")) return line.number; return ""; },
  // 43: what goes with a decision
  () => shop.post("/v1/prescriptions/{id}/review", { path: id, body: { decision: "approve", items: [{ ingredient: "ibuprofen", quantity: 1, fills_allowed: 1, min_days_between: 0 }], valid_until: "2027-01-31", has_signature: true } }),
  // @ts-expect-error a reason goes with a rejection
  () => shop.post("/v1/prescriptions/{id}/review", { path: id, body: { decision: "approve", reason_code: "illegible", reason: "The dose cannot be read." } }),
  // 44: one of two
  () => shop.post("/v1/auth/password/forgot", { body: { phone: "+9779812345678" } }),
  // @ts-expect-error neither an address nor a number
  () => shop.post("/v1/auth/password/forgot", { body: {} }),
  // 45: what always comes, though it may be null
  (order: Schema<"OrderSummary">): object | null => order.totals,
  // @ts-expect-error it may be null
  (order: Schema<"OrderSummary">): object => order.totals,
  // 46: which form it is
  (client: Schema<"Client">) => (client.kind === "redirect" ? client.url : client.kind),
  // @ts-expect-error a form has no address to go to
  (client: Schema<"Client">) => (client.kind === "form" ? client.url : client.kind),
  // 47: why an order is not placed
  (refused: Operation<"post", "/v1/orders">["responses"][422]["content"]["application/problem+json"]) => refused.problems?.[0]?.code === "out_of_stock",
  // @ts-expect-error there is no such reason
  (refused: Operation<"post", "/v1/orders">["responses"][422]["content"]["application/problem+json"]) => refused.problems?.[0]?.code === "sold_out",
];
