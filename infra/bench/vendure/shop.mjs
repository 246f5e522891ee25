// Vendure as its documentation sets it up: one process, its own search, no mails, payments that are good at once.
//
//   node shop.mjs PRODUCTS.json PORT sqlite FOLDER
//   node shop.mjs PRODUCTS.json PORT postgres SOCKET_FOLDER
//
// It fills an empty database with the products of the file, listens on the port, and says so in a line on its output.

import { writeFileSync, readFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import vendure from "@vendure/core";
import commands from "@vendure/core/cli/index.js";

const { bootstrap, DefaultLogger, DefaultSearchPlugin, dummyPaymentHandler, JobQueueService, LanguageCode, LogLevel, mergeConfig, TransactionalConnection } = vendure;

const [file, port, kind, place] = process.argv.slice(2);
const { products, currency } = JSON.parse(readFileSync(file, "utf8"));

const databases = {
  sqlite: { type: "better-sqlite3", database: join(place, "vendure.sqlite") },
  postgres: { type: "postgres", host: place, port: 5432, username: "postgres", password: "", database: "postgres" },
};
if (!(kind in databases)) throw new Error(`There is no database ${kind}: ${Object.keys(databases).join(", ")}`);

const config = mergeConfig({}, {
  apiOptions: { port: Number(port), hostname: "127.0.0.1", shopApiPath: "shop-api", adminApiPath: "admin-api" },
  // The cookie of a browser would keep customers apart no better than the token does.
  authOptions: { tokenMethod: "bearer", requireVerification: false, superadminCredentials: { identifier: "admin", password: "local-only-apothecary" } },
  dbConnectionOptions: { ...databases[kind], synchronize: true, logging: false },
  defaultLanguageCode: LanguageCode.en,
  logger: new DefaultLogger({ level: LogLevel.Warn, timestamp: false }),
  paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
  plugins: [DefaultSearchPlugin.init({ bufferUpdates: false, indexStockStatus: true })],
});

const initial = {
  defaultLanguage: LanguageCode.en,
  defaultZone: "Asia",
  countries: [{ name: "Nepal", code: "NP", zone: "Asia" }],
  // Ours has no tax beside the price either.
  taxRates: [{ name: "None", percentage: 0 }],
  shippingMethods: [{ name: "Delivery", price: 300 }],
  paymentMethods: [{
    name: "On delivery",
    handler: { code: dummyPaymentHandler.code, arguments: [{ name: "automaticSettle", value: "false" }] },
  }],
  collections: [],
};

// Products come by the importer's own table.
function table() {
  const columns = ["name", "slug", "description", "assets", "facets", "optionGroups", "optionValues", "sku", "price", "taxCategory",
    "stockOnHand", "trackInventory", "variantAssets", "variantFacets"];
  const cell = (text) => `"${String(text).replaceAll('"', '""')}"`;
  const rows = products.map(({ key, name, description, cents, units }) =>
    [name, key, description, "", "", "", "", key, (cents / 100).toFixed(2), "None", units, "true", "", ""].map(cell).join(","));
  return [columns.join(","), ...rows, ""].join("\n");
}

const scratch = mkdtempSync(join(tmpdir(), "vendure-products-"));
try {
  const path = join(scratch, "products.csv");
  writeFileSync(path, table());
  // What is made anew takes the currency of the default channel.
  const app = await commands.populate(() => bootstrap(mergeConfig(config, { defaultCurrencyCode: currency })), initial, path);
  await app.get(JobQueueService).start();
  // Jobs put products into the search one after the other.
  const { rawConnection } = app.get(TransactionalConnection);
  while (await rawConnection.getRepository("SearchIndexItem").count() < products.length) await new Promise((done) => setTimeout(done, 200));
  console.log(`listening ${port}`);
} finally {
  rmSync(scratch, { recursive: true });
}
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => process.exit(0));
