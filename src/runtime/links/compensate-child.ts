/**
 * Has a child undo what it did, and tells its parent when that is over.
 *
 * Invariants:
 * 1. A child takes what it is asked once for each key, however often the link is done again.
 * 2. A parent never waits for a child that is not there: it is told that nothing is left of it.
 */
import { StatewrightError } from "../../core/errors.js";
import { BY_ENGINE, type Link, type LinkOutcome, type LinkWorld } from "./link.js";

export async function compensateChild(
  world: LinkWorld,
  { row, effect }: Link<"compensate-child">,
): Promise<LinkOutcome> {
  const { childId, key } = effect;
  const child = await world.instances.snapshot(childId);
  if (child?.parent?.instanceId !== row.instanceId) {
    await tell(world, row.instanceId, key, 0);
    return "asked";
  }
  // A refusal means that it was asked before, under this key.
  await world.instances.submit({
    instanceId: childId,
    command: { type: "compensate", key, ...BY_ENGINE },
  });
  return "asked";
}

export async function tellCompensated(
  world: LinkWorld,
  { effect }: Link<"tell-compensated">,
): Promise<LinkOutcome> {
  await tell(world, effect.parentId, effect.askedKey, effect.notUndone);
  return "asked";
}

async function tell(world: LinkWorld, parentId: string, key: string, notUndone: number): Promise<void> {
  try {
    await world.instances.submit({
      instanceId: parentId,
      command: { type: "childCompensated", key, notUndone, ...BY_ENGINE },
    });
  } catch (error) {
    if (!(error instanceof StatewrightError && error.code === "INSTANCE_UNKNOWN")) throw error;
    world.ports.logger.warn("A child was undone whose parent is not there any more.", {
      instanceId: parentId,
      key,
    });
  }
}
