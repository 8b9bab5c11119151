import { isJsonObject, type Json } from "../../json/json.js";
import { appendPointer } from "../../json/pointer.js";
import { PointerMap } from "../forms/pointer-map.js";

export interface Pruned {
  /** Undefined when the whole was taken away. */
  readonly value: Json | undefined;
  /** From pointers of the pruned value to those of the original. */
  readonly origins: PointerMap;
}

/** The value without what stands at the given pointers. Elements after one that is taken away move up. */
export function prune(value: Json, removed: ReadonlySet<string>): Pruned {
  const origins = new PointerMap();
  return { value: removed.size === 0 ? value : pruneValue(value, "", "", removed, origins), origins };
}

function pruneValue(
  value: Json,
  origin: string,
  pointer: string,
  removed: ReadonlySet<string>,
  origins: PointerMap,
): Json | undefined {
  if (removed.has(origin)) return undefined;
  if (Array.isArray(value)) {
    const kept: Json[] = [];
    for (const [at, element] of (value as readonly Json[]).entries()) {
      const from = `${origin}/${at}`;
      const to = `${pointer}/${kept.length}`;
      const part = pruneValue(element, from, to, removed, origins);
      if (part === undefined) continue;
      if (kept.length !== at) origins.note(to, from);
      kept.push(part);
    }
    return kept;
  }
  if (!isJsonObject(value)) return value;
  const kept: { [key: string]: Json } = {};
  for (const [key, property] of Object.entries(value)) {
    const part = pruneValue(
      property,
      appendPointer(origin, key),
      appendPointer(pointer, key),
      removed,
      origins,
    );
    if (part !== undefined) kept[key] = part;
  }
  return kept;
}
