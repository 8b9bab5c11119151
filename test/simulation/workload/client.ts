/**
 * A client: sends what was planned for one instance, in order; sends again, under the same key, what nobody answered.
 * It is never told more than the network lets through, and notes what the engine said before the network can lose it.
 *
 * Invariants:
 * 1. A command without a key is sent once: nobody knows what became of it, and nobody asks again.
 * 2. A command with a key is sent until an answer or a refusal has come.
 * 3. A key that was answered and comes with another request is refused as such, whatever has happened since.
 */

import { StatewrightError } from "../../../src/core/errors.js";
import type { Answer } from "../../../src/core/message/answer.js";
import { RefusedError } from "../../../src/core/refused.js";
import type { Engine } from "../../../src/engine.js";
import type { Sending } from "../oracles/answer-oracle.js";
import type { Owner } from "../world/seeded-scheduler.js";
import type { World } from "../world/world.js";
import type { InstancePlan, PlannedCommand } from "./plan.js";

const PATIENCE_MS = 20_000;
const PAUSES_MS = [500, 4_000, 30_000] as const;
/** What a client may be told when the engine cannot say what happened, or is not there. */
const TRY_AGAIN = new Set(["STORE_UNAVAILABLE", "STORE_LOCKED", "ENGINE_STOPPED"]);

type Heard = { readonly answer: Answer } | "refused" | "nothing";
type Sent = PlannedCommand & {
  readonly sending: Sending;
  readonly expectedSeq: number | undefined;
  readonly isMisuse?: boolean;
};

export class Client implements Owner {
  readonly name: string;
  readonly pausedUntilMs = 0;
  isDone = false;
  #lastSeq = 0;

  constructor(
    private readonly plan: InstancePlan,
    private readonly world: World,
  ) {
    this.name = `client-of-${plan.instanceId}`;
  }

  async run(): Promise<void> {
    for (const [index, command] of this.plan.commands.entries()) {
      await this.#wait(command.delayMs, `means to send ${command.eventId ?? command.kind}`);
      const instanceId = command.isForChild ? this.#firstChild() : this.plan.instanceId;
      if (instanceId === undefined) continue;
      const mark = `${this.plan.instanceId}-${index}-${command.eventId ?? command.kind}`;
      const sending = { instanceId, mark, key: command.hasKey ? mark : undefined };
      const expectedSeq = command.isConditional ? this.#lastSeq : undefined;
      const copies = command.hasKey ? command.copies : 1;
      const sent = { ...command, sending, expectedSeq };
      const heard = await Promise.all(Array.from({ length: copies }, () => this.#insist(sent)));
      if (command.hasKey && command.isMisused && heard.every((one) => typeof one === "object"))
        await this.#misuse(sent);
    }
    this.isDone = true;
  }

  #firstChild(): string | undefined {
    return this.world.tables.instances.list({ parentId: this.plan.instanceId, limit: 1 })[0]?.instanceId;
  }

  async #insist(command: Sent): Promise<Heard> {
    for (;;) {
      const heard = await this.#ask(command);
      if (typeof heard === "object") this.#lastSeq = Math.max(this.#lastSeq, heard.answer.seq);
      if (heard !== "nothing" || !command.hasKey) return heard;
      await this.#wait(this.world.travel.pick(PAUSES_MS), `means to send ${command.sending.mark} again`);
    }
  }

  /** The same key with another body. */
  async #misuse(command: Sent): Promise<void> {
    if (command.kind !== "event" && command.kind !== "update" && command.kind !== "start") return;
    const { sending } = command;
    const changed = { ...command, data: { ...command.data, misused: true }, isMisuse: true };
    await this.#insist({ ...changed, sending: { ...sending, mark: `${sending.mark}-misused` } });
  }

  /** Asks whoever answers at the address now: the owner, or one that was taken over and does not know. */
  #ask(command: Sent): Promise<Heard> {
    const { world } = this;
    const { owner, zombies, travel } = world;
    const process = zombies[0] !== undefined && travel.chance(0.3) ? zombies[0] : owner;
    const engine = process?.engine;
    if (process === undefined || engine === undefined) return Promise.resolve("nothing");
    const sentAtMs = world.scheduler.elapsedMs;
    return new Promise((resolve) => {
      const hear = (heard: Heard): void => {
        const isLost = travel.chance(world.mix.clientAnswerLost);
        world.scheduler.ready(this, isLost ? "misses the answer" : `hears of ${command.sending.mark}`, () => {
          if (!isLost) resolve(heard);
        });
      };
      world.scheduler.after(this, PATIENCE_MS, `waits no longer for ${command.sending.mark}`, () =>
        resolve("nothing"),
      );
      this.#request(engine, command).then(
        ({ answer, isRepeated }) => {
          if (!process.isAlive) return;
          this.#noteAnswer(command, answer, isRepeated);
          hear({ answer });
        },
        (error: unknown) => {
          if (process.isAlive) hear(this.#noteError(command, error, sentAtMs));
        },
      );
    });
  }

  async #request(
    engine: Engine,
    command: Sent,
  ): Promise<{ readonly answer: Answer; readonly isRepeated: boolean }> {
    const { kind, eventId, data, sending, expectedSeq } = command;
    const shared = {
      actor: sending.mark,
      ...(sending.key === undefined ? {} : { idempotencyKey: sending.key }),
    };
    switch (kind) {
      case "start":
        return engine.start(this.plan.machineId, { data, instanceId: sending.instanceId, ...shared });
      case "event":
      case "update":
        return engine.send(sending.instanceId, kind === "event" ? eventId : undefined, {
          data,
          ...shared,
          ...(expectedSeq === undefined ? {} : { expectedSeq }),
        });
      case "cancel":
      case "suspend":
      case "resume":
      case "retry":
      case "skip": {
        const answer = await engine[kind](sending.instanceId, { reason: "the client wants it", ...shared });
        const isRepeated = this.world.oracles.answers.acknowledged.has(sending.mark);
        return { answer, isRepeated };
      }
      case "signal": {
        const { oracles } = this.world;
        const ring = String(data.ring);
        const waiting = oracles.signals.waiting(ring);
        await engine.signal(eventId ?? "", { data, ...shared });
        oracles.signals.broadcast(ring, waiting);
        return { answer: { outcome: "done", seq: 0 }, isRepeated: false };
      }
    }
  }

  #noteAnswer(command: Sent, answer: Answer, isRepeated: boolean): void {
    const { work, oracles, scheduler } = this.world;
    if (command.isMisuse === true) {
      oracles.report("mismatch", `${command.sending.mark} was answered: ${answer.outcome} @${answer.seq}.`);
      return;
    }
    if (command.kind === "signal") work.broadcasts += 1;
    if (isRepeated) work.repeated += 1;
    else work.acknowledged += 1;
    scheduler.note(`${command.sending.mark} is answered: ${answer.outcome} @${answer.seq}`);
    if (command.kind !== "signal") oracles.told(command.sending, answer);
  }

  #noteError(command: Sent, error: unknown, sentAtMs: number): Heard {
    const { work, oracles, scheduler } = this.world;
    if (error instanceof StatewrightError && TRY_AGAIN.has(error.code)) return "nothing";
    if (command.isMisuse === true) {
      const isMismatch = error instanceof StatewrightError && error.code === "IDEMPOTENCY_MISMATCH";
      if (isMismatch) work.mismatches += 1;
      else oracles.report("mismatch", `${command.sending.mark} was told: ${String(error)}`);
      return "refused";
    }
    const isRefusal =
      error instanceof RefusedError ||
      (error instanceof StatewrightError && error.code === "INSTANCE_UNKNOWN");
    if (!isRefusal) {
      oracles.report("errors", `${command.sending.mark} was told: ${String(error)}`);
      return "nothing";
    }
    // One that was taken over, and does not know, says what it remembers.
    if (command.kind === "resume" && this.#isSuspended(command.sending.instanceId)) return "nothing";
    work.refused += 1;
    scheduler.note(`${command.sending.mark} is refused: ${error.code}`);
    oracles.refused(command.sending, error.code, sentAtMs);
    return "refused";
  }

  #isSuspended(instanceId: string): boolean {
    return this.world.tables.instances.load(instanceId)?.snapshot.includes('"suspension"') === true;
  }

  #wait(delayMs: number, label: string): Promise<void> {
    return new Promise((resolve) => {
      this.world.scheduler.after(this, delayMs, label, resolve);
    });
  }
}
