/** Cancels a child that nobody waits for any more. One that has ended, that never began, or that is not ours is left alone. */
import { StatewrightError } from "../../core/errors.js";
import { MAX_REASON_CHARS } from "../door.js";
import { BY_ENGINE, type Link, type LinkOutcome, type LinkWorld } from "./link.js";

export async function cancelChild(world: LinkWorld, link: Link<"cancel-child">): Promise<LinkOutcome> {
  const { childId, reason } = link.effect;
  const child = await world.instances.snapshot(childId);
  if (child?.parent?.instanceId !== link.row.instanceId) return "asked";
  try {
    // A refusal means that it has ended meanwhile.
    await world.instances.submit({
      instanceId: childId,
      command: { type: "operator", act: "cancel", reason: reason.slice(0, MAX_REASON_CHARS), ...BY_ENGINE },
    });
  } catch (error) {
    if (!(error instanceof StatewrightError && error.code === "INSTANCE_UNKNOWN")) throw error;
  }
  return "asked";
}
