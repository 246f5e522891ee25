// A session by tokens, for apps and programs: the access token in memory, the refresh token where the app keeps secrets.
// Web pages use the cookies of ../session.js in its place, where no script can read the refresh token.

import { Problem, type Schema, type Session } from "./client.js";

/** Where the refresh token is kept between runs; in memory where nothing is said. */
export interface Keeper {
  load(): Promise<string | null>;
  save(refreshToken: string | null): Promise<void>;
}

export type SignIn = Schema<"LoginRequest">;
export type User = Schema<"SignedInUser">;

/** These say that the session is over; anything else may pass. */
const OVER = new Set(["invalid_refresh_token", "session_ended"]);
/** A token that is too old, that another has taken the place of, or whose session was ended. */
const STALE = new Set(["expired_token", "invalid_token", "session_ended"]);

/** Whether the token was no good: refused for it, or answered as to a guest. */
async function isStale(answer: Response): Promise<boolean> {
  if (answer.headers.has("token-ignored")) return true;
  if (answer.status !== 401) return false;
  const { code } = await answer.clone().json().catch(() => ({})) as { code?: string };
  return code !== undefined && STALE.has(code);
}

export class TokenSession implements Session {
  readonly #api: string;
  readonly #keeper: Keeper | null;
  readonly #fetch: typeof globalThis.fetch;
  #access: string | null = null;
  #refresh: string | null = null;
  #under_way: Promise<void> | null = null;
  user: User | null = null;

  constructor(api: string, options: { keeper?: Keeper; fetch?: typeof globalThis.fetch } = {}) {
    this.#api = api.replace(/\/$/, "");
    this.#keeper = options.keeper ?? null;
    this.#fetch = options.fetch ?? globalThis.fetch.bind(globalThis);
  }

  /** Goes on with the session of before; the user, or null. */
  async load(): Promise<User | null> {
    this.#refresh = (await this.#keeper?.load()) ?? null;
    if (this.#refresh !== null) await this.#renew(null);
    return this.user;
  }

  /** Signs in; a challenge asks for the second step, `answerChallenge`. */
  signIn(who: SignIn): Promise<Schema<"SignInView">> {
    return this.#begin("/v1/auth/login", who);
  }

  /** The second step, where the first answered a challenge. */
  answerChallenge(body: Schema<"AnswerChallengeRequest">): Promise<Schema<"SignInView">> {
    return this.#begin("/v1/auth/login/challenge", body);
  }

  /** Signs out: here, and at the server if it can be reached; after a refresh that is under way, which would sign in again. */
  async signOut(): Promise<void> {
    await this.#under_way?.catch(() => null);
    const token = this.#refresh;
    await this.#forget();
    if (token !== null) await this.#post("/v1/auth/logout", { refresh_token: token }).catch(() => null);
  }

  /** As `fetch`, signed in. What is refused for an old token, or answered as to a guest, is sent once more with a new one. */
  async fetch(path: string, options: { method: string; headers: Record<string, string>; body?: string }): Promise<Response> {
    const used = this.#access;
    const answer = await this.#send(path, options, used);
    if (used === null || this.#refresh === null || !(await isStale(answer))) return answer;
    await this.#renew(used);
    return this.#access === null ? answer : this.#send(path, options, this.#access);
  }

  async #begin(path: string, body: unknown): Promise<Schema<"SignInView">> {
    const answer = await this.#post(path, body);
    const said: unknown = await answer.json().catch(() => null);
    if (!answer.ok) throw new Problem(answer.status, said as Schema<"Problem"> | null);
    const view = said as Schema<"SignInView">;
    if ("access_token" in view) await this.#keep(view);
    return view;
  }

  // One refresh at a time: a refresh token is good once.
  #renew(stale: string | null): Promise<void> {
    if (this.#access !== stale) return Promise.resolve();
    this.#under_way ??= this.#exchange().finally(() => { this.#under_way = null; });
    return this.#under_way;
  }

  async #exchange(): Promise<void> {
    const answer = await this.#post("/v1/auth/token/refresh", { refresh_token: this.#refresh });
    const said: unknown = await answer.json().catch(() => null);
    if (answer.ok) return this.#keep(said as Schema<"SessionView">);
    const problem = said as Schema<"Problem"> | null;
    if (problem !== null && OVER.has(problem.code)) return this.#forget();
    throw new Problem(answer.status, problem);
  }

  #post(path: string, body: unknown): Promise<Response> {
    return this.#send(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }, null);
  }

  #send(path: string, options: { method: string; headers: Record<string, string>; body?: string }, token: string | null): Promise<Response> {
    const headers = { ...options.headers, ...(token !== null && { authorization: `Bearer ${token}` }) };
    return this.#fetch(`${this.#api}${path}`, { ...options, headers });
  }

  async #keep(view: Schema<"SessionView">): Promise<void> {
    this.#access = view.access_token;
    this.#refresh = view.refresh_token ?? this.#refresh;
    this.user = view.user;
    await this.#keeper?.save(this.#refresh);
  }

  async #forget(): Promise<void> {
    this.#access = this.#refresh = this.user = null;
    await this.#keeper?.save(null);
  }
}
