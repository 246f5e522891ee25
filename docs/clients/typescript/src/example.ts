// Signs in, looks for a medicine, puts it in the cart and asks what an order would cost.
//
//   npm ci && npm run generate && npm run example -- http://localhost:4566     # api_url of .local/stack.json

import { Client, Problem } from "./client.js";
import { TokenSession } from "./session.js";

const session = new TokenSession(process.argv[2] ?? "http://localhost:4566");
const shop = new Client(session);

try {
  await session.signIn({ email: "customer@apothecary.test", password: "local-only-apothecary" });
  console.log(`Signed in as ${session.user?.full_name}.`);
  const page = await shop.get("/v1/products", { query: { query: "ibuprofen", in_stock: true, limit: 3 } });
  for (const product of page.items) console.log(`${product.id}  ${product.name}  ${product.price.amount / 100} ${product.price.currency}`);
  const first = page.items[0];
  if (first === undefined) throw new Error("There is no ibuprofen: make seed");
  await shop.put("/v1/cart/items/{product_id}", { path: { product_id: first.id }, body: { quantity: 2 } });
  const preview = await shop.post("/v1/checkout/preview", {
    body: {
      address: { recipient: "Anna Rai", line1: "1 Lakeside Road", city: "Pokhara", postal_code: "33700", country: "NP", phone: "+9779800000000" },
      payment_method: "cod",
      prescription_ids: [],
    },
  });
  console.log(`Two packs of ${first.name}: ${preview.totals.total.amount / 100} ${preview.totals.total.currency}, delivered.`);
} catch (problem) {
  if (!(problem instanceof Problem)) throw problem;
  console.error(`${problem.status} ${problem.code}: ${problem.message}`);
  process.exitCode = 1;
} finally {
  await session.signOut();
}
