/**
 * Starts a child instance. A child that cannot be started has failed, and its parent is told so under the same key.
 *
 * Invariant: an instance of the child's id that somebody else began is never taken for the child.
 */
import { StatewrightError } from "../../core/errors.js";
import { RefusedError } from "../../core/refused.js";
import { admit, admitStart } from "../door.js";
import type { CommandDraft } from "../instances.js";
import { BY_ENGINE, type Link, type LinkOutcome, type LinkWorld } from "./link.js";
import { tellOutcomes } from "./tell-parent.js";

interface Refusal {
  readonly code: string;
  readonly message: string;
}

export async function startChild(world: LinkWorld, link: Link<"start-child">): Promise<LinkOutcome> {
  const refusal = await start(world, link);
  if (refusal !== undefined) {
    // Named one by one: an error's message is not spread.
    const { code, message } = refusal;
    const outcome = { outcome: "failed", code, message, data: {} } as const;
    await tellOutcomes(world, link.row.instanceId, [{ key: link.effect.key, outcome }]);
  }
  return "asked";
}

async function start(world: LinkWorld, { row, effect }: Link<"start-child">): Promise<Refusal | undefined> {
  const { childId, key, stateMachineId, version, data, mayUndo } = effect;
  const draft: CommandDraft = {
    type: "start",
    instanceId: childId,
    data,
    variables: {},
    parent: { instanceId: row.instanceId, key, ...(mayUndo === undefined ? {} : { mayUndo }) },
    ...BY_ENGINE,
  };
  try {
    admitStart(stateMachineId, version, undefined);
    const command = admit(childId, draft, undefined);
    const machine = await world.machines.load(stateMachineId, version);
    const outcome = await world.instances.submit({ instanceId: childId, command, machine });
    if (outcome.outcome === "accepted") return undefined;
    if (outcome.rejection.code === "INSTANCE_EXISTS" && (await isOurs(world, childId, key))) return undefined;
    return outcome.rejection;
  } catch (error) {
    if (error instanceof RefusedError) return error.rejection;
    if (error instanceof StatewrightError && error.code === "DEFINITION_UNKNOWN") return error;
    throw error;
  }
}

/** It was begun by this very link, before a crash. */
async function isOurs(world: LinkWorld, childId: string, key: string): Promise<boolean> {
  return (await world.instances.snapshot(childId))?.parent?.key === key;
}
