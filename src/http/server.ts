/**
 * The HTTP server: composes contract, routes, gate and limits over one engine, and listens.
 *
 * 1. Everything that a route does goes through the engine; the server keeps nothing of its own.
 * 2. Every answer that is no success is `application/problem+json`; what nobody foresaw is logged whole and told as
 *    `UNEXPECTED` without its message.
 * 3. Nothing of a request is read before host, origin, sender and allowance are checked.
 * 4. `close` turns readiness off, takes no new connections, lets requests under way end within the grace period, and cuts
 *    what is left. The engine is the caller's to close, afterwards.
 */
import type { AddressInfo } from "node:net";
import swagger from "@fastify/swagger";
import { type FastifyInstance, type FastifySchema, fastify } from "fastify";
import { StatewrightError } from "../core/errors.js";
import type { JsonObject } from "../core/json/json.js";
import type { Engine } from "../engine.js";
import type { Logger } from "../index.js";
import { addRoute } from "./add-route.js";
import { addAdmission } from "./admit/add-admission.js";
import type { RateLimit } from "./admit/rate-limits.js";
import { answerClientError, answerProblems } from "./answer/answer-problems.js";
import { KnownPaths } from "./answer/known-paths.js";
import { type Gate, openGate } from "./gate.js";
import { measureRequests, type ServerMetrics } from "./measure-requests.js";
import { OPENAPI, withComponents } from "./openapi.js";
import { MAX_BODY_BYTES, readBody } from "./request/body.js";
import { requestValidator } from "./request/validate-request.js";
import type { Route } from "./route.js";
import { ACT_ROUTES } from "./routes/acts.js";
import { DEFINITION_ROUTES } from "./routes/definitions.js";
import { EVENT_ROUTES } from "./routes/events.js";
import { INBOUND_ROUTES } from "./routes/inbound.js";
import { INCIDENT_ROUTES } from "./routes/incidents.js";
import { INSTANCE_ROUTES } from "./routes/instances.js";
import { metricsRoute } from "./routes/metrics.js";
import { serviceRoutes } from "./routes/service.js";
import { streamRoute } from "./routes/stream.js";

export interface ServerOptions {
  readonly engine: Engine;
  /** 7400 where nothing is said; 0 takes one that is free. */
  readonly port?: number;
  /** 127.0.0.1 where nothing is said. */
  readonly host?: string;
  /** Who may do what; everybody everything where nothing is said, named by the header `Statewright-Actor`. */
  readonly gate?: Gate;
  /** Host names for which the server answers, beside the one it listens on and those of the loopback. */
  readonly hosts?: readonly string[];
  /** Origins of web pages that may change things, beside the server's own. */
  readonly origins?: readonly string[];
  /** For each sender; none where nothing is said. */
  readonly rateLimit?: RateLimit;
  /** How long a request may take to arrive: headers, then the whole. */
  readonly receiveTimeoutMs?: number;
  /** How long a connection may stay open between requests. */
  readonly idleTimeoutMs?: number;
  readonly logger?: Logger;
  /** Where requests are counted and what `GET /metrics` answers: give `prometheusTelemetry()` here and to the engine. */
  readonly metrics?: ServerMetrics;
  /** Further routes of the program that composes. */
  readonly routes?: readonly Route[];
}

export interface HttpServer {
  /** Where it listens, for example `http://127.0.0.1:7400`. */
  readonly url: string;
  /** The OpenAPI 3.1 document. */
  readonly document: JsonObject;
  /** Stops in order; what is not through after the grace period (10 s where nothing is said) is cut. */
  close(options?: { readonly graceMs?: number }): Promise<void>;
}

const DEFAULT_PORT = 7400;
const DEFAULT_HOST = "127.0.0.1";
const DEFAULT_GRACE_MS = 10_000;
const MAX_HEADER_BYTES = 16 * 1024;
/** Callback tokens are the longest. */
const MAX_PARAM_CHARS = 8_192;

/** Resolves when it listens. Throws `ADDRESS_IN_USE` when it cannot. */
export async function createServer(options: ServerOptions): Promise<HttpServer> {
  const closing = new AbortController();
  const server = newFastify(options);
  const routes: readonly Route[] = [
    ...DEFINITION_ROUTES,
    ...INSTANCE_ROUTES,
    ...EVENT_ROUTES,
    ...ACT_ROUTES,
    ...INCIDENT_ROUTES,
    streamRoute((open) => options.metrics?.streams(open)),
    metricsRoute(options.metrics),
    ...INBOUND_ROUTES,
    ...(options.routes ?? []),
    ...serviceRoutes({ isReady: () => !closing.signal.aborted, document: () => document }),
  ];
  const gate = options.gate ?? openGate();
  server.setValidatorCompiler<FastifySchema>(requestValidator);
  // Answers are written as they are: what the schemas of the contract do not name would be lost otherwise.
  server.setSerializerCompiler(() => (value) => JSON.stringify(value));
  readBodies(server);
  if (options.metrics !== undefined) measureRequests(server, options.metrics);
  answerProblems(server, new KnownPaths(routes), gate, options.logger);
  const callOf = await addAdmission(server, {
    gate,
    engine: options.engine,
    rules: { hosts: knownHosts(options), origins: options.origins ?? [] },
    rateLimit: options.rateLimit,
    closing: closing.signal,
  });
  await server.register(swagger, {
    openapi: OPENAPI as never,
    transform: ({ schema, url }) => ({ schema: schema as FastifySchema, url: url.replace("*", ":path") }),
    transformObject: (made) =>
      withComponents(
        ("openapiObject" in made ? made.openapiObject : made.swaggerObject) as unknown as JsonObject,
      ) as never,
  });
  const takesBytes = (route: Route) => route.body?.form === "bytes";
  await server.register(async (scope) => {
    for (const route of routes) if (!takesBytes(route)) addRoute(scope, route, callOf);
  });
  await server.register(async (scope) => {
    scope.addContentTypeParser("*", { parseAs: "buffer" }, (_, bytes, done) => done(null, bytes));
    for (const route of routes) if (takesBytes(route)) addRoute(scope, route, callOf);
  });
  await server.ready();
  const document = server.swagger() as unknown as JsonObject;
  const url = await listen(server, options);
  return {
    url,
    document,
    close: async ({ graceMs = DEFAULT_GRACE_MS } = {}) => {
      closing.abort();
      const cut = setTimeout(() => server.server.closeAllConnections(), graceMs);
      await server.close();
      clearTimeout(cut);
    },
  };
}

function newFastify(options: ServerOptions): FastifyInstance {
  const { receiveTimeoutMs = 30_000, idleTimeoutMs = 10_000 } = options;
  const server = fastify({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: receiveTimeoutMs,
    keepAliveTimeout: idleTimeoutMs,
    forceCloseConnections: "idle",
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    routerOptions: { maxParamLength: MAX_PARAM_CHARS, ignoreTrailingSlash: false },
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: receiveTimeoutMs,
      // How often slow senders are looked for.
      connectionsCheckingInterval: Math.min(1_000, receiveTimeoutMs),
    },
  });
  server.server.maxHeadersCount = 100;
  return server;
}

/** Everything that is not JSON is refused with 415, by there being no parser for it. */
function readBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, bytes, done) => {
    try {
      done(null, readBody(bytes as Buffer, request.routeOptions.config.bodyForm ?? "json"));
    } catch (error) {
      done(error as Error, undefined);
    }
  });
}

function knownHosts({ host = DEFAULT_HOST, hosts = [] }: ServerOptions): readonly string[] {
  const own = host.includes(":") ? `[${host}]` : host;
  return [own, ...hosts].map((name) => name.toLowerCase());
}

async function listen(server: FastifyInstance, options: ServerOptions): Promise<string> {
  const { port = DEFAULT_PORT, host = DEFAULT_HOST } = options;
  try {
    await server.listen({ port, host });
  } catch (error) {
    await server.close();
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "EADDRINUSE" ? "another process listens there" : message;
    throw new StatewrightError("ADDRESS_IN_USE", `The server cannot listen on ${host}:${port}: ${why}.`, {
      hint: "Stop the other process, or choose another port: --port 7401, or --port 0 for one that is free.",
      cause: error,
    });
  }
  const address = server.server.address() as AddressInfo;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `http://${name}:${address.port}`;
}
