/** A real server on the loopback over an engine in memory, and a client that keeps to the contract. */

import type { Json } from "../../src/core/json/json.js";
import { createServer, type HttpServer, type ServerOptions } from "../../src/http/server.js";
import { createEngine, type Engine, type EngineOptions, memory } from "../../src/index.js";

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed where it is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: what a test reads of an answer, it asserts.
  readonly body: any;
}

export interface HttpBench {
  readonly engine: Engine;
  readonly server: HttpServer;
  get(path: string, headers?: Record<string, string>): Promise<HttpAnswer>;
  post(path: string, body?: Json | string, headers?: Record<string, string>): Promise<HttpAnswer>;
  request(method: string, path: string, init?: RequestInit): Promise<HttpAnswer>;
  close(): Promise<void>;
}

export async function openHttpBench(
  options: Partial<EngineOptions> & { readonly server?: Partial<ServerOptions> } = {},
): Promise<HttpBench> {
  const { server: serverOptions, ...engineOptions } = options;
  const engine = await createEngine({ store: memory(), ...engineOptions });
  const server = await createServer({ port: 0, ...serverOptions, engine });
  const request = async (method: string, path: string, init: RequestInit = {}): Promise<HttpAnswer> => {
    const response = await fetch(`${server.url}${path}`, { method, ...init });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") === true && text !== "";
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };
  return {
    engine,
    server,
    request,
    get: (path, headers = {}) => request("GET", path, { headers }),
    post: (path, body, headers = {}) =>
      request("POST", path, {
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
        headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      }),
    close: async () => {
      await server.close({ graceMs: 1_000 });
      await engine.close({ graceMs: 100 });
    },
  };
}
