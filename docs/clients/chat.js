// A small complete client of the chat, for browsers and for Node 22 (or any WebSocket that is handed in). It has no dependencies.
//
//   const chat = new Chat({
//     api: "https://api.example/v1", token: () => session.accessToken, consultation: "con_01J…", me: session.user.id,
//     onMessage: show, onReceipt: tick, onTyping: dots, onState: banner,
//   });
//   chat.open();
//   chat.send("It is better today.");
//
// What it keeps: messages are shown once and in order, whatever breaks; what was sent is stored once, whatever is repeated. docs/chat.md
// says why each step is as it is.

const FIRST = "msg_00000000000000000000000000";

export class Chat {
  constructor({ api, token, consultation, me, onMessage, onReceipt = () => {}, onTyping = () => {}, onState = () => {},
                onConsultation = () => {}, onProblem = () => {}, storage = memory(), WebSocket = globalThis.WebSocket,
                fetch = globalThis.fetch.bind(globalThis), random = Math.random, timers = globalThis }) {
    Object.assign(this, { api, token, consultation, me, onMessage, onReceipt, onTyping, onState, onConsultation, onProblem,
                          storage, WebSocket, fetch, random, timers });
    this.last = FIRST;          // the last message of an unbroken chain
    this.early = new Map();     // messages whose predecessor is missing, by that predecessor
    this.outbox = storage.load(consultation);  // what was not accepted yet; it survives a reload
    this.tries = 0;
    this.closed = true;
  }

  open() {
    this.closed = false;
    return this.#connect();
  }

  close() {
    this.closed = true;
    this.#stopTimers();
    this.socket?.close();
    this.onState("closed");
  }

  // Puts a message in the outbox; gives its name. It stays there until it is accepted.
  send(text) {
    const client_id = crypto.randomUUID();
    this.outbox.push({ client_id, text });
    this.storage.save(this.consultation, this.outbox);
    this.#flush();
    return client_id;
  }

  typing(on) {
    // At most once in three seconds; the server drops more.
    const now = Date.now();
    if (on && now - (this.typedAt ?? 0) < 3000) return;
    this.typedAt = on ? now : 0;
    this.#write({ type: "typing", consultation_id: this.consultation, on });
  }

  // Only for what is held in an unbroken chain.
  read(message_id) {
    if (message_id <= this.last) {
      this.#write({ type: "read", consultation_id: this.consultation, message_id, state: "read" });
    }
  }

  // ------------------------------------------------------------------- inside

  async #connect() {
    this.onState("connecting");
    let ticket;
    try {
      const answer = await this.#call("POST", "/chat/ticket");
      if (answer.status === 401 || answer.status === 403) return this.#signedOut();
      if (!answer.ok) throw new Error(`no ticket: ${answer.status}`);
      ticket = await answer.json();
    } catch (problem) {
      return this.#again(problem);
    }
    if (this.closed) return;
    const socket = new this.WebSocket(`${ticket.url}?ticket=${encodeURIComponent(ticket.ticket)}`);
    this.socket = socket;
    socket.addEventListener("open", async () => {
      // First connected, then history: whatever is sent meanwhile comes by one of the two, or by both.
      try {
        await this.#catchUp();
      } catch (problem) {
        this.onProblem(problem);
        return socket.close();
      }
      this.tries = 0;
      this.inFlight = null;
      this.onState("open");
      this.#flush();
      this.heartbeat = this.timers.setInterval(() => this.#write({ type: "ping" }), ticket.heartbeat_s * 1000);
      this.renewal = this.timers.setTimeout(() => socket.close(), ticket.max_connection_s * 1000);
    });
    socket.addEventListener("message", (event) => this.#take(JSON.parse(event.data)));
    socket.addEventListener("close", () => {
      if (this.socket !== socket) return;
      this.#stopTimers();
      this.inFlight = null;
      if (!this.closed) this.#again();
    });
    socket.addEventListener("error", () => {});
  }

  #again(problem) {
    if (problem) this.onProblem(problem);
    if (this.closed) return;
    this.onState("waiting");
    // Full jitter between one second and thirty, so that not everybody comes back at once.
    const most = Math.min(30, 2 ** this.tries++);
    const wait = 1000 * (1 + this.random() * (most - 1));
    this.retry = this.timers.setTimeout(() => this.#connect(), this.tries === 1 ? 1000 * this.random() : wait);
  }

  #signedOut() {
    this.closed = true;
    this.#stopTimers();
    this.onState("signed_out");
  }

  #stopTimers() {
    this.timers.clearInterval(this.heartbeat);
    this.timers.clearTimeout(this.renewal);
    this.timers.clearTimeout(this.retry);
  }

  // The only way to fill a gap: history after the last message of the unbroken chain.
  async #catchUp() {
    for (let after = this.last; after !== null;) {
      const answer = await this.#call("GET", `/consultations/${this.consultation}/messages?after=${after}&limit=100`);
      if (!answer.ok) throw new Error(`no history: ${answer.status}`);
      const page = await answer.json();
      for (const message of page.items) this.#hold(message);
      for (const [user, mark] of Object.entries(page.marks)) this.onReceipt({ user_id: user, ...mark });
      after = page.next_cursor;
    }
  }

  #take(frame) {
    switch (frame.type) {
      case "accepted":
        this.#settle(frame.client_id);
        this.#receive(frame.message);
        break;
      case "message":
        if (frame.message.consultation_id === this.consultation) this.#receive(frame.message);
        break;
      case "receipt":
        if (frame.consultation_id === this.consultation) this.onReceipt(frame);
        break;
      case "typing":
        if (frame.consultation_id === this.consultation) this.#showTyping(frame);
        break;
      case "consultation":
        if (frame.id === this.consultation) this.onConsultation(frame);
        break;
      case "error":
        this.#refused(frame);
        break;
      case "closing":
        if (!frame.reconnect) this.#signedOut();
        break;
      default: // pong, and what later versions send
    }
  }

  // A message whose predecessor is not here says that one was missed.
  #receive(message) {
    this.#hold(message);
    if (this.early.size > 0 && !this.filling) {
      this.filling = this.#catchUp().catch(this.onProblem).finally(() => { this.filling = null; });
    }
  }

  #hold(message) {
    if (message.id <= this.last) return;
    if (message.client_id) this.#settle(message.client_id);
    const before = message.previous ?? FIRST;
    if (before !== this.last) {
      this.early.set(before, message);
      return;
    }
    this.early.delete(before);
    this.last = message.id;
    this.#showTyping({ on: false });
    this.onMessage(message);
    if (message.by.id !== this.me) {
      this.#write({ type: "read", consultation_id: this.consultation, message_id: message.id, state: "delivered" });
    }
    const next = this.early.get(this.last);
    if (next) this.#hold(next);
  }

  // Somebody who types says so every few seconds; who has stopped may not be able to say so.
  #showTyping(frame) {
    this.timers.clearTimeout(this.typingEnds);
    this.onTyping(frame.on);
    if (frame.on) this.typingEnds = this.timers.setTimeout(() => this.onTyping(false), 6000);
  }

  // One message at a time: two frames may be swapped on the way.
  #flush() {
    const next = this.outbox[0];
    if (!next || this.inFlight || this.socket?.readyState !== 1) return;
    this.inFlight = next.client_id;
    this.#write({ type: "send", consultation_id: this.consultation, ...next });
  }

  #settle(client_id) {
    this.outbox = this.outbox.filter((message) => message.client_id !== client_id);
    this.storage.save(this.consultation, this.outbox);
    if (this.inFlight === client_id) this.inFlight = null;
    this.#flush();
  }

  #refused(frame) {
    this.onProblem(frame);
    if (!frame.client_id || frame.client_id !== this.inFlight) return;
    if (frame.code === "unavailable" || frame.code === "rate_limited") {
      // The same name again: if it was stored after all, that is the answer.
      this.inFlight = null;
      this.timers.setTimeout(() => this.#flush(), 1000 * (frame.retry_after ?? 2));
    } else {
      this.#settle(frame.client_id);
    }
  }

  #write(frame) {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(frame));
  }

  async #call(method, path) {
    return this.fetch(`${this.api}${path}`, { method, headers: { authorization: `Bearer ${await this.token()}` } });
  }
}

// An outbox that lives as long as the page. One in localStorage or IndexedDB has the same two functions.
export function memory() {
  const kept = new Map();
  return { load: (id) => [...(kept.get(id) ?? [])], save: (id, messages) => kept.set(id, [...messages]) };
}
