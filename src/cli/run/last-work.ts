/**
 * What is still open when a run is over: callbacks and notifications that were not delivered, what it asks of other
 * instances, and the last actions of an instance that has ended. None of it is lost when the process ends; it goes on with the next start.
 */
import { setTimeout as delay } from "node:timers/promises";
import { isJsonObject } from "../../core/json/json.js";
import type { EffectRow, Engine } from "../../index.js";
import { hasEnded } from "./run-instance.js";

const POLL_MS = 25;

/** Waits until nothing is open, for at most `limitMs`; resolves with the names of what is still open. */
export async function awaitLastWork(
  engine: Engine,
  instanceId: string,
  limitMs: number,
): Promise<readonly string[]> {
  const endsAtMs = Date.now() + limitMs;
  for (;;) {
    const open = await openWork(engine, instanceId);
    if (open.length === 0 || Date.now() >= endsAtMs) return open;
    // A delivery is no commit of the instance, so nobody tells of it.
    await delay(POLL_MS);
  }
}

async function openWork(engine: Engine, instanceId: string): Promise<string[]> {
  const { effects } = await engine.pending(instanceId);
  const snapshot = await engine.snapshot(instanceId);
  const actions =
    snapshot === undefined || !hasEnded(snapshot)
      ? []
      : snapshot.tokens.flatMap(({ agenda }) => (agenda?.actions ?? []).slice(agenda?.next ?? 0));
  return [
    ...actions.map(({ actionId }) => `action ${actionId}`),
    ...effects.filter((effect) => effect.purpose === "delivery").map(deliveryName),
    ...effects.filter((effect) => effect.purpose === "link").map(linkName),
  ];
}

/** Addresses without their query, which may hold secrets. */
function deliveryName(row: EffectRow): string {
  const effect: unknown = JSON.parse(row.text);
  if (!isJsonObject(effect)) return "notice";
  const url = isJsonObject(effect.request) ? effect.request.url : undefined;
  const address =
    typeof url === "string" ? ` to ${url.replace(/[?#].*$/, "").replace(/\/\/[^/@]*@/, "//")}` : "";
  const tries = row.attempts === 0 ? "" : `, ${row.attempts} failed ${row.attempts === 1 ? "try" : "tries"}`;
  return `${effect.purpose === "global" ? "global notice" : "callback"}${address}${tries}`;
}

function linkName(row: EffectRow): string {
  const effect: unknown = JSON.parse(row.text);
  if (!isJsonObject(effect)) return "link";
  const { kind, signal, message, childId, parentId } = effect;
  const about = [signal, message, childId, parentId].find((name) => typeof name === "string");
  return [String(kind), about].join(" ");
}
