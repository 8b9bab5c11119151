/** Counts what goes on at the server's end: requests by their routes, answered or left by their senders, and connections. */
import type { FastifyInstance } from "fastify";
import type { PrometheusTelemetry } from "../index.js";

/** What a server tells, and where `GET /metrics` gets its text. */
export type ServerMetrics = Pick<
  PrometheusTelemetry,
  "request" | "connections" | "streams" | "contentType" | "metricsText"
>;

/** Its answers last as long as their readers. */
const STREAM = "/v1/stream";
/** As nginx has it: the sender went away before there was an answer. */
const GONE = 499;

export function measureRequests(server: FastifyInstance, metrics: ServerMetrics): void {
  server.addHook("onRequest", (request, reply, done) => {
    const beganAt = performance.now();
    // Also when the sender has gone away, which Fastify's own hook does not tell.
    reply.raw.once("close", () => {
      const route = request.is404 ? "unknown" : (request.routeOptions.url ?? "unknown");
      const status = reply.raw.headersSent ? reply.raw.statusCode : GONE;
      const durationMs = performance.now() - beganAt;
      metrics.request(route, request.method, status, route === STREAM ? undefined : durationMs);
    });
    done();
  });
  let open = 0;
  server.server.on("connection", (socket) => {
    open += 1;
    metrics.connections(open);
    socket.once("close", () => {
      open -= 1;
      metrics.connections(open);
    });
  });
}
