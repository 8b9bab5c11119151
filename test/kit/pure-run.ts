/**
 * Runs a definition on the pure step alone: no store, no clock, no channel. The test says what happens (events, results,
 * timers) and when; after every command the whole run is replayed from its sealed trail and must give the same bytes.
 */
import { expect } from "vitest";
import { FIRST_PREVIOUS_HASH, sealEntry } from "../../src/core/audit/audit-entry.js";
import { type TrailRow, verifyAudit } from "../../src/core/audit/verify-audit.js";
import { readDefinition } from "../../src/core/definition/read-definition.js";
import { formatInstant } from "../../src/core/instant.js";
import { canonicalJson } from "../../src/core/json/canonical-json.js";
import type { Json, JsonObject } from "../../src/core/json/json.js";
import type { Answer, Rejection } from "../../src/core/message/answer.js";
import type { Command, TryResult } from "../../src/core/message/command.js";
import type { DeliverEffect, Effect, TryEffect } from "../../src/core/message/effect.js";
import type { StepRecord } from "../../src/core/message/record.js";
import { compileMachine } from "../../src/core/model/compile-machine.js";
import type { Machine } from "../../src/core/model/machine.js";
import type { Snapshot, Visit } from "../../src/core/model/snapshot.js";
import { replay } from "../../src/core/replay.js";
import { step } from "../../src/core/step/step.js";
import { ajvSchemaCompiler } from "../../src/platform/ajv-schema-compiler.js";
import { sha256 } from "../../src/platform/sha256.js";

const schemas = ajvSchemaCompiler();

/** Reads and compiles a definition; a finding of severity error fails the test. */
export function machineOf(definition: unknown): Machine {
  const read = readDefinition({ document: definition as Json }, { schemas });
  const errors = read.findings.filter((finding) => finding.severity === "error");
  expect(errors).toEqual([]);
  if (read.definition === undefined) throw new Error("The definition has no errors and yet was not given.");
  return compileMachine(read.definition, schemas);
}

type Draft<T> = T extends Command ? Omit<T, "random" | "actor" | "source"> & { actor?: string } : never;

export class PureRun {
  readonly machine: Machine;
  snapshot: Snapshot | undefined;
  nowMs = Date.UTC(2026, 0, 1);
  /** Tries and deliveries that were decided and whose result has not come. */
  readonly tries: (TryEffect & { seq: number })[] = [];
  readonly deliveries: DeliverEffect[] = [];
  readonly timers = new Map<string, number>();
  readonly closedVisits: Visit[] = [];
  records: readonly StepRecord[] = [];
  readonly allRecords: StepRecord[] = [];
  readonly #trail: TrailRow[] = [];
  #commands = 0;

  constructor(definition: unknown) {
    this.machine = machineOf(definition);
  }

  start(data: JsonObject = {}, instanceId = "i1"): Answer {
    return this.accept({ type: "start", instanceId, data, variables: {} });
  }

  send(eventId: string, data: JsonObject = {}, actor = "ada"): Answer {
    return this.accept({ type: "event", eventId, data, variables: {}, actor });
  }

  update(data: JsonObject, variables: JsonObject = {}): Answer {
    return this.accept({ type: "update", data, variables });
  }

  refuse(command: Draft<Command>): Rejection {
    const before = canonicalJson((this.snapshot ?? null) as unknown as Json);
    const result = step(this.machine, this.snapshot, this.#whole(command), this.nowMs);
    if (result.ok) throw new Error(`${command.type} was accepted: ${JSON.stringify(result.answer)}`);
    expect(canonicalJson((this.snapshot ?? null) as unknown as Json)).toBe(before);
    return result.rejection;
  }

  /** The oldest try under way ends so. */
  result(result: TryResult, actionId?: string): Answer {
    const index = this.tries.findIndex((effect) => actionId === undefined || effect.actionId === actionId);
    const [effect] = index < 0 ? [] : this.tries.splice(index, 1);
    if (effect === undefined) throw new Error(`No try of ${actionId ?? "any action"} is under way.`);
    return this.accept({
      type: "actionResult",
      effect: { seq: effect.seq, ordinal: effect.ordinal },
      key: effect.key,
      result,
    });
  }

  succeed(body: Json = {}, actionId?: string): Answer {
    return this.result({ outcome: "completed", response: { status: 200, headers: {}, body } }, actionId);
  }

  fail(code = "ACTION_FAILED", isFinal = false, actionId?: string): Answer {
    return this.result(
      {
        outcome: "failed",
        code,
        message: "it failed",
        isFinal,
        response: { status: isFinal ? 400 : 503, headers: {}, body: null },
      },
      actionId,
    );
  }

  timeOut(actionId?: string): Answer {
    return this.result({ outcome: "timeout", message: "no answer" }, actionId);
  }

  /** Moves time to the next timer and fires it. Returns how long that was. */
  fireNextTimer(): number {
    const [next] = [...this.timers].sort((one, other) => one[1] - other[1]);
    if (next === undefined) throw new Error("No timer is set.");
    const waitedMs = next[1] - this.nowMs;
    this.nowMs = Math.max(this.nowMs, next[1]);
    this.accept({ type: "timer", timerId: next[0] });
    return waitedMs;
  }

  accept(command: Draft<Command>): Answer {
    const whole = this.#whole(command);
    const before = canonicalJson((this.snapshot ?? null) as unknown as Json);
    const previous = this.snapshot;
    const result = step(this.machine, previous, whole, this.nowMs);
    if (!result.ok)
      throw new Error(`${command.type} was refused: ${result.rejection.code} ${result.rejection.message}`);
    expect(canonicalJson((previous ?? null) as unknown as Json)).toBe(before);
    this.snapshot = result.snapshot;
    this.records = result.records;
    this.allRecords.push(...result.records);
    for (const effect of result.effects) this.#follow(effect);
    this.#extendTrail(whole, result.records);
    this.#checkReplay();
    return result.answer;
  }

  get state(): string | undefined {
    return this.snapshot?.tokens[0]?.stateId;
  }

  get status(): string | undefined {
    return this.snapshot?.status;
  }

  get data(): JsonObject {
    return this.snapshot?.data ?? {};
  }

  /** The states visited, in order, the present one included. */
  get path(): string[] {
    return [...this.closedVisits, ...(this.snapshot?.tokens.map((token) => token.visit) ?? [])].map(
      (visit) => visit.state,
    );
  }

  /** The notices to the machine's callback handler, by kind. */
  get notices(): string[] {
    return this.deliveries
      .filter((delivery) => delivery.purpose === "global")
      .map((delivery) => noticeType(delivery.request));
  }

  #whole(command: Draft<Command>): Command {
    this.#commands += 1;
    const random = sha256(`seed ${this.#commands}`).slice(0, 32);
    return { actor: "ada", source: "test", random, ...command } as Command;
  }

  #follow(effect: Effect): void {
    switch (effect.kind) {
      case "try":
        this.tries.push({ ...effect, seq: this.snapshot?.seq ?? 0 });
        break;
      case "deliver":
        this.deliveries.push(effect);
        break;
      case "set-timer":
        this.timers.set(effect.timerId, effect.dueAtMs);
        break;
      case "clear-timer":
        this.timers.delete(effect.timerId);
        break;
      case "end-effect": {
        const index = this.tries.findIndex(
          (candidate) => candidate.seq === effect.seq && candidate.ordinal === effect.ordinal,
        );
        if (index >= 0) this.tries.splice(index, 1);
        break;
      }
      case "visit":
        this.closedVisits.push(effect.visit);
        break;
    }
  }

  #extendTrail(command: Command, records: readonly StepRecord[]): void {
    const seq = this.#trail.length + 1;
    const at = formatInstant(this.nowMs);
    expect(this.snapshot?.seq).toBe(seq);
    const facts = {
      instanceId: "i1",
      seq,
      at,
      stateMachineId: this.machine.stateMachineId,
      version: this.machine.version,
      command,
      records,
    };
    const sealed = sealEntry(facts, this.#trail.at(-1)?.hash ?? FIRST_PREVIOUS_HASH, sha256, () =>
      sha256(`salt ${seq}`),
    );
    this.#trail.push({ instanceId: "i1", seq, at, type: command.type, ...sealed });
  }

  #checkReplay(): void {
    expect(verifyAudit("i1", this.#trail, sha256, this.snapshot?.seq).faults).toEqual([]);
    const replayed = replay(this.machine, this.#trail);
    if (replayed.outcome !== "replayed")
      throw new Error(`The run cannot be replayed: ${JSON.stringify(replayed)}`);
    expect(canonicalJson(replayed.snapshot as unknown as Json)).toBe(
      canonicalJson(this.snapshot as unknown as Json),
    );
  }
}

function noticeType(request: JsonObject): string {
  const payload = request.payload as JsonObject;
  return String(payload.type).replace("statewright.instance.", "");
}
