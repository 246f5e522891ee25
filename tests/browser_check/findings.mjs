// What was found, and what a page did on the quiet.
import assert from "node:assert/strict";

/** Runs checks, each in pages of its own, and says which of them failed. */
export class Findings {
  #failed = 0;
  #passed = 0;

  /** Runs one check: a function with a name that says what is true. */
  async run(check, context, address) {
    const before = new Set(context.pages());
    try {
      await check(context, address);
      this.#passed += 1;
      console.log(`  ok      ${sentence(check)}`);
    } catch (error) {
      this.#failed += 1;
      console.log(`  FAILED  ${sentence(check)}\n          ${String(error.message ?? error).split("\n").join("\n          ")}`);
    }
    for (const page of context.pages()) if (!before.has(page)) await page.close();
  }

  /** What the process ends with. */
  report() {
    console.log(`${this.#passed} as it should be, ${this.#failed} not.`);
    return this.#failed === 0 && this.#passed > 0 ? 0 : 1;
  }
}

const sentence = (check) => check.name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);

/** A new page whose faults are noted: words of its console, errors of its scripts, breaches of its policy, requests elsewhere. */
export async function watched(context, hosts) {
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) faults.push(`console: ${message.text()}`); });
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  page.on("requestfailed", (request) => faults.push(`request: ${request.url()}: ${request.failure()?.errorText}`));
  page.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith("http") && !hosts.includes(host)) faults.push(`another host: ${request.url()}`);
  });
  await page.exposeFunction("noteFault", (text) => { faults.push(text); });
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => globalThis.noteFault(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  return { page, faults };
}

/** Waits until something is so; what it is not yet is told by `seen`. */
export async function until(what, holds, seen = async () => "") {
  const end = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > end) assert.fail(`${what}: not so within 20 seconds. ${await seen()}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
