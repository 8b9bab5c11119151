/**
 * Tells a parent how its children ended, those that are due together in one command.
 *
 * Invariants:
 * 1. A child's row ends after the parent's commit; what is told twice is recorded by the parent as late.
 * 2. A parent never waits for a child whose outcome it could not take: such a child has failed.
 */
import { StatewrightError } from "../../core/errors.js";
import type { Rejection } from "../../core/message/answer.js";
import type { ChildDoneCommand, ChildOutcome } from "../../core/message/command.js";
import { BY_ENGINE, type Link, type LinkOutcome, type LinkWorld } from "./link.js";

type Told = ChildDoneCommand["children"][number];

/** The links are of children of one parent; at least one. */
export async function tellParent(
  world: LinkWorld,
  links: readonly Link<"tell-parent">[],
): Promise<LinkOutcome> {
  const [first] = links;
  if (first !== undefined) {
    const children = links.map(({ effect }) => ({ key: effect.childKey, outcome: effect.outcome }));
    await tellOutcomes(world, first.effect.parentId, children);
  }
  return "asked";
}

/** Resolves when the parent has committed it, or is not there any more. */
export async function tellOutcomes(
  world: LinkWorld,
  parentId: string,
  children: readonly Told[],
): Promise<void> {
  const rejection = await submit(world, parentId, children);
  if (rejection === undefined) return;
  for (const told of children) {
    // What stood in one child's way need not stand in the others'.
    const alone = children.length === 1 ? rejection : await submit(world, parentId, [told]);
    const last =
      alone === undefined
        ? undefined
        : await submit(world, parentId, [{ ...told, outcome: failed(alone, told.outcome) }]);
    if (last === undefined) continue;
    world.ports.logger.error("A parent refuses to be told of its child; it is not told again.", {
      instanceId: parentId,
      key: told.key,
      code: last.code,
      error: last.message,
    });
  }
}

async function submit(
  world: LinkWorld,
  parentId: string,
  children: readonly Told[],
): Promise<Rejection | undefined> {
  try {
    const outcome = await world.instances.submit({
      instanceId: parentId,
      command: { type: "childDone", children, ...BY_ENGINE },
    });
    return outcome.outcome === "rejected" ? outcome.rejection : undefined;
  } catch (error) {
    if (!(error instanceof StatewrightError && error.code === "INSTANCE_UNKNOWN")) throw error;
    const keys = children.map(({ key }) => key);
    world.ports.logger.warn("Children ended whose parent is not there any more.", {
      instanceId: parentId,
      keys,
    });
    return undefined;
  }
}

/** What the child did can be undone all the same. */
function failed({ code, message }: Rejection, { isUndoable }: ChildOutcome): ChildOutcome {
  return { outcome: "failed", code, message, data: {}, ...(isUndoable === undefined ? {} : { isUndoable }) };
}
