/**
 * Drives one instance along a command line: starts it or goes on with it, sends each event and update once everything
 * before it is settled, and says how it ended.
 *
 * Invariants:
 * 1. Item n is sent under the idempotency key `run/n`: however often the line is given, it acts once.
 * 2. Nothing is sent to an instance that this line has brought to a stop: what follows was meant for somewhere else.
 * 3. An instance that had ended before the run is not touched.
 */
import { openEntry } from "../../core/audit/audit-entry.js";
import { currentStates } from "../../core/current-states.js";
import { StatewrightError } from "../../core/errors.js";
import { isJsonObject, type JsonObject } from "../../core/json/json.js";
import type { Answer, Rejection } from "../../core/message/answer.js";
import type { Machine } from "../../core/model/machine.js";
import type { Snapshot } from "../../core/model/snapshot.js";
import { RefusedError } from "../../core/refused.js";
import type { Engine } from "../../index.js";
import type { LineItem } from "./line-items.js";
import type { Progress } from "./progress.js";
import { earliestTimer, isTimerAlone, type Waits, waitsOfFamily } from "./waits.js";

export interface RunRequest {
  readonly definition: { readonly text: string; readonly stateMachineId: string };
  /** Chosen on the line; absent for a new instance under a random id. */
  readonly instanceId: string | undefined;
  readonly data: JsonObject;
  readonly items: readonly LineItem[];
  readonly until: "settled" | "done";
  readonly deadlineMs: number;
  readonly actor: string;
  readonly groups: readonly string[];
}

export type RunEnding =
  | { readonly kind: "ended" | "settled" | "suspended" | "timed-out" }
  | { readonly kind: "waiting"; readonly waits: Waits }
  | { readonly kind: "refused"; readonly error: RefusedError };

const SOURCE = "cli";

export class InstanceRun {
  #instanceId: string | undefined;
  /** An operator's correction: the instance was held before this line said anything new. */
  #mayCorrect = false;

  constructor(
    private readonly engine: Engine,
    private readonly request: RunRequest,
    private readonly progress: Progress,
    private readonly machineOf: (snapshot: Snapshot) => Promise<Machine>,
  ) {}

  /** The instance, once it is known to be there. */
  get instanceId(): string | undefined {
    return this.#instanceId;
  }

  /** Throws operational errors; a refusal is an ending. */
  async run(): Promise<RunEnding> {
    try {
      const instanceId = await this.#open();
      return (await this.#sendItems(instanceId)) ?? (await this.#awaitEnd(instanceId));
    } catch (error) {
      if (error instanceof RefusedError) return { kind: "refused", error };
      throw error;
    }
  }

  async #open(): Promise<string> {
    const { definition, instanceId, data, actor } = this.request;
    const present = instanceId === undefined ? undefined : await this.engine.snapshot(instanceId);
    if (present !== undefined) return this.#goOnWith(present);
    const published = await this.engine.publish(definition.text, { author: actor });
    if (instanceId !== undefined) this.progress.follow(instanceId);
    const started = await this.engine.start(published.stateMachineId, {
      version: published.version,
      // A new id is drawn here, so that the stream knows it before the first commit.
      instanceId: instanceId ?? this.#newId(),
      data,
      actor,
      source: SOURCE,
    });
    this.#instanceId = started.instanceId;
    return started.instanceId;
  }

  #newId(): string {
    const instanceId = crypto.randomUUID();
    this.progress.follow(instanceId);
    return instanceId;
  }

  async #goOnWith(present: Snapshot): Promise<string> {
    const { definition, actor } = this.request;
    const { instanceId, stateMachineId, version } = present;
    if (stateMachineId !== definition.stateMachineId) {
      throw new StatewrightError(
        "INSTANCE_EXISTS",
        `Instance "${instanceId}" is one of "${stateMachineId}", not of "${definition.stateMachineId}".`,
        { hint: "Choose another --instance, or name the definition that the instance belongs to." },
      );
    }
    this.#instanceId = instanceId;
    this.progress.follow(instanceId);
    if (hasEnded(present)) {
      this.progress.line("instance", `${instanceId} has ended before: ${present.status}`, "quiet");
      return instanceId;
    }
    const published = await this.engine.publish(definition.text, { author: actor });
    const stays = published.version === version ? "" : `; it stays on version ${version}`;
    this.progress.line("instance", `${instanceId} goes on in ${stateNames(present)}${stays}`, "quiet");
    this.#mayCorrect = present.status === "suspended";
    return instanceId;
  }

  /** `undefined` when every item was sent and nothing stands in the way of going on. */
  async #sendItems(instanceId: string): Promise<RunEnding | undefined> {
    const before = await this.engine.snapshot(instanceId);
    if (before !== undefined && hasEnded(before)) return { kind: "ended" };
    for (const item of this.request.items) {
      const stable = await this.#awaitStable(instanceId);
      if (stable === undefined) return { kind: "timed-out" };
      if (stable.status === "suspended" && !this.#mayCorrect) return this.#stop({ kind: "suspended" }, item);
      if (stable.status === "error" || stable.status === "cancelled")
        return this.#stop({ kind: "ended" }, item);
      const ending = await this.#send(instanceId, item);
      if (ending !== undefined) return ending;
    }
    return undefined;
  }

  #stop(ending: RunEnding, item: LineItem): RunEnding {
    const unsent = this.request.items.slice(item.place).map(({ name }) => name);
    this.progress.line("not sent", unsent.join(", "), "bad");
    return ending;
  }

  async #send(instanceId: string, item: LineItem): Promise<RunEnding | undefined> {
    const { actor } = this.request;
    const { answer, isRepeated } = await this.#submit(instanceId, item, actor);
    if (!isRepeated) this.#mayCorrect = false;
    const again = isRepeated ? ", answered before: " : ": ";
    const tone = isRepeated ? "quiet" : "plain";
    this.progress.line("sent", `${item.name}${again}${answerText(answer)}`, tone);
    if (answer.outcome !== "queued") return undefined;
    if ((await this.#awaitStable(instanceId)) === undefined) return { kind: "timed-out" };
    const rejection = await this.#findDiscard(instanceId, answer.seq);
    return rejection === undefined ? undefined : { kind: "refused", error: new RefusedError(rejection) };
  }

  async #submit(instanceId: string, item: LineItem, actor: string) {
    try {
      return await this.engine.send(instanceId, item.eventId, {
        data: item.data,
        actor,
        groups: this.request.groups,
        source: SOURCE,
        idempotencyKey: `run/${item.place}`,
      });
    } catch (error) {
      if (!(error instanceof StatewrightError) || error.code !== "IDEMPOTENCY_MISMATCH") throw error;
      throw new StatewrightError(
        "IDEMPOTENCY_MISMATCH",
        `The ${item.name} at place ${item.place} of the line is not what was sent at this place before.`,
        { hint: "Give the same line, as the same actor; what is new belongs at its end.", cause: error },
      );
    }
  }

  /** A kept event that was not enabled when its turn came: the trail says so. */
  async #findDiscard(instanceId: string, keptAtSeq: number): Promise<Rejection | undefined> {
    for (const row of await this.engine.audit(instanceId)) {
      if (row.seq <= keptAtSeq) continue;
      const records = openEntry(row.entry, row.disclosed).entry.records;
      for (const record of Array.isArray(records) ? records : []) {
        if (!isJsonObject(record) || record.type !== "event-discarded" || record.keptAtSeq !== keptAtSeq)
          continue;
        return { code: record.code as Rejection["code"], message: String(record.message) };
      }
    }
    return undefined;
  }

  async #awaitEnd(instanceId: string): Promise<RunEnding> {
    for (;;) {
      const stable = await this.#awaitStable(instanceId);
      if (stable === undefined) return { kind: "timed-out" };
      if (hasEnded(stable)) return { kind: "ended" };
      if (stable.status === "suspended") return { kind: "suspended" };
      if (this.request.until === "settled") return { kind: "settled" };
      const read = (id: string) => this.engine.snapshot(id);
      const waits = await waitsOfFamily(stable, this.machineOf, read);
      const timer = earliestTimer(waits);
      const isDueInTime = timer !== undefined && timer.dueAtMs < this.request.deadlineMs;
      if (!isTimerAlone(waits) || !isDueInTime) return { kind: "waiting", waits };
      await this.#awaitTimer(timer.childId ?? instanceId, timer.dueAtMs);
      if (Date.now() >= this.request.deadlineMs) return { kind: "timed-out" };
    }
  }

  /** A timer that has fired is gone, and one that is set again has a later time. */
  async #awaitTimer(instanceId: string, dueAtMs: number): Promise<void> {
    const hasTimer = ({ tokens }: Snapshot) =>
      tokens.some(({ timers }) => timers.some(({ dueAt }) => Date.parse(dueAt) === dueAtMs));
    await this.#await(instanceId, (snapshot) => !hasTimer(snapshot));
  }

  /** Ended instances count as stable while their last actions run: nothing can change their outcome. */
  #awaitStable(instanceId: string): Promise<Snapshot | undefined> {
    const timeoutMs = Math.max(0, this.request.deadlineMs - Date.now());
    return this.engine.waitSettled(instanceId, timeoutMs, hasEnded);
  }

  #await(instanceId: string, condition: (snapshot: Snapshot) => boolean): Promise<Snapshot | undefined> {
    return this.engine.waitUntil(instanceId, condition, Math.max(0, this.request.deadlineMs - Date.now()));
  }
}

export function hasEnded({ status }: { readonly status: Snapshot["status"] }): boolean {
  return status === "completed" || status === "error" || status === "cancelled";
}

function stateNames(snapshot: Snapshot): string {
  return currentStates(snapshot)
    .map((stateId) => `"${stateId}"`)
    .join(", ");
}

function answerText(answer: Answer): string {
  switch (answer.outcome) {
    case "started":
      return `started in "${answer.to}"`;
    case "taken":
      return `${answer.transitionId} taken`;
    case "queued":
      return "kept until the actions under way are done";
    case "updated": {
      const blocked = (answer.blocked ?? []).map(
        ({ transitionId, violations }) =>
          `${transitionId} waits for ${violations.map(({ message }) => message).join(", ")}`,
      );
      return blocked.length === 0 ? "data taken" : `data taken; ${blocked.join("; ")}`;
    }
    case "late":
      return answer.message;
    case "done":
      return "done";
  }
}
