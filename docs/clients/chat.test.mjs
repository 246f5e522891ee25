// node --test docs/clients/chat.test.mjs
import assert from "node:assert/strict";
import test from "node:test";
import { Chat, memory } from "./chat.js";

const id = (n) => `msg_${String(n).padStart(26, "0")}`;
const message = (n, more = {}) => ({
  id: id(n), consultation_id: "con_1", by: { id: "dora", role: "doctor" }, kind: "text", text: String(n),
  previous: n === 1 ? null : id(n - 1), at: "2026-11-20T10:00:00.000Z", ...more,
});

// A server that stores messages and whose sockets the test can break.
function server() {
  const state = { stored: [], sockets: [], tickets: 0, status: 201, accepts: true };
  class Socket extends EventTarget {
    constructor(url) {
      super();
      Object.assign(this, { url, readyState: 0, sent: [] });
      state.sockets.push(this);
      setImmediate(() => { this.readyState = 1; this.dispatchEvent(new Event("open")); });
    }
    send(text) {
      const frame = JSON.parse(text);
      this.sent.push(frame);
      if (frame.type !== "send" || !state.accepts) return;
      let known = state.stored.find((one) => one.client_id === frame.client_id);
      if (!known) {
        known = message(state.stored.length + 1, { by: { id: "anna", role: "patient" }, text: frame.text, client_id: frame.client_id });
        state.stored.push(known);
      }
      if (state.loses) { state.loses = false; return this.close(); }
      this.push({ type: "accepted", client_id: frame.client_id, message: known });
    }
    push(frame) {
      this.dispatchEvent(Object.assign(new Event("message"), { data: JSON.stringify(frame) }));
    }
    close() {
      if (this.readyState === 3) return;
      this.readyState = 3;
      this.dispatchEvent(new Event("close"));
    }
  }
  const fetch = async (url, { method }) => {
    if (method === "POST") {
      state.tickets += 1;
      const body = { ticket: `t${state.tickets}`, url: "ws://socket", heartbeat_s: 240, max_connection_s: 6600 };
      return { ok: state.status === 201, status: state.status, json: async () => body };
    }
    const after = new URL(url).searchParams.get("after");
    const items = state.stored.filter((one) => one.id > after);
    return { ok: true, status: 200, json: async () => ({ items: items.slice(0, 3), marks: {}, next_cursor: items.length > 3 ? items[2].id : null }) };
  };
  return { state, Socket, fetch };
}

const settled = async () => { for (let n = 0; n < 12; n += 1) await new Promise(setImmediate); };

function client(there, storage = memory()) {
  const seen = { messages: [], states: [], problems: [], typing: [] };
  const timers = {
    setTimeout: (run, ms) => { if (ms <= 1000) setImmediate(run); return 0; },
    setInterval: () => 0, clearTimeout() {}, clearInterval() {},
  };
  const chat = new Chat({
    api: "http://api/v1", token: () => "t", consultation: "con_1", me: "anna", storage, timers, random: () => 0,
    WebSocket: there.Socket, fetch: there.fetch, onMessage: (one) => seen.messages.push(one.text),
    onState: (state) => seen.states.push(state), onProblem: (one) => seen.problems.push(one),
    onTyping: (on) => seen.typing.push(on),
  });
  return { chat, seen };
}

test("a hole is filled from the history before anything after it is shown", async () => {
  const there = server();
  const { chat, seen } = client(there);
  await chat.open();
  await settled();
  for (let n = 1; n <= 5; n += 1) there.state.stored.push(message(n));
  const [socket] = there.state.sockets;
  socket.push({ type: "message", message: message(1) });
  socket.push({ type: "message", message: message(5) });
  assert.deepEqual(seen.messages, ["1"]);
  const delivered = () => socket.sent.filter((frame) => frame.type === "read").map((frame) => frame.message_id);
  assert.deepEqual(delivered(), [id(1)], "marks stay before the hole");
  await settled();
  assert.deepEqual(seen.messages, ["1", "2", "3", "4", "5"]);
  socket.push({ type: "message", message: message(3) });
  assert.deepEqual(seen.messages.length, 5, "what is known is shown once");
  assert.deepEqual(delivered(), [1, 2, 3, 4, 5].map(id));
});

test("a message whose answer is lost is sent again by the same name, also after a reload", async () => {
  const there = server();
  const storage = memory();
  const first = client(there, storage);
  await first.chat.open();
  await settled();
  there.state.loses = true;
  const name = first.chat.send("hello");
  first.chat.close();
  assert.equal(storage.load("con_1")[0].client_id, name);
  const second = client(there, storage);
  await second.chat.open();
  await settled();
  assert.equal(there.state.stored.length, 1);
  assert.deepEqual(second.seen.messages, ["hello"]);
  assert.deepEqual(storage.load("con_1"), []);
});

test("it comes back after a break, with another ticket, and has missed nothing", async () => {
  const there = server();
  const { chat, seen } = client(there);
  await chat.open();
  await settled();
  for (let round = 1; round <= 5; round += 1) {
    there.state.sockets.at(-1).close();
    there.state.stored.push(message(round));
    await settled();
  }
  assert.deepEqual(seen.messages, ["1", "2", "3", "4", "5"]);
  assert.equal(there.state.tickets, 6);
  assert.ok(there.state.sockets.at(-1).url.endsWith("?ticket=t6"));
  chat.close();
});

test("one message is in flight at a time, and a refusal for now is tried again", async () => {
  const there = server();
  const { chat, seen } = client(there);
  await chat.open();
  await settled();
  there.state.accepts = false;
  const one = chat.send("one");
  chat.send("two");
  const [socket] = there.state.sockets;
  const sends = () => socket.sent.filter((frame) => frame.type === "send").map((frame) => frame.text);
  assert.deepEqual(sends(), ["one"]);
  there.state.accepts = true;
  socket.push({ type: "error", code: "unavailable", detail: "", client_id: one, retry_after: 1 });
  await settled();
  assert.deepEqual(sends(), ["one", "one", "two"]);
  assert.deepEqual(seen.messages, ["one", "two"]);
});

test("who is signed out does not knock again", async () => {
  const there = server();
  there.state.status = 401;
  const { chat, seen } = client(there);
  await chat.open();
  await settled();
  assert.deepEqual([seen.states.at(-1), there.state.tickets], ["signed_out", 1]);
});

test("typing ends with a message", async () => {
  const there = server();
  const { chat, seen } = client(there);
  await chat.open();
  await settled();
  const [socket] = there.state.sockets;
  there.state.stored.push(message(1));
  socket.push({ type: "typing", consultation_id: "con_1", user_id: "dora", on: true });
  socket.push({ type: "message", message: message(1) });
  assert.deepEqual(seen.typing, [true, false]);
});
