/**
 * What the language has and this version of the engine does not run. One table says all of it: a line goes when the
 * engine learns the thing.
 */
import { isJsonObject, type Json, type JsonObject } from "../../json/json.js";
import type { CanonicalAction } from "../definition-document.generated.js";
import type { RuleContext, RuleFinding } from "./rule.js";
import { finding } from "./rule.js";

type Where = "machine" | "state" | "transition" | "trigger" | "action" | "silent" | "webhook" | "strategy";

interface Line {
  readonly where: Where;
  /** A path of property names. */
  readonly property: readonly string[];
  /** Only these values are not run; any value where missing. */
  readonly values?: readonly Json[];
  readonly what: string;
  readonly hint?: string;
  readonly severity?: "warning";
}

const LINES: readonly Line[] = [
  line("machine", "invariants", "invariants", {
    severity: "warning",
    hint: "They are read, and not checked yet.",
  }),
  line("machine", "globalCallbackHandler.kafka", "a callback handler on Kafka", { hint: "Use webhook." }),
  line("machine", "globalCallbackHandler.file", "a callback handler that writes files", {
    hint: "Use webhook.",
  }),
  line("state", "startOn.trigger", "a start by this trigger", {
    values: ["kafka", "file", "time-based", "timer"],
    hint: "Start instances by command or API.",
  }),
  line("transition", "condition.language", "a condition in FEEL", { hint: "Write it as an expression." }),
  line("trigger", "trigger", "a trigger of this kind", { values: ["kafka", "file"] }),
  line("trigger", "condition.language", "a condition in FEEL", { hint: "Write it as an expression." }),
  line("state", "startOn.condition.language", "a condition in FEEL", { hint: "Write it as an expression." }),
  line("action", "type", "an action of this type", { values: ["kafka", "file"] }),
  line("action", "trigger.kafka", "a message to Kafka", { hint: "Use webhook." }),
  line("action", "trigger.file", "writing a file", { hint: "Use webhook." }),
  line("silent", "callback.webhook.await", "waiting for a callback of an action that gives out no address", {
    values: [true],
    hint: "Make it a webhook or a function: they are told the address.",
  }),
  line("action", "callback.kafka", "waiting for a message"),
  line("action", "callback.file", "waiting for a file"),
  line("action", "condition.language", "a condition in FEEL", { hint: "Write it as an expression." }),
  line("webhook", "condition.language", "a condition in FEEL", { hint: "Write it as an expression." }),
];

export function notRunYet(context: RuleContext): readonly RuleFinding[] {
  const findings: RuleFinding[] = [];
  for (const { where, thing, pointer, label } of things(context)) {
    for (const { property, values, what, hint, severity } of LINES_BY_PLACE.get(where) ?? []) {
      const value = property.reduce<Json | undefined>(
        (at, name) => (isJsonObject(at) ? at[name] : undefined),
        thing,
      );
      if (value === undefined || (values !== undefined && !values.includes(value))) continue;
      // A type is said where the thing says it; what comes with it is not told again.
      const word = typeof value === "string" && values !== undefined ? ` ("${value}")` : "";
      const place =
        where === "strategy" && thing.isWord === true ? pointer : `${pointer}/${property.join("/")}`;
      findings.push(
        finding("NOT_RUN_YET", place, `${label}: ${what}${word} is not run by this version.`, {
          hint,
          ...(severity === undefined ? {} : { severity }),
        }),
      );
    }
  }
  return findings;
}

function line(
  where: Where,
  path: string,
  what: string,
  rest: Pick<Line, "values" | "hint" | "severity"> = {},
): Line {
  return { where, property: path.split("."), what, ...rest };
}

const LINES_BY_PLACE = new Map<Where, Line[]>();
for (const entry of LINES)
  LINES_BY_PLACE.set(entry.where, [...(LINES_BY_PLACE.get(entry.where) ?? []), entry]);

interface Thing {
  readonly where: Where;
  readonly thing: JsonObject;
  readonly pointer: string;
  readonly label: string;
}

function* things({ definition, survey }: RuleContext): Generator<Thing> {
  const machine = "The machine";
  yield { where: "machine", thing: definition, pointer: "", label: machine };
  yield* webhook(
    definition.globalCallbackHandler?.webhook,
    "/globalCallbackHandler/webhook",
    `${machine}'s callback handler`,
  );
  yield* strategies(definition.globalErrorHandler, "/globalErrorHandler", machine);
  yield* strategies(definition.actionDefaults, "/actionDefaults", machine);
  for (const { state, pointer, label } of survey.states)
    yield { where: "state", thing: state, pointer, label };
  for (const { transition, pointer, label } of survey.transitions) {
    yield { where: "transition", thing: transition, pointer, label };
    for (const [at, trigger] of (transition.event ?? []).entries()) {
      yield { where: "trigger", thing: trigger, pointer: `${pointer}/event/${at}`, label };
    }
  }
  for (const { action, pointer, label } of survey.actions) {
    yield { where: "action", thing: action, pointer, label };
    if (!tellsAddress(action)) yield { where: "silent", thing: action, pointer, label };
    yield* webhook(action.trigger?.webhook, `${pointer}/trigger/webhook`, label);
    yield* webhook(action.callback?.webhook, `${pointer}/callback/webhook`, `${label}: the callback`);
    yield* strategies(action, pointer, label);
  }
}

/** What calls somebody, who can be told where to call back. */
function tellsAddress({ type, trigger, function: name }: CanonicalAction): boolean {
  if (type !== undefined) return type === "webhook" || type === "function";
  return trigger !== undefined || name !== undefined;
}

function* webhook(thing: JsonObject | undefined, pointer: string, label: string): Generator<Thing> {
  if (thing !== undefined) yield { where: "webhook", thing, pointer, label };
}

/** A strategy may be a word, an object, or stand in a list. */
function* strategies(holder: JsonObject | undefined, pointer: string, label: string): Generator<Thing> {
  for (const field of ["onError", "onTimeout"]) {
    const value = holder?.[field];
    const list = Array.isArray(value) ? (value as readonly Json[]) : value === undefined ? [] : [value];
    for (const [at, strategy] of list.entries()) {
      const place = Array.isArray(value) ? `${pointer}/${field}/${at}` : `${pointer}/${field}`;
      const thing = isJsonObject(strategy) ? strategy : { strategy, isWord: true };
      yield { where: "strategy", thing, pointer: place, label: `${label}: ${field}` };
    }
  }
}
