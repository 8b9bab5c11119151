/**
 * How large an instance's data will be with the results of a list, counted as they come, so that a list that cannot be
 * kept fails at once and the snapshot never grows beyond what data may have.
 */
import { canonicalBytes } from "../../json/canonical-size.js";
import { MAX_DATA_BYTES } from "../../json/check-json.js";
import type { JsonObject } from "../../json/json.js";
import type { ChildModel } from "../../model/machine.js";
import type { Turn } from "../turn.js";

/** Bytes of the data beside the lists, and of the lists while they are empty. */
export function listBytesBefore(turn: Turn, { output }: ChildModel): number {
  const lists = Object.fromEntries(output.map(({ property }) => [property, []]));
  return canonicalBytes({ ...turn.draft.data, ...lists });
}

/** Bytes that one item's results add to the lists; null where the item gave nothing. */
export function resultBytes({ output }: ChildModel, result: JsonObject | null): number {
  const NULL_BYTES = 5;
  if (result === null) return output.length * NULL_BYTES;
  // A comma for each value; braces, names and colons are not there in the lists.
  const names = Object.keys(result).reduce((sum, name) => sum + canonicalBytes(name) + 1, 0);
  return canonicalBytes(result, MAX_DATA_BYTES) - names;
}
