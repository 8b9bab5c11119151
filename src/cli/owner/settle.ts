/** Runs what a command has caused until the instance is settled, and shows the answer with the instance as it is then. */
import { durationMs } from "../../core/model/compile-text.js";
import type { Snapshot } from "../../core/model/snapshot.js";
import { isOver } from "../../core/settled.js";
import type { Engine } from "../../index.js";
import type { CommandContext, CommonOptions } from "../cli-command.js";
import type { Answered, Settled } from "../desk/desk.js";
import { answerText } from "../output/answer-text.js";
import { statusText } from "../output/instance-text.js";
import { awaitLastWork } from "../run/last-work.js";
import { usageError } from "../usage-error.js";
import { SETTLE_LIMIT_MS } from "./with-engine.js";

const GOES_ON = "with the next engine on this database";

export async function settleInstance(
  engine: Engine,
  instanceId: string,
  timeoutMs: number,
): Promise<Settled> {
  const endsAtMs = Date.now() + timeoutMs;
  const settled = await engine.waitSettled(instanceId, timeoutMs);
  const hasEnded = settled !== undefined && settled.status !== "active" && settled.status !== "suspended";
  if (hasEnded) await engine.waitUntil(instanceId, isOver, Math.max(0, endsAtMs - Date.now()));
  const open =
    settled === undefined
      ? []
      : await awaitLastWork(
          engine,
          instanceId,
          Math.min(SETTLE_LIMIT_MS, Math.max(0, endsAtMs - Date.now())),
        );
  if (hasEnded) await followParents(engine, settled, endsAtMs);
  return { isSettled: settled !== undefined, instance: await engine.get(instanceId), open, goesOn: GOES_ON };
}

/**
 * What ends with a child goes on in its parent, which may call other children off: waits until that is done too, for
 * `SETTLE_LIMIT_MS` at most.
 */
async function followParents(engine: Engine, ended: Snapshot, endsAtMs: number): Promise<void> {
  const limitAtMs = Math.min(endsAtMs, Date.now() + SETTLE_LIMIT_MS);
  const left = () => Math.max(0, limitAtMs - Date.now());
  for (let parent = ended.parent; parent !== undefined && left() > 0; ) {
    const settled = await engine.waitSettled(parent.instanceId, left());
    await awaitLastWork(engine, parent.instanceId, left());
    parent = settled?.parent;
  }
}

/** Waits until all of them are settled, and those that have ended are over; for `SETTLE_LIMIT_MS` at most. */
export async function awaitSettled(engine: Engine, instanceIds: Iterable<string>): Promise<void> {
  const endsAtMs = Date.now() + SETTLE_LIMIT_MS;
  const left = () => Math.max(0, endsAtMs - Date.now());
  await Promise.all(
    [...instanceIds].map(async (instanceId) => {
      const settled = await engine.waitSettled(instanceId, left());
      if (settled === undefined || settled.status === "active" || settled.status === "suspended") return;
      await engine.waitUntil(instanceId, isOver, left());
    }),
  );
}

/** `{ instanceId, outcome, …, isRepeated, isSettled, instance }`, or two lines for people. Returns the exit code. */
export function showAnswer(
  { instanceId, answer, isRepeated, settled }: Answered,
  context: CommandContext,
  options: CommonOptions,
): number {
  const { terminal } = context;
  const { isSettled, instance, open, goesOn } = settled;
  if (options.json === true) terminal.json({ instanceId, ...answer, isRepeated, isSettled, instance });
  else {
    const again = isRepeated ? " (answered before)" : "";
    const status = statusText(instance.status, terminal.out);
    const state = (instance.activeStates ?? [instance.currentState]).join(", ");
    terminal.print(`${instanceId}  ${answerText(answer)}${again}`);
    terminal.print(`${instanceId}  is ${status} in "${state}", seq ${instance.seq}`);
  }
  for (const name of open) terminal.note(`still open: ${name}; it goes on ${goesOn}`);
  if (!isSettled) {
    terminal.note(`The time is up before "${instanceId}" is settled; it goes on ${goesOn}.`);
  }
  if (instance.status === "suspended") terminal.note(`It is suspended: statewright show ${instanceId}`);
  return isSettled ? 0 : 1;
}

/** Reads `--timeout`. Throws `USAGE`. */
export function parseTimeout(text: string): number {
  try {
    const timeoutMs = durationMs(text);
    if (timeoutMs > 0) return timeoutMs;
  } catch {
    // Said below, as for a duration that leaves no time.
  }
  throw usageError(
    `--timeout ${text} is not right.`,
    "Write a duration in ISO 8601, for example PT30S or PT5M.",
  );
}
