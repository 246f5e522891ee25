// What a person meets in a real browser: the page /v1/docs, and a page of a shop with docs/clients/session.js.
//
//   node tests/browser_check/check.mjs <the folder with playwright-core> [http://localhost:4566]
//
// Without an address it is the stack that APOTHECARY_STACK describes, or that of `make dev`. Ends with 1 where something is not as
// it should be, and with 2 where nothing could be checked.
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import * as docs from "./docs.mjs";
import { Findings } from "./findings.mjs";
import * as session from "./session.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
// Nothing of its own on the network, and nothing kept.
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
  "--disable-quic",
];

const nothingChecked = (why) => {
  console.error(`${why}: nothing was checked.`);
  process.exit(2);
};

function browser() {
  const named = process.env.CHROMIUM;
  const folders = (process.env.PATH ?? "").split(delimiter);
  const places = named ? [named, ...folders.map((folder) => join(folder, named))]
    : NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  const runs = (path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  };
  return places.find(runs)
    ?? nothingChecked(named ? `CHROMIUM is ${named}, which is no program` : "There is no Chromium here (apt install chromium, or name one by CHROMIUM)");
}

function api() {
  if (process.argv[3]) return process.argv[3];
  const port = process.env.APOTHECARY_PORT ?? "4566";
  const usual = join(ROOT, ".local", port === "4566" ? "stack.json" : `stack-${port}.json`);
  const description = process.env.APOTHECARY_STACK ?? usual;
  if (!existsSync(description)) nothingChecked("The local stack is not running (make dev in another terminal)");
  return JSON.parse(readFileSync(description, "utf8")).api_url;
}

const [, , modules] = process.argv;
const { chromium } = createRequire(pathToFileURL(`${modules}/`))("playwright-core");
const [executablePath, address] = [browser(), api()];
await fetch(`${address}/v1/health`).catch(() => nothingChecked(`Nobody answers at ${address}`));
const profile = mkdtempSync(join(tmpdir(), "apothecary-browser-"));
const findings = new Findings();
try {
  const context = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args: FLAGS });
  try {
    console.log(`Chromium ${context.browser()?.version() ?? ""} at ${address}`);
    for (const check of [...docs.CHECKS, ...session.CHECKS]) await findings.run(check, context, address);
  } finally {
    await context.close();
  }
} finally {
  rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
}
process.exit(findings.report());
