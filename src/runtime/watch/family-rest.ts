/**
 * Whether an instance is at rest together with its children: nothing in the whole family moves by itself any more. A child
 * that waits for somebody keeps its parent as little under way as a user task of the parent would.
 *
 * 1. A child that has not begun, or has ended and has not been counted by its parent, is under way.
 * 2. The look ends at the first that moves; until it commits, or one around it does, nothing can come to rest.
 * 3. It is bounded: a family of more than `MAX_FAMILY` instances counts as moving.
 */
import type { Snapshot } from "../../core/model/snapshot.js";
import { isSettled } from "../../core/settled.js";

/** How many instances one look reads. */
export const MAX_FAMILY = 1000;

export interface FamilyRest {
  readonly isAtRest: boolean;
  /** All that were read where all were at rest; else the one that moves and those around it. */
  readonly decisive: ReadonlySet<string>;
}

type ReadSnapshot = (instanceId: string) => Promise<Snapshot | undefined>;

/** Reads the children, theirs too, and says whether all are at rest. */
export async function lookAtFamily(snapshot: Snapshot, read: ReadSnapshot): Promise<FamilyRest> {
  const looked = new Set([snapshot.instanceId]);
  const moving = await findMoving(snapshot, read, looked);
  return { isAtRest: moving === undefined, decisive: moving === undefined ? looked : new Set(moving) };
}

/** The children that run, in the order of the tokens and of the list. */
export function childIdsOf({ tokens }: Snapshot): readonly string[] {
  return tokens.flatMap(({ child, each }) =>
    [...(child === undefined ? [] : [child]), ...(each?.running ?? [])].map(({ childId }) => childId),
  );
}

/** The ids from the given instance to one that moves; `undefined` where none does. */
async function findMoving(
  snapshot: Snapshot,
  read: ReadSnapshot,
  looked: Set<string>,
): Promise<readonly string[] | undefined> {
  const { instanceId } = snapshot;
  if (isSettled(snapshot)) return undefined;
  if (movesItself(snapshot)) return [instanceId];
  for (const childId of childIdsOf(snapshot)) {
    if (looked.size >= MAX_FAMILY) return [...looked];
    looked.add(childId);
    const child = await read(childId);
    const isUnderWay = child === undefined || (child.status !== "active" && child.status !== "suspended");
    const moving = isUnderWay ? [childId] : await findMoving(child, read, looked);
    if (moving !== undefined) return [instanceId, ...moving];
  }
  return undefined;
}

function movesItself({ kept, tokens }: Snapshot): boolean {
  return (
    kept.length > 0 ||
    tokens.some(
      ({ agenda, each }) => agenda !== undefined || (each !== undefined && each.running.length === 0),
    )
  );
}
