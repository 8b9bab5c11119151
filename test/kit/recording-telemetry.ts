import type { AttemptOutcome, AttemptPurpose, CommandOutcome, Telemetry } from "../../src/ports/telemetry.js";

/** Keeps what it is told, in order. */
export class RecordingTelemetry implements Telemetry {
  readonly commands: string[] = [];
  readonly steps: string[] = [];
  readonly commits: number[] = [];
  readonly attempts: string[] = [];
  readonly timerLags: number[] = [];
  readonly launches: { readonly purpose: string; readonly lagMs: number }[] = [];
  readonly incidentCodes: string[] = [];
  readonly breakers: string[] = [];
  incidentsAtStartWere: number | undefined;
  incidentsOpen = 0;
  #ticks = 0;

  /** Each reading is a millisecond after the one before it. */
  now(): number {
    this.#ticks += 1;
    return this.#ticks;
  }

  command(type: string, outcome: CommandOutcome, durationMs: number): void {
    this.commands.push(`${type} ${outcome}${durationMs > 0 ? "" : " in no time"}`);
  }

  step(type: string, durationMs: number): void {
    this.steps.push(`${type}${durationMs > 0 ? "" : " in no time"}`);
  }

  commit(outcome: "written" | "failed", items: number): void {
    if (outcome === "written") this.commits.push(items);
  }

  attempt(channel: string, purpose: AttemptPurpose, outcome: AttemptOutcome): void {
    this.attempts.push(`${channel} ${purpose} ${outcome}`);
  }

  timerFired(lagMs: number): void {
    this.timerLags.push(lagMs);
  }

  effectLaunched(purpose: string, lagMs: number): void {
    this.launches.push({ purpose, lagMs });
  }

  incidentsAtStart(open: number): void {
    this.incidentsAtStartWere = open;
    this.incidentsOpen += open;
  }

  incidentOpened(code: string): void {
    this.incidentCodes.push(code);
    this.incidentsOpen += 1;
  }

  incidentClosed(): void {
    this.incidentsOpen -= 1;
  }

  breaker(origin: string, state: string): void {
    this.breakers.push(`${origin} ${state}`);
  }

  request(): void {}
  connections(): void {}
  streams(): void {}
}
