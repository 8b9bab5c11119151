/**
 * Waiting for an instance: for any condition on its snapshot, or for a status, a state and rest.
 *
 * Invariants:
 * 1. The present snapshot counts, and every commit after it; a commit that comes between the look and the wait is not missed.
 * 2. A wait ends by itself: with its snapshot, when its time is up, or when the engine stops.
 * 3. An instance is at rest when its children are too; one that commits while they are looked at is looked at again.
 * 4. What can never come is not waited for: an ended instance changes its status and state no more.
 */

import { currentStates } from "../../core/current-states.js";
import { StatewrightError } from "../../core/errors.js";
import type { InstanceStatus, Snapshot } from "../../core/model/snapshot.js";
import { isSettled } from "../../core/settled.js";
import type { Clock } from "../../ports/clock.js";
import type { WaitRequest } from "../requests.js";
import type { Committed } from "../watchers.js";
import { Changes } from "./changes.js";
import { lookAtFamily } from "./family-rest.js";

export const DEFAULT_WAIT_MS = 30_000;

export type WaitOutcome = Snapshot | "time-up" | "stopped";

interface WaitSources {
  readonly clock: Clock;
  readonly watch: (watcher: (committed: Committed) => void) => () => void;
  readonly snapshot: (instanceId: string) => Promise<Snapshot | undefined>;
}

export class Waits {
  readonly #open = new Set<() => void>();
  #isStopped = false;

  constructor(private readonly sources: WaitSources) {}

  /** The first committed snapshot, the present one included, that satisfies the condition. `Infinity` waits without end. */
  until(
    instanceId: string,
    condition: (snapshot: Snapshot) => boolean,
    timeoutMs: number,
  ): Promise<WaitOutcome> {
    const { watch, snapshot } = this.sources;
    return this.#limit(timeoutMs, async (end, over) => {
      const endWatch = watch((committed) => {
        if (committed.snapshot.instanceId === instanceId && condition(committed.snapshot)) {
          end(committed.snapshot);
        }
      });
      try {
        const present = await snapshot(instanceId);
        if (present !== undefined && condition(present)) end(present);
        await over;
      } finally {
        endWatch();
      }
    });
  }

  /**
   * A snapshot that satisfies the condition while the instance and all its children are at rest, or the first one that is
   * seen to be `enough` whatever moves.
   */
  untilAtRest(
    instanceId: string,
    condition: (snapshot: Snapshot) => boolean,
    isEnough: (snapshot: Snapshot) => boolean,
    timeoutMs: number,
  ): Promise<WaitOutcome> {
    const { watch, snapshot } = this.sources;
    return this.#limit(timeoutMs, async (end, over) => {
      let latest: Snapshot | undefined;
      const changes = new Changes(watch, (committed) => {
        if (committed.instanceId !== instanceId) return;
        latest = committed;
        if (isEnough(committed) || (condition(committed) && isSettled(committed))) end(committed);
      });
      try {
        for (let isOver = false; !isOver; ) {
          changes.forget();
          const present: Snapshot | undefined = latest ?? (await snapshot(instanceId));
          if (present !== undefined && isEnough(present)) return end(present);
          const rest =
            present !== undefined && condition(present)
              ? await lookAtFamily(present, snapshot)
              : { isAtRest: false, decisive: new Set([instanceId]) };
          if (present !== undefined && rest.isAtRest && !changes.has(rest.decisive)) return end(present);
          isOver = await Promise.race([over.then(() => true), changes.next(rest.decisive).then(() => false)]);
        }
      } finally {
        changes.end();
      }
    });
  }

  /** Runs the work until it calls `end`, the time is up, or the engine stops; `over` is settled then. */
  async #limit(
    timeoutMs: number,
    work: (end: (outcome: WaitOutcome) => void, over: Promise<WaitOutcome>) => Promise<void>,
  ): Promise<WaitOutcome> {
    if (this.#isStopped) return "stopped";
    const { clock } = this.sources;
    let end: (outcome: WaitOutcome) => void = () => {};
    const over = new Promise<WaitOutcome>((resolve) => {
      end = resolve;
    });
    const stop = () => end("stopped");
    this.#open.add(stop);
    const cancelTimer = Number.isFinite(timeoutMs)
      ? clock.wakeAt(clock.now() + timeoutMs, () => end("time-up"))
      : () => {};
    try {
      await work(end, over);
      return await over;
    } finally {
      this.#open.delete(stop);
      cancelTimer();
    }
  }

  /**
   * Throws `INSTANCE_UNKNOWN`, `WAIT_TIMEOUT` when the time is up, `INSTANCE_ENDED` when what is wanted cannot come any
   * more, `ENGINE_STOPPED`.
   */
  async for(instanceId: string, wanted: WaitRequest): Promise<Snapshot> {
    requireGoal(wanted);
    const timeoutMs = wanted.timeoutMs ?? DEFAULT_WAIT_MS;
    if ((await this.sources.snapshot(instanceId)) === undefined) throw unknown(instanceId);
    const reached = (snapshot: Snapshot) => isReached(snapshot, wanted);
    const lost = (snapshot: Snapshot) => isOutOfReach(snapshot, wanted);
    const outcome =
      wanted.settled === true
        ? await this.untilAtRest(instanceId, reached, lost, timeoutMs)
        : await this.until(instanceId, (snapshot) => reached(snapshot) || lost(snapshot), timeoutMs);
    if (outcome === "stopped") throw stopped(instanceId);
    if (outcome === "time-up") throw await this.#timeUp(instanceId, wanted, timeoutMs);
    if (reached(outcome)) return outcome;
    throw new StatewrightError(
      "INSTANCE_ENDED",
      `Instance "${instanceId}" ended: ${whereabouts(outcome)}. ${goal(wanted)} cannot come any more.`,
      { hint: "Its history says how it came there: engine.history(instanceId)." },
    );
  }

  /** Ends every wait; nothing is waited for from now on. */
  stop(): void {
    this.#isStopped = true;
    for (const end of this.#open) end();
  }

  async #timeUp(instanceId: string, wanted: WaitRequest, timeoutMs: number): Promise<StatewrightError> {
    const present = await this.sources.snapshot(instanceId);
    const where = present === undefined ? "it is gone" : whereabouts(present);
    return new StatewrightError(
      "WAIT_TIMEOUT",
      `Instance "${instanceId}": ${goal(wanted)} did not come within ${timeoutMs} ms; ${where}.`,
      { hint: "The instance goes on all the same. Wait again, or longer (timeoutMs)." },
    );
  }
}

/** Rest is another matter: it takes a look at the children. */
function isReached(snapshot: Snapshot, wanted: WaitRequest): boolean {
  return hasStatus(snapshot, wanted) && isInState(snapshot, wanted);
}

/** Rest still comes after the end, when the last actions are over; another status or state does not. */
function isOutOfReach(snapshot: Snapshot, wanted: WaitRequest): boolean {
  const hasEnded = snapshot.status !== "active" && snapshot.status !== "suspended";
  return hasEnded && !(hasStatus(snapshot, wanted) && isInState(snapshot, wanted));
}

function hasStatus(snapshot: Snapshot, { status }: WaitRequest): boolean {
  return status === undefined || listOf<InstanceStatus>(status).includes(snapshot.status);
}

function isInState(snapshot: Snapshot, { state }: WaitRequest): boolean {
  if (state === undefined) return true;
  const states = listOf<string>(state);
  return snapshot.tokens.some((token) => states.includes(token.stateId));
}

function listOf<Item extends string>(one: Item | readonly Item[]): readonly Item[] {
  return typeof one === "string" ? [one] : one;
}

function requireGoal({ status, state, settled }: WaitRequest): void {
  if (status !== undefined || state !== undefined || settled === true) return;
  throw new StatewrightError("USAGE", "waitFor was not told what to wait for.", {
    hint: 'Name a status, a state, or settled: true, for example { status: "completed" }.',
  });
}

function goal({ status, state, settled }: WaitRequest): string {
  const quoted = (one: string | readonly string[]) =>
    listOf(one)
      .map((word) => `"${word}"`)
      .join(" or ");
  return [
    ...(status === undefined ? [] : [`status ${quoted(status)}`]),
    ...(state === undefined ? [] : [`state ${quoted(state)}`]),
    ...(settled === true ? ["rest (settled)"] : []),
  ].join(" with ");
}

function whereabouts(snapshot: Snapshot): string {
  const states = currentStates(snapshot)
    .map((stateId) => `"${stateId}"`)
    .join(", ");
  const incident = snapshot.incidents.find((candidate) => candidate.suspends);
  const why = incident?.message ?? snapshot.suspension?.reason ?? snapshot.reason ?? "";
  return `it is ${snapshot.status} in state ${states}${why === "" ? "" : ` (${why})`}`;
}

function unknown(instanceId: string): StatewrightError {
  return new StatewrightError("INSTANCE_UNKNOWN", `There is no instance "${instanceId}".`, {
    hint: "Check the id and the database (--db).",
  });
}

function stopped(instanceId: string): StatewrightError {
  return new StatewrightError(
    "ENGINE_STOPPED",
    `The engine stopped before the wait for instance "${instanceId}" was over.`,
    { hint: "Wait again when the engine is back; the instance goes on then." },
  );
}
