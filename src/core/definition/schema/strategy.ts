/** What happens when an action fails or takes too long. */
import { byType, fields, list, refer, type SchemaNode, text, whole, word } from "./schema-node.js";
import { ERROR_STRATEGIES, TIMEOUT_STRATEGIES } from "./word-list.js";

export const strategyParts: { readonly [name: string]: SchemaNode } = {
  ErrorStrategies: strategies(
    "ErrorStrategy",
    "What happens when the tries are used up or the failure is final.",
  ),
  ErrorStrategy: strategy("ErrorStrategyWord", "ErrorStrategySettings"),
  ErrorStrategyWord: word("A strategy for failures.", ERROR_STRATEGIES),
  ErrorStrategySettings: settings(ERROR_STRATEGIES),
  TimeoutStrategies: strategies(
    "TimeoutStrategy",
    "What happens each time a try or a wait runs out of time.",
  ),
  TimeoutStrategy: strategy("TimeoutStrategyWord", "TimeoutStrategySettings"),
  TimeoutStrategyWord: word("A strategy for running out of time.", TIMEOUT_STRATEGIES),
  TimeoutStrategySettings: settings(TIMEOUT_STRATEGIES),
};

export const onError = refer(
  "ErrorStrategies",
  "What happens when the tries are used up or the failure is final. The machine's where missing.",
);
export const onTimeout = refer(
  "TimeoutStrategies",
  "What happens each time a try or a wait runs out of time. The machine's where missing.",
);

function strategies(one: string, description: string): SchemaNode {
  return byType(description, [
    ["string", refer(`${one}Word`, "A strategy.")],
    ["array", list("Strategies in order; the first that ends the matter wins.", refer(one, "A strategy."))],
    ["object", refer(`${one}Settings`, "A strategy with its settings.")],
  ]);
}

function strategy(words: string, withSettings: string): SchemaNode {
  return byType("A strategy: a word, or an object with its settings.", [
    ["string", refer(words, "A strategy.")],
    ["object", refer(withSettings, "A strategy with its settings.")],
  ]);
}

function settings(words: readonly string[]): SchemaNode {
  const properties: { [name: string]: SchemaNode } = {
    strategy: word("The strategy.", words),
    maxRounds: whole("Of retry: how many further rounds of tries (1 where missing).", 1),
    rollbackTo: text("Of rollback: the state to compensate back to, or start.", { minLength: 1 }),
  };
  if (words.includes("escalate")) {
    properties.event = text("Of escalate: the event it raises (escalation where missing).", { minLength: 1 });
  }
  return fields("A strategy with its settings.", properties, ["strategy"]);
}
