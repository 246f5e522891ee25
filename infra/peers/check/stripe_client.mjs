// Stripe's own library for Node.js against our stand-in: what it sends is understood, and it takes the events that the stand-in
// signs. Run by `make peers-check`: stripe_client.mjs <program>.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

import Stripe from "stripe";

const SECRET = "whsec_local_peer";

/** A server on a free port. */
function listening(answer) {
  const server = createServer(answer);
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server)));
}

function answers(port) {
  return new Promise((done) => {
    const socket = connect(port, "127.0.0.1", () => done(true) || socket.destroy());
    socket.on("error", () => done(false));
  });
}

/** The call must be refused with this code. */
async function refused(code, call) {
  await assert.rejects(call, (error) => error.code === code || assert.fail(`${error.code} instead of ${code}`));
}

async function drive(stripe) {
  const params = {
    amount: 1500, currency: "usd", capture_method: "manual", payment_method_types: ["card"],
    metadata: { order: "ord_1", payment: "pay_1" },
  };
  const intents = stripe.paymentIntents;
  const first = await intents.create(params, { idempotencyKey: "n1" });
  assert.equal((await intents.create(params, { idempotencyKey: "n1" })).id, first.id);
  await assert.rejects(intents.create({ ...params, amount: 1600 }, { idempotencyKey: "n1" }), { type: "StripeIdempotencyError" });
  await refused("card_declined", intents.confirm(first.id, { payment_method: "pm_card_chargeDeclined" }));
  const held = await intents.confirm(first.id, { payment_method: "pm_card_visa" });
  assert.deepEqual([held.status, held.amount_capturable], ["requires_capture", 1500]);
  await refused("payment_intent_unexpected_state", stripe.refunds.create({ payment_intent: first.id }));
  const taken = await intents.capture(first.id, { amount_to_capture: 1000 });
  assert.deepEqual([taken.status, taken.amount_received], ["succeeded", 1000]);
  await refused("payment_intent_unexpected_state", intents.capture(first.id));
  const refund = await stripe.refunds.create({ payment_intent: first.id, amount: 400, metadata: { refund: "rfd_1" } });
  assert.deepEqual([refund.status, refund.metadata.refund], ["succeeded", "rfd_1"]);
  await refused("amount_too_large", stripe.refunds.create({ payment_intent: first.id, amount: 601 }));
  const seen = await intents.retrieve(first.id, { expand: ["latest_charge.refunds"] });
  assert.deepEqual(seen.latest_charge.refunds.data.map((one) => one.amount), [400]);
  const listed = await stripe.events.list({ limit: 100, types: ["payment_intent.succeeded"] });
  assert.equal(listed.data.length, 1);
  const doubtful = await intents.create(params);
  await intents.confirm(doubtful.id, { payment_method: "pm_card_createDispute" });
  await intents.capture(doubtful.id);
  const disputes = await stripe.disputes.list({ payment_intent: doubtful.id });
  assert.deepEqual(disputes.data.map((one) => [one.status, one.amount]), [["needs_response", 1500]]);
  assert.equal((await stripe.disputes.close(disputes.data[0].id)).status, "lost");
  const second = await intents.create(params);
  assert.equal((await intents.cancel(second.id)).status, "canceled");
}

async function judge(stripe, received) {
  const deadline = Date.now() + 10_000;
  while (!received.some(({ body }) => JSON.parse(body).type === "payment_intent.canceled")) {
    assert.ok(Date.now() < deadline, "the last event does not come");
    await pause(100);
  }
  for (const { body, signature } of received) {
    assert.equal(stripe.webhooks.constructEvent(body, signature, SECRET).object, "event");
    assert.throws(() => stripe.webhooks.constructEvent(`${body} `, signature, SECRET), { type: "StripeSignatureVerificationError" });
    // The library's own hand at the same: it signs what the stand-in signs, and the same way.
    const timestamp = Number(/t=(\d+)/.exec(signature)[1]);
    const theirs = stripe.webhooks.generateTestHeaderString({ payload: body, secret: SECRET, timestamp });
    assert.equal(/v1=([0-9a-f]+)/.exec(theirs)[1], /v1=([0-9a-f]+)/.exec(signature)[1]);
  }
}

const received = [];
const webhook = await listening((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    received.push({ body: Buffer.concat(parts).toString(), signature: request.headers["stripe-signature"] });
    response.end();
  });
});
const probe = await listening(() => {});
const port = probe.address().port;
await new Promise((done) => probe.close(done));
const program = spawn(process.argv[2], [String(port), `http://127.0.0.1:${webhook.address().port}`], { stdio: "inherit" });
try {
  for (let tries = 0; !(await answers(port)); tries += 1) {
    assert.ok(tries < 200, "the stand-ins do not start");
    await pause(50);
  }
  const stripe = new Stripe("sk_test_local_peer", { host: "127.0.0.1", port, protocol: "http", maxNetworkRetries: 0, telemetry: false });
  await drive(stripe);
  await judge(stripe, received);
  console.log(`Stripe's library for Node.js and the stand-in agree, on ${received.length} events too.`);
} finally {
  program.kill();
  webhook.close();
}
