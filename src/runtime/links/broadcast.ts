/**
 * Broadcasts a signal: every instance that waits for it takes it, and machines that start on it start.
 *
 * Invariants:
 * 1. Under one key it acts once in each instance and starts each machine once, however often it is repeated.
 * 2. It reaches every instance that waited for it when it was committed; one that begins to wait later may miss it.
 * 3. An instance that is busy or held by an operator keeps it until its turn comes. One that does not wait for it any
 *    more, or has ended, refuses it, and is not asked again.
 */
import { StatewrightError } from "../../core/errors.js";
import { canonicalJson } from "../../core/json/canonical-json.js";
import type { JsonObject } from "../../core/json/json.js";
import { BY_ENGINE, internalKey, type Link, type LinkOutcome, type LinkWorld } from "./link.js";
import { startAll } from "./start-all.js";

const PAGE = 250;

export interface Signal {
  readonly key: string;
  readonly signal: string;
  readonly data: JsonObject;
  readonly actor: string;
  readonly source: string;
}

export interface BroadcastResult {
  /** False when the engine stopped on the way: to be repeated under the same key. */
  readonly isComplete: boolean;
  /** Instances that took it, or keep it until they are settled. */
  readonly taken: number;
  /** Ids of the instances that began with it. */
  readonly started: readonly string[];
}

export async function broadcastLink(world: LinkWorld, link: Link<"broadcast">): Promise<LinkOutcome> {
  const { key, signal, data } = link.effect;
  const { isComplete } = await broadcast(world, { key, signal, data, ...BY_ENGINE });
  return isComplete ? "asked" : "left";
}

/** Throws what the store says, after the others of the page had their turn; also `IDEMPOTENCY_MISMATCH`. */
export async function broadcast(world: LinkWorld, signal: Signal): Promise<BroadcastResult> {
  const fingerprint = world.ports.sha256(
    canonicalJson({ type: "signal", signal: signal.signal, data: signal.data }),
  );
  let taken = 0;
  for (let afterInstanceId: string | undefined; ; ) {
    if (world.isStopping()) return { isComplete: false, taken, started: [] };
    const page = await world.ports.store.listWaiters({
      kind: "signal",
      name: signal.signal,
      value: "",
      limit: PAGE,
      ...(afterInstanceId === undefined ? {} : { afterInstanceId }),
    });
    taken += await signalAll(world, page, signal, fingerprint);
    afterInstanceId = page.at(-1);
    if (page.length < PAGE || afterInstanceId === undefined) break;
  }
  const { key, data, actor, source } = signal;
  const starts = await startAll(world, { kind: "signal", name: signal.signal, key, data, actor, source });
  for (const { stateMachineId, rejection } of starts.refused) {
    world.ports.logger.warn(`Signal "${signal.signal}" does not start "${stateMachineId}".`, {
      code: rejection.code,
      error: rejection.message,
    });
  }
  return { isComplete: true, taken, started: starts.started };
}

/** Resolves with how many took it. */
async function signalAll(
  world: LinkWorld,
  instanceIds: readonly string[],
  signal: Signal,
  fingerprint: string,
): Promise<number> {
  const outcomes = await Promise.allSettled(
    instanceIds.map((instanceId) => signalOne(world, instanceId, signal, fingerprint)),
  );
  let taken = 0;
  for (const outcome of outcomes) {
    if (outcome.status === "rejected") throw outcome.reason;
    if (outcome.value) taken += 1;
  }
  return taken;
}

/** True when it took the signal, now or at the first time. */
async function signalOne(
  world: LinkWorld,
  instanceId: string,
  { key, signal, data, actor, source }: Signal,
  fingerprint: string,
): Promise<boolean> {
  try {
    const outcome = await world.instances.submit({
      instanceId,
      command: { type: "signal", signal, data, actor, source },
      idempotency: { key: internalKey("signal", key), fingerprint },
    });
    if (outcome.outcome === "rejected") logRefusal(world, instanceId, signal, outcome.rejection);
    return outcome.outcome === "accepted";
  } catch (error) {
    // One that cannot be read stands in nobody's way.
    if (!(error instanceof StatewrightError && error.code === "STORE_DAMAGED")) throw error;
    logRefusal(world, instanceId, signal, error);
    return false;
  }
}

function logRefusal(
  world: LinkWorld,
  instanceId: string,
  signal: string,
  { code, message }: { readonly code: string; readonly message: string },
): void {
  const level = code === "NOT_ENABLED" || code === "INSTANCE_ENDED" ? "debug" : "warn";
  world.ports.logger[level](`Signal "${signal}" was not taken.`, { instanceId, code, error: message });
}
