// A typed client of the API, to copy. It needs no library; `npm run generate` writes the types from the API's document.
//
//   const shop = new Client(new TokenSession("http://localhost:4566"));
//   await shop.session.signIn({ email, password });
//   const page = await shop.get("/v1/products", { query: { query: "amox", limit: 3 } });
//   await shop.put("/v1/cart/items/{product_id}", { path: { product_id: page.items[0].id }, body: { quantity: 2 } });
//
// A path, a parameter, a body or a status that the API does not know does not compile. What the API refuses is thrown as
// a Problem. In a web page, the cookie session of ../session.js takes the place of TokenSession.

import type { components, paths } from "./api.js";
import type { Code } from "./codes.js";

export type { Code };

/** A schema of the document: `Schema<"Cart">`. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

export type Verb = "get" | "post" | "put" | "patch" | "delete";

/** The paths that answer a verb. */
export type PathOf<V extends Verb> = { [P in keyof paths]: paths[P] extends { [K in V]: object } ? P : never }[keyof paths];

/** The operation of a verb at a path. */
export type Operation<V extends Verb, P extends PathOf<V>> = paths[P] extends { [K in V]: infer O } ? O : never;

type Parameters<O, Place extends string> =
  O extends { parameters: infer All } ? Place extends keyof All ? Exclude<All[Place], undefined> : never : never;
type Json<Content> = Content extends { content: infer C } ? C extends { "application/json": infer J } ? J : never : never;
type Body<O> = O extends { requestBody?: infer B } ? Json<Exclude<B, undefined>> : never;

// A part that the operation does not have must be left out; one whose members are all optional may be.
type Part<Name extends string, T> =
  [T] extends [never] ? { [K in Name]?: never } : object extends T ? { [K in Name]?: T } : { [K in Name]: T };

/** What goes along with a request: what is in the path and the query, headers of its own, and the body. */
export type Request<O> =
  Part<"path", Parameters<O, "path">> & Part<"query", Parameters<O, "query">> &
  Part<"headers", Parameters<O, "header">> & Part<"body", Body<O>>;

type Good = 200 | 201 | 202 | 203 | 204;
type Said<R> = R extends { content?: never } ? undefined : Json<R>;

/** What is answered when all is well; `undefined` where that is nothing. */
export type Answer<O> = O extends { responses: infer R } ? { [S in keyof R & Good]: Said<R[S]> }[keyof R & Good] : never;

type Given<O> = object extends Request<O> ? [request?: Request<O>] : [request: Request<O>];

/** What one item of a list is. */
export type Item<O> = Answer<O> extends { items: readonly (infer T)[] } ? T : never;

/** Why the API refused: `code` for programs, `message` for people, `body` with the fields and lines at fault. */
export class Problem extends Error {
  readonly code: Code | "unknown";

  constructor(readonly status: number, readonly body: Schema<"Problem"> | null, readonly retryAfter: number | null = null) {
    super(body?.detail ?? `The server answered ${status}.`);
    // A later version may know more codes.
    this.code = (body?.code as Code | undefined) ?? "unknown";
  }

  /** Whether it is one of these; the compiler knows the codes. */
  is(...codes: Code[]): boolean {
    return (codes as string[]).includes(this.code);
  }
}

/** What sends requests: a TokenSession, the Session of ../session.js, or anything with such a `fetch`. */
export interface Session {
  fetch(path: string, options: { method: string; headers: Record<string, string>; body?: string }): Promise<Response>;
}

export class Client<S extends Session = Session> {
  constructor(readonly session: S) {}

  get<P extends PathOf<"get">>(path: P, ...request: Given<Operation<"get", P>>) { return this.#call("get", path, request[0]); }
  post<P extends PathOf<"post">>(path: P, ...request: Given<Operation<"post", P>>) { return this.#call("post", path, request[0]); }
  put<P extends PathOf<"put">>(path: P, ...request: Given<Operation<"put", P>>) { return this.#call("put", path, request[0]); }
  patch<P extends PathOf<"patch">>(path: P, ...request: Given<Operation<"patch", P>>) { return this.#call("patch", path, request[0]); }
  delete<P extends PathOf<"delete">>(path: P, ...request: Given<Operation<"delete", P>>) { return this.#call("delete", path, request[0]); }

  /** All items of a list, page after page. */
  async *every<P extends PathOf<"get">>(path: P, ...request: Given<Operation<"get", P>>): AsyncGenerator<Item<Operation<"get", P>>> {
    let cursor: string | null = null;
    do {
      const given: Loose = request[0] ?? {};
      const query = cursor === null ? given.query : { ...given.query, cursor };
      const page = await this.#call("get", path, { ...given, query }) as { items: Item<Operation<"get", P>>[]; next_cursor?: string | null };
      yield* page.items;
      cursor = page.next_cursor ?? null;
    } while (cursor !== null);
  }

  /** Sends a file by the form that announcing it has answered. */
  async upload(form: { url: string; fields: Record<string, string> }, file: Blob): Promise<void> {
    const body = new FormData();
    for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
    body.append("file", file);
    const answer = await globalThis.fetch(form.url, { method: "POST", body });
    if (!answer.ok) throw new Problem(answer.status, null);
  }

  async #call<V extends Verb, P extends PathOf<V>>(verb: V, path: P, request: Loose = {}): Promise<Answer<Operation<V, P>>> {
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(request.path?.[name])));
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(request.query ?? {})) {
      for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined && one !== null) query.append(name, String(one));
    }
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(request.headers ?? {})) if (typeof value === "string") headers[name] = value;
    if (request.body !== undefined) headers["content-type"] = "application/json";
    const answer = await this.session.fetch(query.size > 0 ? `${filled}?${query}` : filled, {
      method: verb.toUpperCase(), headers, ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
    });
    const text = await answer.text();
    // A gateway may say of an empty answer too that it is JSON.
    const said: unknown = text !== "" && answer.headers.get("content-type")?.includes("json") ? JSON.parse(text) : undefined;
    if (!answer.ok) {
      const wait = Number(answer.headers.get("retry-after") ?? NaN);
      throw new Problem(answer.status, (said as Schema<"Problem"> | undefined) ?? null, Number.isNaN(wait) ? null : wait);
    }
    return said as Answer<Operation<V, P>>;
  }
}

interface Loose {
  path?: Record<string, unknown> | undefined;
  query?: Record<string, unknown> | undefined;
  headers?: Record<string, unknown> | undefined;
  body?: unknown;
}
