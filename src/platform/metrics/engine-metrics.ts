/** The metrics of the engine and its doors: names, labels and buckets, as `docs/reference/metrics.md` lists them. */
import type * as Prometheus from "prom-client";

/** Seconds: from what takes no waiting to what waits for a disk or the outside. */
const WORK_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const STEP_SECONDS = [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.01, 0.1, 1];
const COMMIT_SECONDS = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
/** What was due while nothing ran is late by hours. */
const LAG_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 300, 3600, 86_400];
/** Up to the largest group. */
const GROUP_ITEMS = [1, 2, 4, 8, 16, 32, 64, 128, 256];

type Module = Pick<typeof Prometheus, "Counter" | "Gauge" | "Histogram">;

export function engineMetrics({ Counter, Gauge, Histogram }: Module, registry: Prometheus.Registry) {
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter<L>({ name: `statewright_${name}`, help, labelNames: [...labelNames], registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Gauge<L>({ name: `statewright_${name}`, help, labelNames: [...labelNames], registers });
  const histogram = <L extends string>(
    name: string,
    help: string,
    buckets: readonly number[],
    labelNames: readonly L[] = [],
  ) =>
    new Histogram<L>({
      name: `statewright_${name}`,
      help,
      buckets: [...buckets],
      labelNames: [...labelNames],
      registers,
    });
  return {
    commands: counter("commands_total", "Commands by type and by how they ended.", ["type", "outcome"]),
    commandSeconds: histogram(
      "command_duration_seconds",
      "From a command's coming to its answer, its turn and its commit included.",
      WORK_SECONDS,
      ["type"],
    ),
    stepSeconds: histogram(
      "step_duration_seconds",
      "What deciding takes, without the database.",
      STEP_SECONDS,
      ["type"],
    ),
    commits: counter("commits_total", "Transactions, written or failed.", ["outcome"]),
    commitSeconds: histogram("commit_duration_seconds", "What a transaction takes.", COMMIT_SECONDS),
    commitItems: histogram("commit_group_size", "Commands and deliveries in a transaction.", GROUP_ITEMS),
    tries: counter("tries_total", "Tries and deliveries by channel, purpose and outcome.", [
      "channel",
      "purpose",
      "outcome",
    ]),
    trySeconds: histogram("try_duration_seconds", "What a try or a delivery takes.", WORK_SECONDS, [
      "channel",
      "purpose",
    ]),
    timerLag: histogram("timer_lag_seconds", "How late timers fire.", LAG_SECONDS),
    outboxLag: histogram("outbox_lag_seconds", "How late rows of the outbox are taken up.", LAG_SECONDS, [
      "purpose",
    ]),
    incidentsOpened: counter("incidents_opened_total", "Incidents that were opened, by code.", ["code"]),
    incidentsClosed: counter("incidents_closed_total", "Incidents that were closed."),
    incidentsOpen: gauge(
      "incidents_open",
      "Incidents that are open; at the start at most 10,000 are counted.",
    ),
    breakerChanges: counter(
      "circuit_breaker_changes_total",
      "Changes of circuit breakers, by what they became.",
      ["state"],
    ),
    breakers: gauge("circuit_breakers", "Origins that are spared (open) or looked at again (half-open).", [
      "state",
    ]),
    breakerOfOrigin: gauge(
      "circuit_breaker_state",
      "1 for an origin that is spared, 0.5 for one that is looked at again; the first 100 of them.",
      ["origin"],
    ),
    requests: counter("http_requests_total", "HTTP requests by route, method and status.", [
      "route",
      "method",
      "status",
    ]),
    requestSeconds: histogram(
      "http_request_duration_seconds",
      "From a request's coming to the end of its answer; streams are left out.",
      WORK_SECONDS,
      ["route", "method"],
    ),
    connections: gauge("http_connections_open", "Connections that are open."),
    streams: gauge("http_streams_open", "Readers of the stream of events."),
  };
}
