/**
 * Commands in, answers out: loads an instance, lets the step decide, commits, and answers when the commit is durable.
 *
 * Invariants:
 * 1. Commands of one instance are totally ordered: each begins when the one before it is committed or refused.
 * 2. Nothing is answered, sent or told before its commit.
 * 3. A refused command leaves no trace, also not under its idempotency key.
 * 4. A key that was used before gets its first answer, whatever has happened since.
 */
import { FIRST_PREVIOUS_HASH } from "../core/audit/audit-entry.js";
import { StatewrightError } from "../core/errors.js";
import { parseInstant } from "../core/instant.js";
import type { Answer, Rejection } from "../core/message/answer.js";
import type { Command } from "../core/message/command.js";
import type { Machine } from "../core/model/machine.js";
import type { Snapshot } from "../core/model/snapshot.js";
import { RefusedError } from "../core/refused.js";
import { step } from "../core/step/step.js";
import type { AnswerRow } from "../ports/store.js";
import { type CommandOutcome, NO_TELEMETRY } from "../ports/telemetry.js";
import { awaitedRows, changedAwaits } from "./commit/awaited-rows.js";
import { type Committer, ownershipLost } from "./commit/commit.js";
import { prepareCommit } from "./commit/prepare-commit.js";
import { readAnswer, readSnapshot } from "./commit/stored-rows.js";
import type { Machines } from "./machines.js";
import type { RuntimePorts } from "./runtime-ports.js";
import type { Watchers } from "./watchers.js";

const MAX_CACHED = 1_000;
const MAX_CONFLICTS = 5;

/** A command without its randomness, which the runtime draws. */
export type CommandDraft = Command extends infer C ? (C extends Command ? Omit<C, "random"> : never) : never;

export interface Submission {
  readonly instanceId: string;
  readonly command: CommandDraft;
  /** Of `start` alone: what the instance is to run on. */
  readonly machine?: Machine;
  readonly idempotency?: { readonly key: string; readonly fingerprint: string };
}

export type SubmissionOutcome =
  | { readonly outcome: "accepted"; readonly answer: Answer; readonly isRepeated: boolean }
  | { readonly outcome: "rejected"; readonly rejection: Rejection };

/** Throws `RefusedError` for a command that was rejected. */
export function accepted(outcome: SubmissionOutcome): {
  readonly answer: Answer;
  readonly isRepeated: boolean;
} {
  if (outcome.outcome === "rejected") throw new RefusedError(outcome.rejection);
  return { answer: outcome.answer, isRepeated: outcome.isRepeated };
}

interface Loaded {
  readonly snapshot: Snapshot | undefined;
  readonly headHash: string;
}

export class Instances {
  readonly #cache = new Map<string, Loaded>();
  readonly #lanes = new Map<string, Promise<unknown>>();

  constructor(
    private readonly ports: RuntimePorts,
    private readonly machines: Machines,
    private readonly committer: Committer,
    private readonly watchers: Watchers,
  ) {}

  /** Throws operational errors (`INSTANCE_UNKNOWN`, `IDEMPOTENCY_MISMATCH`, the store's); refusals are outcomes. */
  submit(submission: Submission): Promise<SubmissionOutcome> {
    const before = this.#lanes.get(submission.instanceId) ?? Promise.resolve();
    const mine = before.then(() => this.#submitNow(submission));
    this.#measure(submission.command.type, mine);
    const settled = mine.catch(() => undefined);
    this.#lanes.set(submission.instanceId, settled);
    void settled.then(() => {
      if (this.#lanes.get(submission.instanceId) === settled) this.#lanes.delete(submission.instanceId);
    });
    return mine;
  }

  /** Beside the work, so that what is measured runs as what is not. */
  #measure(type: string, work: Promise<SubmissionOutcome>): void {
    const { telemetry } = this.ports;
    if (telemetry === NO_TELEMETRY) return;
    const beganAt = telemetry.now();
    const tell = (outcome: CommandOutcome) => telemetry.command(type, outcome, telemetry.now() - beganAt);
    work.then(
      (ended) => tell(outcomeOf(ended)),
      () => tell("failed"),
    );
  }

  /** Resolves when no command waits for its turn or its commit. */
  async idle(): Promise<void> {
    while (this.#lanes.size > 0) await Promise.all(this.#lanes.values());
  }

  /** The last committed snapshot. */
  async snapshot(instanceId: string): Promise<Snapshot | undefined> {
    return (await this.#read(instanceId)).snapshot;
  }

  async #submitNow(submission: Submission): Promise<SubmissionOutcome> {
    const repeated = await this.#findAnswer(submission);
    if (repeated !== undefined) return this.#repeat(submission, repeated);
    const command = { ...submission.command, random: this.ports.random.hex(16) } as Command;
    for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts += 1) {
      const outcome = await this.#attempt(submission, command);
      if (outcome !== "conflict") return outcome;
      this.#cache.delete(submission.instanceId);
    }
    throw new StatewrightError(
      "STORE_UNAVAILABLE",
      `Instance "${submission.instanceId}" is being changed by another process all the time.`,
    );
  }

  async #attempt(submission: Submission, command: Command): Promise<SubmissionOutcome | "conflict"> {
    const loaded = await this.#load(submission.instanceId);
    const machine = await this.#machineFor(submission, loaded.snapshot);
    const clockMs = this.ports.clock.now();
    const nowMs = timeFor(loaded.snapshot, clockMs);
    const { telemetry } = this.ports;
    const beganAt = telemetry.now();
    const result = step(machine, loaded.snapshot, command, nowMs);
    telemetry.step(command.type, telemetry.now() - beganAt);
    if (!result.ok) return { outcome: "rejected", rejection: result.rejection };
    const item = prepareCommit(
      {
        ...result,
        command,
        nowMs,
        clockMs,
        previousHash: loaded.headHash,
        // After a migration what is stored was awaited on the version before.
        awaits: isMigration(command)
          ? awaitedRows(machine, result.snapshot, this.ports.sha256)
          : changedAwaits(machine, loaded.snapshot, result.snapshot, this.ports.sha256),
        idempotency: submission.idempotency,
      },
      this.ports,
    );
    const outcome = await this.#commit(submission.instanceId, item);
    switch (outcome.outcome) {
      case "committed":
        this.#remember(submission.instanceId, { snapshot: result.snapshot, headHash: item.audit.hash });
        this.watchers.tell({
          snapshot: result.snapshot,
          command,
          records: result.records,
          effects: result.effects,
        });
        this.ports.faults.reach("answer.before");
        return { outcome: "accepted", answer: result.answer, isRepeated: false };
      case "seq-conflict":
        return "conflict";
      case "answered":
        return this.#repeat(submission, outcome.answer);
      case "gone":
        throw new Error("Broken invariant: a command's commit is no effect that begins.");
      case "fenced":
        throw ownershipLost();
    }
  }

  /** A commit that fails has an unknown outcome: what was read before is not trusted any more. */
  async #commit(instanceId: string, item: ReturnType<typeof prepareCommit>) {
    try {
      return await this.committer.commit(item);
    } catch (error) {
      this.#cache.delete(instanceId);
      throw error;
    }
  }

  async #findAnswer(submission: Submission): Promise<AnswerRow | undefined> {
    if (submission.idempotency === undefined) return undefined;
    const [answer] = await this.ports.store.loadAnswers([
      { instanceId: submission.instanceId, key: submission.idempotency.key },
    ]);
    return answer;
  }

  #repeat(submission: Submission, answer: AnswerRow): SubmissionOutcome {
    if (answer.fingerprint !== submission.idempotency?.fingerprint) {
      throw new StatewrightError(
        "IDEMPOTENCY_MISMATCH",
        `The idempotency key "${answer.key}" was used before for another request to instance "${answer.instanceId}".`,
        {
          hint: "Use a new key for a new request.",
        },
      );
    }
    return { outcome: "accepted", answer: readAnswer(answer), isRepeated: true };
  }

  async #machineFor(submission: Submission, snapshot: Snapshot | undefined): Promise<Machine> {
    const { command } = submission;
    if (snapshot !== undefined) {
      // A migration is the first step on the version that it leads to.
      const version = isMigration(command) ? command.to : snapshot.version;
      return this.machines.load(snapshot.stateMachineId, version);
    }
    if (submission.machine !== undefined) return submission.machine;
    throw new StatewrightError("INSTANCE_UNKNOWN", `There is no instance "${submission.instanceId}".`, {
      hint: "Check the id and the database (--db).",
    });
  }

  /** Only the instance's own lane fills the cache: a reader may be overtaken by a commit. */
  async #load(instanceId: string): Promise<Loaded> {
    const loaded = await this.#read(instanceId);
    if (loaded.snapshot !== undefined) this.#remember(instanceId, loaded);
    return loaded;
  }

  async #read(instanceId: string): Promise<Loaded> {
    const cached = this.#cache.get(instanceId);
    if (cached !== undefined) return cached;
    const [row] = await this.ports.store.loadInstances([instanceId]);
    if (row === undefined) return { snapshot: undefined, headHash: FIRST_PREVIOUS_HASH };
    const [head] = await this.ports.store.loadAudit(instanceId, { afterSeq: row.seq - 1, limit: 1 });
    if (head === undefined)
      throw new StatewrightError("STORE_DAMAGED", `Instance "${instanceId}" has no audit entry ${row.seq}.`, {
        hint: "The database was damaged or changed: restore it from a backup.",
      });
    return { snapshot: readSnapshot(row), headHash: head.hash };
  }

  #remember(instanceId: string, loaded: Loaded): void {
    this.#cache.delete(instanceId);
    this.#cache.set(instanceId, loaded);
    if (this.#cache.size <= MAX_CACHED) return;
    const [oldest] = this.#cache.keys();
    if (oldest !== undefined) this.#cache.delete(oldest);
  }
}

function outcomeOf(ended: SubmissionOutcome): CommandOutcome {
  if (ended.outcome === "rejected") return "rejected";
  return ended.isRepeated ? "repeated" : ended.answer.outcome;
}

function isMigration<C extends Command | CommandDraft>(
  command: C,
): command is Extract<C, { act: "migrate" }> {
  return command.type === "operator" && command.act === "migrate";
}

/** An instance's time never runs backwards, whatever the clock does. */
function timeFor(snapshot: Snapshot | undefined, clockMs: number): number {
  const lastMs = snapshot === undefined ? 0 : (parseInstant(snapshot.updatedAt) ?? 0);
  return Math.max(clockMs, lastMs);
}
