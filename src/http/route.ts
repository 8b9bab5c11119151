/**
 * A route as a value: what it is called, what it needs, what it takes, what it answers, and what it does. Validation,
 * access, the OpenAPI document and the documentation are all made of it.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { ErrorCode } from "../core/errors.js";
import type { JsonObject } from "../core/json/json.js";
import type { Engine } from "../engine.js";
import type { Act, Need, Principal } from "./gate.js";
import type { BodyForm } from "./request/body.js";

export interface Route {
  readonly method: "GET" | "POST";
  /** With `:name` for parameters. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: "definitions" | "instances" | "incidents" | "stream" | "inbound" | "service";
  /** One sentence. */
  readonly summary: string;
  readonly description?: string;
  readonly needs: Act;
  /** Of what anyone may call: counted against the allowance of the sender's address, and refused while the server stops. */
  readonly isCounted?: boolean;
  /** Not in the OpenAPI document. */
  readonly isHidden?: boolean;
  readonly params?: JsonObject;
  readonly query?: JsonObject;
  /** Those that mean something here; others are let by. */
  readonly headers?: JsonObject;
  readonly body?: {
    readonly schema: JsonObject;
    /**
     * `json` where nothing is said; what is taken as text or bytes is not checked against the schema, and bytes may be of any
     * content type.
     */
    readonly form?: BodyForm;
    readonly isOptional?: boolean;
  };
  readonly answers: { readonly [status: number]: RouteAnswer };
  /** Beside those that every route can answer with. */
  readonly errors: readonly ErrorCode[];
  /** What was validated has the shape of the schemas. */
  readonly handle: (call: Call) => Promise<Reply>;
}

export interface RouteAnswer {
  readonly description: string;
  readonly schema?: JsonObject;
  /** `application/json` where nothing is said. */
  readonly contentType?: string;
  readonly headers?: { readonly [name: string]: JsonObject };
}

/** One request as a route sees it. */
export interface Call {
  readonly engine: Engine;
  readonly principal: Principal;
  /** As it was sent, with the query; nothing in it is decoded. */
  readonly url: string;
  readonly params: { readonly [name: string]: string };
  /** Texts became numbers and truth values where the schema says so. */
  readonly query: { readonly [name: string]: string | number | boolean | undefined };
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  /** Throws where the principal may not do exactly this. */
  readonly allow: (need: Need) => void;
  /** Fires when the sender has gone away, or the server closes. */
  readonly signal: AbortSignal;
}

export interface Reply {
  readonly status: number;
  /** JSON, a text, or a stream; its type by `headers`, `application/json` where nothing is said. */
  readonly body?: unknown;
  readonly headers?: { readonly [name: string]: string };
}
