import type { Json, JsonObject } from "../../../json/json.js";
import type { Rule, RuleFinding } from "../rule.js";
import { finding } from "../rule.js";

/** Where the language has a choice, exactly one thing is chosen: an error or an escalation, a message or a signal, one child. */
export const notOneOf: Rule = ({ survey }) =>
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
  names: readonly [string, string],
  pointer: string,
  label: string,
): RuleFinding[] {
  if (holder === undefined) return [];
  const count = names.filter((name) => holder[name] !== undefined).length;
  if (count === 1) return [];
  const words = names.map((name) => `"${name}"`);
  const sentence =
    count === 0
      ? `needs one of ${words.join(" and ")}`
      : `has both ${words.join(" and ")}, of which it takes one`;
  return [finding("NOT_ONE_OF", pointer, `${label} ${sentence}.`)];
}
