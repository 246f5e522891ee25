// A cookie session for web pages, to copy. It needs no library. The refresh token is in a cookie that no script can read;
// the access token is in memory, the CSRF token where all tabs find it.
//
//   const session = new Session("http://localhost:4566");     // api_url of .local/stack.json
//   const user = await session.load();                         // after every reload: the user, or null
//   await session.signIn({ email, password });                 // {user}, or {challenge}: then answerChallenge
//   const answer = await session.fetch("/v1/orders");          // refreshes and repeats by itself
//   await session.signOut();

const KEY = "apothecary.session";
const OVER = new Set(["invalid_refresh_token", "csrf_token_invalid", "no_session_cookie"]);
const STALE = new Set(["expired_token", "invalid_token", "session_ended"]);

// Whether the token was no good: refused for it, or answered as to a guest.
const isStale = async (answer) => answer.headers.has("token-ignored")
  || (answer.status === 401 && STALE.has((await answer.clone().json().catch(() => null))?.code));

/** What the API says where it refuses something: `code` for programs, `message` for people. */
export class Problem extends Error {
  constructor(status, body) {
    super(body?.detail ?? `The server answered ${status}.`);
    Object.assign(this, { status, code: body?.code ?? "unknown", body });
  }
}

/** A store in memory, for tests; in a page leave it out. */
export const memory = () => {
  const items = new Map();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => items.set(key, value),
    removeItem: (key) => items.delete(key),
  };
};

// One after the other within this tab, where the browser has no locks over tabs.
const alone = () => {
  let last = Promise.resolve();
  return (_, work) => (last = last.then(work, work));
};

export class Session {
  #api; #fetch; #storage; #lock; #wait; #token = null; #underWay = null; #changed = new Set();

  constructor(api, { fetch = globalThis.fetch.bind(globalThis), storage, lock, wait } = {}) {
    this.#api = api.replace(/\/$/, "");
    this.#fetch = fetch;
    this.#storage = storage ?? globalThis.localStorage;
    const locks = globalThis.navigator?.locks;
    this.#lock = lock ?? (locks ? (name, work) => locks.request(name, work) : alone());
    this.#wait = wait ?? ((seconds) => new Promise((done) => setTimeout(done, seconds * 1000)));
    // Another tab has signed out, or somebody else in.
    globalThis.addEventListener?.("storage", (event) => {
      if (event.key !== KEY) return;
      this.#token = null;
      this.#tell();
    });
  }

  /** Who is signed in, as the last answer said: `{id, roles, full_name}`, or null. */
  get user() { return this.#stored()?.user ?? null; }

  /** Calls `listener(user)` whenever somebody signs in or out, in any tab; returns what ends that. */
  onChange(listener) {
    this.#changed.add(listener);
    return () => this.#changed.delete(listener);
  }

  /** Goes on with the session of before the reload. */
  async load() {
    if (!this.#stored()) return null;
    await this.#refresh(this.#token);
    return this.user;
  }

  /** Signs in with `{email or phone, password}`. */
  signIn(who) { return this.#begin("/v1/auth/login", { ...who, session: "cookie" }); }

  /** The second step, where the first answered `{challenge, challenge_session}`; this one takes no `session`. */
  answerChallenge(body) { return this.#begin("/v1/auth/login/challenge", body); }

  /** Ends a registration and signs in. */
  confirm(email, code) { return this.#begin("/v1/auth/register/confirm", { email, code, session: "cookie" }); }

  /**
   * As `fetch`, signed in. What is refused for an old token, or answered as to a guest, is sent once more with a new one; a
   * body is text or FormData.
   */
  async fetch(path, options = {}) {
    if (this.#token === null && this.#stored()) await this.#refresh(null);
    const used = this.#token;
    const answer = await this.#send(path, options, used);
    if (used === null || !(await isStale(answer))) return answer;
    return (await this.#refresh(used)) === null ? answer : this.#send(path, options, this.#token);
  }

  /** As `fetch`, with the body of the answer; throws a Problem for what is refused. */
  async json(path, options = {}) {
    const answer = await this.fetch(path, options);
    const body = answer.status === 204 ? null : await answer.json().catch(() => null);
    if (!answer.ok) throw new Problem(answer.status, body);
    return body;
  }

  /** Signs out, here and in all tabs: after a refresh that is under way, which would sign in again. */
  signOut() {
    return this.#lock(KEY, async () => {
      const csrf = this.#stored()?.csrf;
      this.#forget();
      if (csrf) await this.#post("/v1/auth/logout", undefined, csrf).catch(() => null);
    });
  }

  async #begin(path, body) {
    const answer = await this.#post(path, body);
    const said = await answer.json().catch(() => null);
    if (!answer.ok) throw new Problem(answer.status, said);
    if (said.access_token) this.#keep(said);
    return said;
  }

  #refresh(stale) {
    if (this.#token !== stale) return this.#token;
    return (this.#underWay ??= this.#renew(stale).finally(() => { this.#underWay = null; }));
  }

  // A lost answer: the same cookie is good once more for some seconds. Other tabs go on while this one waits.
  async #renew(stale) {
    for (let attempt = 0; ; attempt += 1) {
      const { token, answer, said } = await this.#lock(KEY, () => this.#exchange(stale));
      if (token !== undefined) return token;
      const later = !answer || answer.status === 429 || answer.status >= 500;
      if (!later || attempt === 3) throw new Problem(answer?.status ?? 0, said);
      await this.#wait(Number(answer?.headers.get("retry-after") ?? 2 ** attempt / 2));
    }
  }

  // One tab at a time. A tab that had to wait refreshes as well, since it has no access token of its own yet: the server
  // answers with the cookie that is there.
  async #exchange(stale) {
    if (this.#token !== stale) return { token: this.#token };
    const csrf = this.#stored()?.csrf;
    if (!csrf) return { token: null };
    const answer = await this.#post("/v1/auth/token/refresh", undefined, csrf).catch(() => null);
    const said = await answer?.json().catch(() => null);
    if (answer?.ok) return { token: this.#keep(said) };
    if (answer && OVER.has(said?.code)) return { token: this.#forget() };
    return { answer, said };
  }

  #post(path, body, csrf) {
    const headers = { ...(body && { "content-type": "application/json" }), ...(csrf && { "x-csrf-token": csrf }) };
    return this.#fetch(`${this.#api}${path}`, {
      method: "POST", credentials: "include", headers, body: body && JSON.stringify(body),
    });
  }

  #send(path, options, token) {
    const headers = new Headers(options.headers);
    if (token) headers.set("authorization", `Bearer ${token}`);
    return this.#fetch(`${this.#api}${path}`, { ...options, headers });
  }

  #keep({ access_token, csrf_token, user }) {
    this.#token = access_token;
    this.#storage.setItem(KEY, JSON.stringify({ csrf: csrf_token, user }));
    this.#tell();
    return access_token;
  }

  #forget() {
    this.#token = null;
    this.#storage.removeItem(KEY);
    this.#tell();
    return null;
  }

  #stored() { return JSON.parse(this.#storage.getItem(KEY) ?? "null"); }

  #tell() { for (const listener of this.#changed) listener(this.user); }
}
