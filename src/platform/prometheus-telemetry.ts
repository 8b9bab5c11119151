/**
 * Telemetry for Prometheus, by prom-client: counts in memory, and their text when it is asked for.
 *
 * 1. It has a registry of its own: two engines in one process do not mix, and nothing global is touched.
 * 2. Labels are bounded: words of the engine, declared routes, and the first values of what comes from outside; the rest is
 *    `other`. Ids of instances and data never become labels.
 * 3. prom-client is loaded when one is made: commands that measure nothing do not pay for it.
 */
import { createRequire } from "node:module";
import { MOST_COUNTED, type Telemetry } from "../ports/telemetry.js";
import { BoundedLabel } from "./metrics/bounded-label.js";
import { BreakerGauges } from "./metrics/breaker-gauges.js";
import { engineMetrics } from "./metrics/engine-metrics.js";

export interface PrometheusTelemetry extends Telemetry {
  /** Of `metricsText`. */
  readonly contentType: string;
  /** All metrics in the text format of Prometheus (0.0.4), with those of the process (`process_*`, `nodejs_*`). */
  metricsText(): Promise<string>;
}

const MOST_CODES = 100;
const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

export function prometheusTelemetry(): PrometheusTelemetry {
  const prometheus = createRequire(import.meta.url)("prom-client") as typeof import("prom-client");
  const registry = new prometheus.Registry();
  prometheus.collectDefaultMetrics({ register: registry });
  const metrics = engineMetrics(prometheus, registry);
  const breakers = new BreakerGauges(metrics.breakers, metrics.breakerOfOrigin);
  const codes = new BoundedLabel(MOST_CODES);
  return {
    contentType: registry.contentType,
    metricsText: () => registry.metrics(),
    now: () => performance.now(),
    command(type, outcome, durationMs) {
      metrics.commands.inc({ type, outcome });
      metrics.commandSeconds.observe({ type }, durationMs / 1_000);
    },
    step: (type, durationMs) => metrics.stepSeconds.observe({ type }, durationMs / 1_000),
    commit(outcome, items, durationMs) {
      metrics.commits.inc({ outcome });
      metrics.commitItems.observe(items);
      metrics.commitSeconds.observe(durationMs / 1_000);
    },
    attempt(channel, purpose, outcome, durationMs) {
      metrics.tries.inc({ channel, purpose, outcome });
      metrics.trySeconds.observe({ channel, purpose }, durationMs / 1_000);
    },
    timerFired: (lagMs) => metrics.timerLag.observe(lagMs / 1_000),
    effectLaunched: (purpose, lagMs) => metrics.outboxLag.observe({ purpose }, lagMs / 1_000),
    incidentsAtStart: (open) => metrics.incidentsOpen.set(Math.min(open, MOST_COUNTED)),
    incidentOpened(code) {
      metrics.incidentsOpened.inc({ code: codes.of(code) });
      metrics.incidentsOpen.inc();
    },
    incidentClosed() {
      metrics.incidentsClosed.inc();
      metrics.incidentsOpen.dec();
    },
    breaker(origin, state) {
      metrics.breakerChanges.inc({ state });
      breakers.change(origin, state);
    },
    request(route, given, status, durationMs) {
      const method = METHODS.has(given) ? given : "other";
      metrics.requests.inc({ route, method, status });
      if (durationMs !== undefined) metrics.requestSeconds.observe({ route, method }, durationMs / 1_000);
    },
    connections: (open) => metrics.connections.set(open),
    streams: (open) => metrics.streams.set(open),
  };
}
