/**
 * The stream of a run, on standard error: one line for everything that happened, after it was committed, with the
 * time since the run began.
 */
import type { StepRecord } from "../../core/message/record.js";
import type { Committed, Logger } from "../../index.js";
import { recordText, type Tone } from "../output/record-text.js";
import type { Terminal } from "../output/terminal.js";
import { spanText } from "../output/time-text.js";

/** Of interest to an auditor, not to somebody who watches. */
const HIDDEN: ReadonlySet<StepRecord["type"]> = new Set([
  "audit",
  "data-cleared",
  "decision",
  "delivery-queued",
  "exited",
  "late-result",
  "log",
  "output-ignored",
  "timer-cleared",
]);

export class Progress {
  readonly #startedAtMs = Date.now();
  #instanceId: string | undefined;

  constructor(private readonly terminal: Terminal) {}

  get elapsedMs(): number {
    return Date.now() - this.#startedAtMs;
  }

  /** From here on the commits of this instance are shown. */
  follow(instanceId: string): void {
    this.#instanceId = instanceId;
  }

  show(committed: Committed): void {
    if (committed.snapshot.instanceId !== this.#instanceId) return;
    const atMs = Date.parse(committed.snapshot.updatedAt);
    for (const record of committed.records) {
      if (HIDDEN.has(record.type)) continue;
      const { subject, text, tone } = recordText(record);
      this.line(subject, withDelay(record, text, atMs), tone, atMs - this.#startedAtMs);
    }
  }

  line(subject: string, text: string, tone: Tone = "plain", sinceMs = this.elapsedMs): void {
    const { err } = this.terminal;
    const colour = { plain: (value: string) => value, good: err.green, bad: err.red, quiet: err.dim }[tone];
    this.terminal.note(
      `${err.dim(spanText(sinceMs).padStart(9))}  ${err.bold(subject.padEnd(10))}  ${colour(text)}`,
    );
  }

  /** Warnings and errors as lines of the stream. */
  logger(): Logger {
    return {
      debug: () => {},
      info: () => {},
      warn: (message) => this.line("warning", message),
      error: (message, details) => {
        // The record of an own incident has been shown already.
        const incidentId = details?.incidentId;
        if (typeof incidentId === "string" && incidentId.startsWith(`${this.#instanceId}/`)) return;
        this.line("error", message, "bad");
      },
    };
  }
}

function withDelay(record: StepRecord, text: string, atMs: number): string {
  if (typeof record.dueAt !== "string") return text;
  return `${text} (in ${spanText(Date.parse(record.dueAt) - atMs)})`;
}
