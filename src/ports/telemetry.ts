/**
 * What the engine and its doors say about themselves while they work: numbers for whoever watches them, never the place of
 * record. Implementations return at once, never throw, and keep what they hold bounded whatever they are told.
 */
export interface Telemetry {
  /** Milliseconds, with fractions, of a clock that never runs backwards; only differences mean anything. */
  now(): number;
  /** A command has been answered, or has failed; from its coming, so that its turn and its commit are in it. */
  command(type: string, outcome: CommandOutcome, durationMs: number): void;
  /** A step has decided, before anything of it is written. */
  step(type: string, durationMs: number): void;
  /** A transaction of so many items has ended. */
  commit(outcome: "written" | "failed", items: number, durationMs: number): void;
  /** A try or a delivery has ended, or was let go of when the engine stopped. */
  attempt(channel: string, purpose: AttemptPurpose, outcome: AttemptOutcome, durationMs: number): void;
  /** A timer is fired, so long after it was due. */
  timerFired(lagMs: number): void;
  /** A row of the outbox is taken up, so long after it was due. */
  effectLaunched(purpose: string, lagMs: number): void;
  /** How many incidents were open when the engine began, before any is opened or closed; at most `MOST_COUNTED`. */
  incidentsAtStart(open: number): void;
  incidentOpened(code: string): void;
  incidentClosed(): void;
  /** The circuit breaker of an origin has changed. */
  breaker(origin: string, state: "closed" | "open" | "half-open"): void;
  /** A request was answered; its route as it is declared, `unknown` for a path that is not there. Without a duration where it lasts as long as its reader. */
  request(route: string, method: string, status: number, durationMs: number | undefined): void;
  /** So many connections are open now. */
  connections(open: number): void;
  /** So many streams are open now. */
  streams(open: number): void;
}

/** What the sender was told (`Answer["outcome"]`), or why it was told nothing of the kind. */
export type CommandOutcome =
  | "started"
  | "taken"
  | "updated"
  | "queued"
  | "late"
  | "done"
  /** Its idempotency key had been used before: the first answer. */
  | "repeated"
  | "rejected"
  | "failed";

export type AttemptPurpose = "action" | "global" | "callback";
export type AttemptOutcome = "completed" | "failed" | "timeout" | "abandoned";

export const MOST_COUNTED = 10_000;

export const NO_TELEMETRY: Telemetry = {
  now: () => 0,
  command: () => {},
  step: () => {},
  commit: () => {},
  attempt: () => {},
  timerFired: () => {},
  effectLaunched: () => {},
  incidentsAtStart: () => {},
  incidentOpened: () => {},
  incidentClosed: () => {},
  breaker: () => {},
  request: () => {},
  connections: () => {},
  streams: () => {},
};
