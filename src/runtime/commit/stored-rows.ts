/**
 * Reads what the store holds of an instance back from its text. Only the engine writes it, so text that is not what was
 * written means that the database was damaged or changed from outside.
 *
 * 1. Damage is told as `STORE_DAMAGED`, with the instance and what of it cannot be read; nothing is guessed or repaired.
 * 2. What the engine looks at before the step does is checked here: that it is this instance, at this seq, and whole
 *    in its outline.
 */
import { StatewrightError } from "../../core/errors.js";
import { isJsonObject, type JsonObject } from "../../core/json/json.js";
import type { Answer } from "../../core/message/answer.js";
import type { Snapshot, Visit } from "../../core/model/snapshot.js";
import type { AnswerRow, DefinitionRow, EffectRow, HistoryRow, InstanceRow } from "../../ports/store.js";
import type { StoredEffect, StoredLink } from "./prepare-commit.js";

export function readSnapshot(row: InstanceRow): Snapshot {
  return read(row.snapshot, `The snapshot of instance "${row.instanceId}"`, (stored) => {
    const isThisOne =
      stored.instanceId === row.instanceId &&
      stored.seq === row.seq &&
      stored.stateMachineId === row.stateMachineId &&
      stored.version === row.version &&
      stored.status === row.status;
    return isThisOne && hasOutline(stored);
  }) as unknown as Snapshot;
}

export function readEffect(row: EffectRow): StoredEffect {
  const what = `What instance "${row.instanceId}" has to send (${row.seq}.${row.ordinal})`;
  return read(row.text, what, (stored) => {
    const isSendable =
      typeof stored.key === "string" &&
      typeof stored.stateMachineId === "string" &&
      typeof stored.createdAtMs === "number" &&
      isJsonObject(stored.request);
    return isSendable && (row.purpose === "action" ? isTry(stored) : stored.kind === "deliver");
  }) as unknown as StoredEffect;
}

/** What an instance asks of another. */
export function readLink(row: EffectRow): StoredLink {
  const what = `What instance "${row.instanceId}" asks of another (${row.seq}.${row.ordinal})`;
  return read(row.text, what, (stored) => {
    const texts = LINK_TEXTS.get(String(stored.kind));
    return (
      typeof stored.key === "string" && texts?.every((name) => typeof stored[name] === "string") === true
    );
  }) as unknown as StoredLink;
}

/** By kind: the texts without which it cannot be done. */
const LINK_TEXTS: ReadonlyMap<string, readonly string[]> = new Map([
  ["start-child", ["childId", "stateMachineId"]],
  ["cancel-child", ["childId", "reason"]],
  ["tell-parent", ["parentId", "childKey"]],
  ["compensate-child", ["childId"]],
  ["tell-compensated", ["parentId", "askedKey"]],
  ["broadcast", ["signal"]],
  ["send-message", ["message"]],
]);

export function readAnswer(row: AnswerRow): Answer {
  const what = `The answer that instance "${row.instanceId}" gave under the idempotency key "${row.key}"`;
  return read(
    row.text,
    what,
    (stored) => typeof stored.outcome === "string" && stored.seq === row.seq,
  ) as unknown as Answer;
}

export function readVisit(row: HistoryRow): Visit {
  const what = `Entry ${row.ordinal} of the history of instance "${row.instanceId}"`;
  return read(
    row.text,
    what,
    (stored) =>
      stored.ordinal === row.ordinal && typeof stored.state === "string" && areObjects(stored.actions),
  ) as unknown as Visit;
}

export function readDefinitionRow(row: DefinitionRow): JsonObject {
  const what = `The definition of "${row.stateMachineId}" version ${row.version}`;
  return read(row.text, what, (stored) => stored.stateMachineId === row.stateMachineId);
}

function read(text: string, what: string, isWhole: (stored: JsonObject) => boolean): JsonObject {
  const stored = parse(text);
  if (isJsonObject(stored) && isWhole(stored)) return stored;
  throw new StatewrightError(
    "STORE_DAMAGED",
    `${what} cannot be read: the database was damaged or changed.`,
    {
      hint: "Restore it from a backup; everything else in the database goes on.",
    },
  );
}

function parse(text: unknown): unknown {
  try {
    return typeof text === "string" ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

function hasOutline(stored: JsonObject): boolean {
  const { counters } = stored;
  return (
    [stored.data, stored.variables, stored.actions].every(isJsonObject) &&
    [stored.scopes, stored.kept, stored.incidents].every(areObjects) &&
    isJsonObject(counters) &&
    isJsonObject(counters.entries) &&
    typeof stored.updatedAt === "string" &&
    Array.isArray(stored.tokens) &&
    stored.tokens.every(isToken)
  );
}

function isToken(token: unknown): boolean {
  if (!isJsonObject(token)) return false;
  const { tokenId, stateId, phase, visit, timers, agenda } = token;
  const hasAgenda = agenda === undefined || (isJsonObject(agenda) && areObjects(agenda.actions));
  return (
    [tokenId, stateId, phase].every((text) => typeof text === "string") &&
    isJsonObject(visit) &&
    areObjects(visit.actions) &&
    areObjects(timers) &&
    hasAgenda
  );
}

function isTry(stored: JsonObject): boolean {
  return stored.kind === "try" && typeof stored.channel === "string" && typeof stored.timeoutMs === "number";
}

function areObjects(value: unknown): boolean {
  return Array.isArray(value) && value.every(isJsonObject);
}
