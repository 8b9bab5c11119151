/** The public names of `statewright/http`: the HTTP API over an engine. */

export type { RateLimit } from "./admit/rate-limits.js";
export {
  type Act,
  type Gate,
  type GateRequest,
  type Need,
  openGate,
  type Principal,
} from "./gate.js";
export type { ServerMetrics } from "./measure-requests.js";
export type { Call, Reply, Route, RouteAnswer } from "./route.js";
export { createServer, type HttpServer, type ServerOptions } from "./server.js";
