/**
 * The door: what a program hands in is checked and copied before anything looks at it, because types promise what
 * programs do not keep.
 *
 * 1. What is refused here (`RefusedError`, `VALIDATION_FAILED` or `LIMIT_EXCEEDED`, with the path) leaves no trace.
 * 2. What passes holds plain JSON within the limits, texts that every store gives back, and is nobody else's to change.
 */
import type { ErrorCode } from "../core/errors.js";
import { checkJson, type JsonProblem, MAX_DATA_BYTES, textFault } from "../core/json/check-json.js";
import { isJsonObject, type JsonObject } from "../core/json/json.js";
import { RefusedError } from "../core/refused.js";
import type { CommandDraft } from "./instances.js";

/** Characters of an id. */
export const MAX_ID_CHARS = 255;

/** Groups that the sender of an event is a member of. */
export const MAX_GROUPS = 200;

/** Characters of an operator's reason. */
export const MAX_REASON_CHARS = 4_096;

type Refusal = Extract<ErrorCode, "VALIDATION_FAILED" | "LIMIT_EXCEEDED">;

/** The command with its data copied. Throws `RefusedError`. */
export function admit(
  instanceId: string,
  command: CommandDraft,
  idempotencyKey: string | undefined,
): CommandDraft {
  admitId("instanceId", instanceId);
  admitId("actor", command.actor);
  admitId("source", command.source);
  if (idempotencyKey !== undefined) admitId("idempotencyKey", idempotencyKey);
  switch (command.type) {
    case "event":
      admitId("eventId", command.eventId);
      admitCount("expectedSeq", command.expectedSeq, 0);
      return { ...command, ...admitGroups(command.groups), ...admitData(command) };
    case "update":
      admitCount("expectedSeq", command.expectedSeq, 0);
      return { ...command, ...admitGroups(command.groups), ...admitData(command) };
    case "start":
    case "import":
      return { ...command, ...admitData(command) };
    case "operator":
      admitText("reason", command.reason, MAX_REASON_CHARS);
      return admitOperator(command);
    default:
      return command;
  }
}

function admitOperator(command: Extract<CommandDraft, { type: "operator" }>): CommandDraft {
  switch (command.act) {
    case "set":
      return { ...command, ...admitData(command), unset: admitNames("unset", command.unset) };
    case "migrate":
      admitCount("from", command.from, 1);
      admitCount("to", command.to, 1);
      return {
        ...command,
        ...admitData(command),
        unset: admitNames("unset", command.unset),
        states: admitStates(command.states),
      };
    default:
      // An incident's id has its instance's in it.
      if (command.incidentId !== undefined) admitText("incidentId", command.incidentId, 2 * MAX_ID_CHARS);
      return command;
  }
}

function admitGroups(given: unknown): { readonly groups?: readonly string[] } {
  if (given === undefined) return {};
  const groups = admitNames("groups", given);
  if (groups.length <= MAX_GROUPS) return { groups };
  throw refusal("LIMIT_EXCEEDED", "/groups", `"groups" has more than ${MAX_GROUPS} members.`);
}

function admitNames(name: string, given: unknown): readonly string[] {
  if (!Array.isArray(given)) {
    throw refusal("VALIDATION_FAILED", `/${name}`, `"${name}" must be a list, and is ${kindOf(given)}.`);
  }
  return given.map((each: unknown) => admitText(name, each, MAX_ID_CHARS));
}

/** The states of a migration's plan. */
function admitStates(given: unknown): { readonly [stateId: string]: string } {
  const checked = checkJson(given, MAX_DATA_BYTES);
  const isPlan =
    checked.ok &&
    isJsonObject(checked.value) &&
    Object.values(checked.value).every((target) => typeof target === "string");
  if (isPlan) return checked.value as { readonly [stateId: string]: string };
  throw refusal(
    "VALIDATION_FAILED",
    "/states",
    '"states" must be an object of texts: old state to new state.',
  );
}

/** What a start looks up and derives its ids from. Throws `RefusedError`. */
export function admitStart(
  stateMachineId: string,
  version: number | undefined,
  idempotencyKey: string | undefined,
): void {
  admitId("stateMachineId", stateMachineId);
  admitCount("version", version, 1);
  if (idempotencyKey !== undefined) admitId("idempotencyKey", idempotencyKey);
}

/** A signal from outside, its data copied. Throws `RefusedError`. */
export function admitSignal<Given extends SignalGiven>(given: Given): Given {
  admitId("signal", given.signal);
  admitId("actor", given.actor);
  admitId("source", given.source);
  admitId("idempotencyKey", given.key);
  return { ...given, data: admitObject("data", given.data, MAX_DATA_BYTES).value };
}

interface SignalGiven {
  readonly signal: string;
  readonly data: JsonObject;
  readonly actor: string;
  readonly source: string;
  readonly key: string;
}

function admitId(name: string, given: unknown): void {
  const text = admitText(name, given, MAX_ID_CHARS);
  if (text === "") throw refusal("VALIDATION_FAILED", `/${name}`, `"${name}" is empty.`);
  if (/\p{Cc}/u.test(text)) {
    throw refusal("VALIDATION_FAILED", `/${name}`, `"${name}" holds a control character.`);
  }
}

function admitText(name: string, given: unknown, maxChars: number): string {
  if (typeof given !== "string") {
    throw refusal("VALIDATION_FAILED", `/${name}`, `"${name}" must be a text, and is ${kindOf(given)}.`);
  }
  // Code points, so that an emoji counts once; the first look spares counting what is far too long.
  if (given.length > 2 * maxChars || [...given].length > maxChars) {
    throw refusal("LIMIT_EXCEEDED", `/${name}`, `"${name}" has more than ${maxChars} characters.`);
  }
  const fault = textFault(given);
  if (fault !== undefined) throw refusal("VALIDATION_FAILED", `/${name}`, `"${name}" ${fault}.`);
  return given;
}

function admitCount(name: string, given: unknown, least: number): void {
  if (given === undefined || (Number.isSafeInteger(given) && Number(given) >= least)) return;
  throw refusal("VALIDATION_FAILED", `/${name}`, `"${name}" must be a whole number from ${least}.`);
}

/** Data and variables share one limit. Paths lead into the data, as those of schema violations do, or the variables. */
function admitData(given: { readonly data: unknown; readonly variables: unknown }): {
  readonly data: JsonObject;
  readonly variables: JsonObject;
} {
  const data = admitObject("data", given.data, MAX_DATA_BYTES);
  const variables = admitObject("variables", given.variables, MAX_DATA_BYTES - data.bytes);
  return { data: data.value, variables: variables.value };
}

function admitObject(
  name: "data" | "variables",
  given: unknown,
  maxBytes: number,
): { readonly value: JsonObject; readonly bytes: number } {
  const checked = checkJson(given, maxBytes);
  if (!checked.ok) throw unfit(name, checked.problem);
  if (!isJsonObject(checked.value)) {
    throw refusal("VALIDATION_FAILED", "", `"${name}" must be an object, and is ${kindOf(given)}.`);
  }
  return { value: checked.value, bytes: checked.bytes };
}

function unfit(name: "data" | "variables", { code, path, message, isTooLarge }: JsonProblem): RefusedError {
  if (isTooLarge === true) {
    const limit = `${MAX_DATA_BYTES / 1024} KiB`;
    return refusal(code, path, `"data" and "variables" are larger than ${limit} together.`);
  }
  const place = path === "" ? `"${name}"` : `"${name}" at ${JSON.stringify(path.slice(0, 300))}`;
  return refusal(code, path, `${place} ${message}.`);
}

function kindOf(given: unknown): string {
  if (given === null) return "null";
  if (given === undefined) return "missing";
  return Array.isArray(given) ? "a list" : `of type ${typeof given}`;
}

function refusal(code: Refusal, path: string, message: string): RefusedError {
  return new RefusedError({ code, message, violations: [{ path, message }] });
}
