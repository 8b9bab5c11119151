/**
 * Takes values that a definition calls sensitive out of a trail before it leaves the house. What is hashed is not
 * touched: the digests stay, so the trail still verifies; only the values beside it are gone.
 */
import { canonicalJson } from "../json/canonical-json.js";
import { isJsonObject, type Json, type JsonObject } from "../json/json.js";
import { pointerParts } from "../json/pointer.js";
import type { TrailRow } from "./verify-audit.js";

/** `sensitive`: RFC 6901 pointers into data; the whole property that one leads into is withheld. */
export function withholdValues<Row extends TrailRow>(row: Row, sensitive: readonly string[]): Row {
  if (sensitive.length === 0) return row;
  const properties = new Set(sensitive.flatMap((pointer) => pointerParts(pointer).slice(0, 1)));
  const { command, records } = JSON.parse(row.entry) as { command: JsonObject; records: JsonObject[] };
  // An operator's correction tells of what was there before, too.
  const told = [command.data, ...records.flatMap(({ before, after }) => [before, after])];
  const members = told.flatMap((data) =>
    isJsonObject(data ?? null) ? Object.entries(data as JsonObject) : [],
  );
  const withheld = new Set([
    ...members.flatMap(([name, value]) => (properties.has(name) ? digestOf(value) : [])),
    // What a message was found by is a value of data too; which one, nobody can tell.
    ...digestOf(
      isJsonObject(command.inbound ?? null) ? ((command.inbound as JsonObject).value ?? null) : null,
    ),
    // An import tells of former data too.
    ...digestOf(command.visits ?? null),
  ]);
  const disclosed = JSON.parse(row.disclosed) as JsonObject;
  const left = Object.entries(disclosed).filter(([digest]) => !withheld.has(digest));
  return { ...row, disclosed: canonicalJson(Object.fromEntries(left)) };
}

function digestOf(place: Json): string[] {
  return isJsonObject(place) && typeof place.$digest === "string" ? [place.$digest] : [];
}
