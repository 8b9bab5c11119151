import type { Json, JsonObject } from "../../../json/json.js";
import type { DefinitionSurvey } from "../../survey/survey.js";
import { outwardWebhooks } from "../care/webhooks.js";
import type { Rule, RuleFinding } from "../rule.js";
import { finding } from "../rule.js";

/**
 * Where the language has a choice, exactly one thing is chosen: an error or an escalation, a message or a signal, one child,
 * one kind of proof of a call.
 */
export const notOneOf: Rule = ({ definition, survey }) => [
  ...choicesOfStates(survey),
  ...outwardWebhooks(definition, survey).flatMap(({ webhook: { auth }, pointer, label }) =>
    oneOf(auth, ["bearer", "basic", "header", "oauth2"], `${pointer}/auth`, `${label}: auth`),
  ),
];

const choicesOfStates = (survey: DefinitionSurvey): readonly RuleFinding[] =>
  survey.states.flatMap(({ state, pointer, label }) => {
    const { throws, emits, forEach, subMachine } = state;
    return [
      ...oneOf(throws, ["error", "escalation"], `${pointer}/throws`, `${label}: throws`),
      ...oneOf(emits, ["message", "signal"], `${pointer}/emits`, `${label}: emits`),
      ...(forEach === undefined
        ? []
        : oneOf(
            { ...chosen("forEach.subMachine", forEach.subMachine), ...chosen("subMachine", subMachine) },
            ["forEach.subMachine", "subMachine"],
            `${pointer}/forEach`,
            label,
          )),
    ];
  });

function chosen(name: string, value: Json | undefined): JsonObject {
  return value === undefined ? {} : { [name]: value };
}

function oneOf(
  holder: JsonObject | undefined,
  names: readonly string[],
  pointer: string,
  label: string,
): RuleFinding[] {
  if (holder === undefined) return [];
  const given = names.filter((name) => holder[name] !== undefined);
  if (given.length === 1) return [];
  const sentence =
    given.length === 0
      ? `needs one of ${listed(names)}`
      : `has ${given.length === 2 ? "both " : ""}${listed(given)}, of which it takes one`;
  return [finding("NOT_ONE_OF", pointer, `${label} ${sentence}.`)];
}

/** `"a", "b" and "c"` */
function listed(names: readonly string[]): string {
  const words = names.map((name) => `"${name}"`);
  return [words.slice(0, -1).join(", "), ...words.slice(-1)].filter((part) => part !== "").join(" and ");
}
