/** The machine itself, in each form. */
import { forPeople, metadata, plainIdentifier } from "./plain-parts.js";
import { fields, list, refer, type SchemaNode, text, whole, word } from "./schema-node.js";
import { shortStates } from "./state.js";
import { onError, onTimeout } from "./strategy.js";
import { NOTICE_KINDS } from "./word-list.js";

const property = (description: string) => text(description, { minLength: 1 });

const common = {
  $schema: text("The address of this schema, for editors."),
  version: whole("The version; what is published under one never changes.", 1),
  ...forPeople,
  metadata,
  globalCallbackHandler: refer(
    "GlobalCallbackHandler",
    "A channel that is told of every state change of every instance.",
  ),
  globalErrorHandler: refer("GlobalErrorHandler", "What happens to failures of actions that do not say."),
  immutable: list(
    "Properties of data that may be set once and never changed.",
    property("A property of data."),
  ),
  sensitive: list(
    "JSON pointers into data that are masked wherever data leaves the engine.",
    text("A JSON pointer, for example /account/number.", { pattern: "^(/([^~/]|~[01])*)+$" }),
  ),
  searchable: list("Properties of data that instances can be found by.", property("A property of data.")),
  invariants: list("Expressions that must hold after every step.", refer("Expression", "An expression.")),
  actionDefaults: refer("ActionDefaults", "Settings for the actions that do not say."),
} as const;

function arrayDefinition(state: string, transition: string, required: readonly string[]): SchemaNode {
  return fields(
    "A state machine, in the canonical form.",
    {
      stateMachineId: plainIdentifier("The machine's identifier."),
      ...common,
      states: list("The states.", refer(state, "A state.")),
      transitions: list("The transitions.", refer(transition, "A transition.")),
    },
    required,
  );
}

export const machineParts: { readonly [name: string]: SchemaNode } = {
  CanonicalDefinition: arrayDefinition("CanonicalState", "CanonicalTransition", [
    "stateMachineId",
    "version",
    "states",
    "transitions",
  ]),
  ArrayDefinition: arrayDefinition("ArrayState", "ArrayTransition", ["stateMachineId", "states"]),
  ShortDefinition: fields(
    "A state machine, in the short form.",
    {
      id: plainIdentifier("The machine's identifier."),
      ...common,
      states: shortStates("The states by their ids."),
      transitions: list(
        "Transitions that do not stand in a state.",
        refer("ArrayTransition", "A transition."),
      ),
    },
    ["id", "states"],
  ),
  GlobalCallbackHandler: fields(
    "A channel that is told of every state change of every instance: one of webhook, kafka and file.",
    {
      webhook: refer("WebhookOut", "An HTTP call."),
      kafka: refer("KafkaOut", "A message to Kafka."),
      file: refer("FileOut", "A file that is written."),
      events: list(
        "The kinds of events it is told of; all where missing.",
        word("A kind of event.", NOTICE_KINDS),
      ),
    },
  ),
  GlobalErrorHandler: fields("What happens to failures of actions that do not say.", {
    onError,
    onTimeout,
    errorState: refer(
      "Identifier",
      "Where abort goes; the only error state, or the one with id error, where missing.",
    ),
  }),
};
