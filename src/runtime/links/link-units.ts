/**
 * Groups the rows that are due into what is done at a time: what children tell one parent together, everything else
 * alone.
 */
import type { LinkEffect } from "../../core/message/effect.js";
import type { EffectRow } from "../../ports/store.js";
import { readLink } from "../commit/stored-rows.js";
import type { Link } from "./link.js";

/** Children whose end goes in one command. */
const MAX_TOLD_TOGETHER = 100;

/** Nothing else goes on in its lanes while it is under way: one for each instance it is of, one for the parent it tells. */
export type LinkUnit = { readonly lanes: readonly string[] } & (
  | { readonly links: readonly Link[] }
  /** A row that cannot be read. */
  | { readonly row: EffectRow; readonly error: unknown }
);

export function isOf<Kind extends LinkEffect["kind"]>(
  kind: Kind,
  link: Link,
): link is Extract<Link, { readonly effect: { readonly kind: Kind } }> {
  return link.effect.kind === kind;
}

/** In the order of the rows; what would go in a busy lane is left for another time. */
export function linkUnits(
  rows: readonly EffectRow[],
  isBusy: (lane: string) => boolean,
): readonly LinkUnit[] {
  const units: LinkUnit[] = [];
  const told = new Map<string, { readonly lanes: string[]; readonly links: Link[] }>();
  for (const row of rows) {
    const ownLane = `instance ${row.instanceId}`;
    if (isBusy(ownLane)) continue;
    const link = linkOf(row);
    if ("error" in link) {
      units.push({ lanes: [ownLane], row, error: link.error });
    } else if (!isOf("tell-parent", link)) {
      units.push({ lanes: [ownLane], links: [link] });
    } else {
      const parentLane = `parent ${link.effect.parentId}`;
      if (isBusy(parentLane)) continue;
      const unit = told.get(parentLane) ?? { lanes: [parentLane], links: [] };
      if (unit.links.length === 0) units.push(unit);
      if (unit.links.length >= MAX_TOLD_TOGETHER) continue;
      unit.lanes.push(ownLane);
      unit.links.push(link);
      told.set(parentLane, unit);
    }
  }
  return units;
}

function linkOf(row: EffectRow): Link | { readonly error: unknown } {
  try {
    return { row, effect: readLink(row) } as Link;
  } catch (error) {
    return { error };
  }
}
