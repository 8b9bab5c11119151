/** Why a run did not come to its end, and what to do. */
import type { Snapshot } from "../../core/model/snapshot.js";
import type { Pending } from "../../index.js";
import { instantText, spanText } from "../output/time-text.js";

/** What keeps an instance from being settled: one sentence for each action under way. */
export function busyText(snapshot: Snapshot, pending: Pending, nowMs: number): string[] {
  return snapshot.tokens.flatMap(({ agenda, stateId }) => {
    const running = agenda?.running;
    if (running === undefined) return [];
    const name = `Action "${running.actionId}" in state "${stateId}"`;
    if (running.progress === "awaiting") return [`${name} waits for its callback (try ${running.tries}).`];
    if (running.progress !== "backoff") return [`${name} is under way (try ${running.tries}).`];
    const timer = pending.timers.find(({ timerId }) => timerId === running.retryTimerId);
    const when =
      timer === undefined
        ? ""
        : ` at ${instantText(new Date(timer.dueAtMs).toISOString())} UTC, in ${spanText(timer.dueAtMs - nowMs)}`;
    return [`${name} waits for try ${running.tries + 1}${when}.`];
  });
}
