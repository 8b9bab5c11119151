/**
 * Follows every instance's trail, entry by entry, as the tables get it.
 *
 * - `seq`: numbers without gaps, one entry each, as many as commits were answered
 * - `chain`: every entry follows from the one before it
 * - `replay`: the step, fed with the entry's command, gives the stored snapshot and the stored outbox and timers
 * - `timer`: a timer fires only when it is set, not before its time, once
 * - `result`: a result that changed the instance is that of a try it waits for, under its key, and the outside did it
 * - `once`: what one sender sent once is in the trail once
 * - `waits`, `tokens`: what the instance waits for is there and the other way round; its tokens are in scopes that are there
 */
import { chainHash, commandOf, openEntry } from "../../../src/core/audit/audit-entry.js";
import { awaitedBy } from "../../../src/core/awaited.js";
import { parseInstant } from "../../../src/core/instant.js";
import { canonicalJson } from "../../../src/core/json/canonical-json.js";
import type { Json, JsonObject } from "../../../src/core/json/json.js";
import type { Command } from "../../../src/core/message/command.js";
import type { Effect } from "../../../src/core/message/effect.js";
import type { Machine } from "../../../src/core/model/machine.js";
import { step } from "../../../src/core/step/step.js";
import { sha256 } from "../../../src/platform/sha256.js";
import type { AuditRow, EffectId, InstanceRow } from "../../../src/ports/store.js";
import type { Ledger } from "../world/ledger.js";
import type { Tables } from "../world/tables.js";
import type { WorkDone } from "../world/work-done.js";
import type { CallbackOracle } from "./callback-oracle.js";
import type { FamilyOracle } from "./family-oracle.js";
import type { MessageOracle } from "./message-oracle.js";
import { newShadow, type Shadow } from "./shadow.js";
import type { SignalOracle } from "./signal-oracle.js";
import { tokenFault } from "./token-oracle.js";
import type { UndoOracle } from "./undo-oracle.js";
import { waitFault } from "./wait-oracle.js";

export type Report = (oracle: string, message: string) => void;

export interface Watched {
  readonly tables: Tables;
  readonly ledger: Ledger;
  readonly work: WorkDone;
  /** The latest that the clock has ever shown. */
  readonly latestMs: () => number;
  /** Since the beginning; never set back. */
  readonly elapsedMs: () => number;
  readonly machineNamed: (stateMachineId: string) => Machine;
}

export class TrailOracle {
  readonly shadows = new Map<string, Shadow>();
  /** By the sender's mark, the step at which it got into the trail. */
  readonly marks = new Map<
    string,
    { readonly instanceId: string; readonly seq: number; readonly atMs: number }
  >();
  /** Every key that a commit ever put into the outbox. */
  readonly committedKeys = new Set<string>();
  /** Notices that were given up: one of them may still be on the network. */
  readonly givenUp = new Set<string>();

  constructor(
    private readonly watched: Watched,
    private readonly family: FamilyOracle,
    private readonly signals: SignalOracle,
    private readonly messages: MessageOracle,
    private readonly callbacks: CallbackOracle,
    private readonly undo: UndoOracle,
    private readonly report: Report,
  ) {}

  /** Looks at one instance after a commit that answered `committed` for it so many times. */
  check(instanceId: string, committed: number): void {
    const shadow = this.shadows.get(instanceId) ?? newShadow();
    this.shadows.set(instanceId, shadow);
    const row = this.watched.tables.instances.load(instanceId);
    const entries = this.watched.tables.audit.load(instanceId, shadow.seq, 1_000);
    const seq = row?.seq ?? 0;
    if (seq - shadow.seq !== committed || entries.length !== committed) {
      this.report(
        "seq",
        `${instanceId} was at seq ${shadow.seq}, ${committed} commits were answered, it is at ${seq} with ${entries.length} new entries.`,
      );
      return;
    }
    for (const entry of entries) this.#follow(shadow, entry);
    if (row !== undefined) this.#compare(shadow, row);
  }

  /** A row of the outbox is over without a command. */
  ended({ instanceId, seq, ordinal }: EffectId): void {
    this.shadows.get(instanceId)?.effects.delete(`${seq}.${ordinal}`);
  }

  /** Instances that wait for the signal, as their trails say. */
  waiting(signal: string): readonly string[] {
    return [...this.shadows].flatMap(([instanceId, { snapshot }]) => {
      if (snapshot === undefined) return [];
      const machine = this.watched.machineNamed(snapshot.stateMachineId);
      return awaitedBy(machine, snapshot).some(({ kind, name }) => kind === "signal" && name === signal)
        ? [instanceId]
        : [];
    });
  }

  #follow(shadow: Shadow, row: AuditRow): void {
    const name = `${row.instanceId}@${row.seq}`;
    if (row.seq !== shadow.seq + 1) this.report("seq", `${name} comes after seq ${shadow.seq}.`);
    if (row.previousHash !== shadow.headHash || chainHash(row.previousHash, row.entry, sha256) !== row.hash)
      this.report("chain", `${name} does not follow from the entry before it.`);
    const { entry } = openEntry(row.entry, row.disclosed);
    const command = commandOf(entry);
    const records = entry.records as readonly JsonObject[];
    this.#checkCommand(shadow, row, command, records);
    shadow.seq = row.seq;
    shadow.headHash = row.hash;
    this.#replay(shadow, row, command, this.watched.machineNamed(String(entry.stateMachineId)), records);
  }

  #replay(
    shadow: Shadow,
    row: AuditRow,
    command: Command,
    machine: Machine,
    records: readonly JsonObject[],
  ): void {
    const result = step(machine, shadow.snapshot, command, parseInstant(row.at) ?? 0);
    if (!result.ok) {
      this.report(
        "replay",
        `${row.instanceId}@${row.seq}: the step refuses the stored command: ${result.rejection.message}`,
      );
      return;
    }
    if (canonicalJson(result.records as unknown as Json) !== canonicalJson(records as unknown as Json))
      this.report("replay", `${row.instanceId}@${row.seq}: the step records something else.`);
    shadow.snapshot = result.snapshot;
    for (const effect of result.effects) this.#keep(shadow, row, effect);
    this.undo.follow(command, records, result);
  }

  #keep(shadow: Shadow, { instanceId, seq }: AuditRow, effect: Effect): void {
    switch (effect.kind) {
      case "try":
      case "deliver":
        shadow.effects.set(`${seq}.${effect.ordinal}`, effect.key);
        this.committedKeys.add(effect.key);
        break;
      case "end-effect":
        shadow.effects.delete(`${effect.seq}.${effect.ordinal}`);
        break;
      case "set-timer":
        shadow.timers.set(effect.timerId, effect.dueAtMs);
        break;
      case "clear-timer":
        shadow.timers.delete(effect.timerId);
        break;
      case "visit":
        if (shadow.closedVisits.has(effect.visit.ordinal))
          this.report("replay", `Visit ${effect.visit.ordinal} was closed twice.`);
        shadow.closedVisits.add(effect.visit.ordinal);
        break;
      case "incident":
        if (effect.incident.closedAt === undefined) this.watched.work.incidents += 1;
        break;
      case "start-child":
      case "cancel-child":
      case "tell-parent":
        shadow.effects.set(`${seq}.${effect.ordinal}`, effect.key);
        this.family.decided({ instanceId, seq, ordinal: effect.ordinal }, effect);
        break;
      case "compensate-child":
      case "tell-compensated":
        shadow.effects.set(`${seq}.${effect.ordinal}`, effect.key);
        break;
      case "broadcast":
        shadow.effects.set(`${seq}.${effect.ordinal}`, effect.key);
        this.signals.decided({ instanceId, seq, ordinal: effect.ordinal }, String(effect.data.ring));
        break;
      case "send-message":
        shadow.effects.set(`${seq}.${effect.ordinal}`, effect.key);
        this.messages.decided({ instanceId, seq, ordinal: effect.ordinal }, effect);
        break;
      default:
        break;
    }
  }

  #checkCommand(shadow: Shadow, row: AuditRow, command: Command, records: readonly JsonObject[]): void {
    const name = `${row.instanceId}@${row.seq}`;
    switch (command.type) {
      case "timer": {
        const fired = records.find((record) => record.type === "timer-fired");
        if (fired === undefined || fired.isStale === true) return;
        const dueAtMs = shadow.timers.get(command.timerId);
        this.watched.work.timersFired += 1;
        if (dueAtMs === undefined)
          this.report("timer", `${name}: "${command.timerId}" fires without being set.`);
        else if (dueAtMs > this.watched.latestMs())
          this.report("timer", `${name}: "${command.timerId}" fires before its time.`);
        return;
      }
      case "actionResult": {
        if (records.some((record) => record.type === "late-result")) {
          this.watched.work.lateResults += 1;
          return;
        }
        const key = shadow.effects.get(`${command.effect.seq}.${command.effect.ordinal}`);
        if (key !== command.key)
          this.report(
            "result",
            `${name}: a result under ${command.key} was taken for ${key ?? "a try that had ended"}.`,
          );
        if (command.result.outcome === "completed" && !this.watched.ledger.appliedKeys.has(command.key))
          this.report("result", `${name}: ${command.key} counts as done, and the outside never did it.`);
        return;
      }
      case "start":
        this.family.began(command);
        if (command.at !== undefined) this.signals.began("echo", String(command.data.ring));
        if (command.actor === "system") return;
        this.#mark(row, command.actor, command.at === undefined);
        return;
      case "event":
      case "update":
      case "operator":
        if (command.actor !== "system") this.#mark(row, command.actor, true);
        else if (command.type === "event") this.#message(row, String(command.data.from));
        return;
      case "signal":
        this.watched.work.signals += 1;
        this.signals.took(row.instanceId, String(command.data.ring));
        return;
      case "callback":
        this.callbacks.took(row, command, records);
        return;
      case "childDone":
        this.family.told(row.instanceId, command, records);
        return;
      case "deliveryFailed":
        this.messages.givenUp({ instanceId: row.instanceId, ...command.effect });
        this.givenUp.add(`${row.instanceId}/${command.effect.seq}.${command.effect.ordinal}`);
        return;
    }
  }

  #message({ instanceId }: AuditRow, from: string): void {
    this.watched.work.messages += 1;
    this.messages.arrived(instanceId, from);
  }

  #mark({ instanceId, seq }: AuditRow, mark: string, isOnce: boolean): void {
    const before = this.marks.get(mark);
    if (before !== undefined && isOnce)
      this.report(
        "once",
        `${instanceId}@${seq}: what ${mark} sent is in ${before.instanceId}@${before.seq} already.`,
      );
    this.marks.set(mark, { instanceId, seq, atMs: this.watched.elapsedMs() });
  }

  #compare(shadow: Shadow, row: InstanceRow): void {
    const name = `${row.instanceId}@${row.seq}`;
    const { tables } = this.watched;
    if (shadow.snapshot === undefined) return;
    if (canonicalJson(shadow.snapshot as unknown as Json) !== row.snapshot)
      this.report("replay", `${name}: the trail does not give the stored snapshot.`);
    const effects = tables.effects.load(row.instanceId);
    const timers = tables.timers.load(row.instanceId);
    const history = tables.history.load(row.instanceId, -1, 1_000);
    if (history.length !== shadow.closedVisits.size)
      this.report(
        "replay",
        `${name}: ${history.length} closed visits are stored, ${shadow.closedVisits.size} were made.`,
      );
    const rows = effects.map(({ seq, ordinal }) => `${seq}.${ordinal}`);
    const lost = [...shadow.effects.keys()].find((place) => !rows.includes(place));
    if (lost !== undefined)
      this.report("waits", `${name}: outbox row ${lost} is not there, and was not done.`);
    const fault = waitFault(shadow.snapshot, effects, timers);
    if (fault !== undefined) this.report("waits", `${name}: ${fault}`);
    const tokens = tokenFault(this.watched.machineNamed(row.stateMachineId), shadow.snapshot);
    if (tokens !== undefined) this.report("tokens", `${name}: ${tokens}`);
  }
}
