/** What the engine and this server measure, for Prometheus. */
import { StatewrightError } from "../../core/errors.js";
import type { ServerMetrics } from "../measure-requests.js";
import type { Route } from "../route.js";

export function metricsRoute(metrics: ServerMetrics | undefined): Route {
  return {
    method: "GET",
    path: "/metrics",
    operationId: "getMetrics",
    tag: "service",
    summary: "What the engine and the server measure, in the text format of Prometheus.",
    needs: "observe",
    answers: {
      200: { description: "The metrics.", schema: { type: "string" }, contentType: "text/plain" },
    },
    errors: ["PATH_UNKNOWN"],
    handle: async () => {
      if (metrics === undefined) {
        throw new StatewrightError("PATH_UNKNOWN", "This server measures nothing.", {
          hint: "Give createServer and createEngine the same prometheusTelemetry().",
        });
      }
      return {
        status: 200,
        body: await metrics.metricsText(),
        headers: { "content-type": metrics.contentType },
      };
    },
  };
}
