/** States, in each form. */
import { actions } from "./action.js";
import { forPeople, identifier, metadata, plainIdentifier, template } from "./plain-parts.js";
import {
  choose,
  dictionary,
  fields,
  flag,
  jsonSchema,
  list,
  refer,
  type SchemaNode,
  text,
  whole,
  word,
} from "./schema-node.js";
import { onTimeout } from "./strategy.js";
import { BASE_STATE_TYPES, STATE_TYPE_SYNONYMS } from "./word-list.js";

const common = {
  ...forPeople,
  metadata,
  stateType: text(
    "A word of your business, never interpreted; but a final state of type error ends in status error.",
  ),
  data: refer("StateData", "The data of the state."),
  startOn: refer("StartTrigger", "On initial: what starts an instance here."),
  entryActions: actions("Actions that run when the state is entered, in order."),
  exitActions: actions("Actions that run when the state is left, in order."),
  timeout: refer("StateTimeout", "How long the whole stay in the state may last."),
  assignee: text("On userTask: who may send its events. A template.", { minLength: 1 }),
  candidateGroups: list(
    "On userTask: groups whose members may send its events. Templates.",
    text("A group.", { minLength: 1 }),
  ),
  triggeredBy: refer("ScopeTrigger", "On compound: an event of the enclosing scope that starts it."),
  terminate: flag("On final: ends its whole scope at once, not only its own token."),
  throws: refer("ThrownError", "On final and task: raises an error or an escalation."),
  emits: refer("EmittedMessage", "On final and task: sends a message or a signal."),
  wait: word(
    "On join: all takes a token from each incoming transition; active goes on when no other can come.",
    ["all", "active"],
  ),
  subMachine: refer("SubMachine", "The state runs a child instance and is done when the child is."),
  forEach: refer("ForEach", "One child instance for each item of a list."),
  initial: identifier(
    "On compound: the inner state that is entered first; the one of type initial where missing.",
  ),
} as const;

const authoredTypes = [...BASE_STATE_TYPES, ...Object.keys(STATE_TYPE_SYNONYMS)];

function arrayScope(state: string, transition: string) {
  return {
    states: list("On compound: the inner states.", refer(state, "A state.")),
    transitions: list("On compound: the inner transitions.", refer(transition, "A transition.")),
  } as const;
}

function arrayState(types: readonly string[], state: string, transition: string, region: string): SchemaNode {
  return fields(
    "A state.",
    {
      stateId: identifier("Unique in the machine."),
      baseStateType: word("What the state is to the engine.", types),
      ...common,
      ...arrayScope(state, transition),
      regions: list("On parallel: scopes that are all active at once.", refer(region, "A region.")),
    },
    ["stateId", "baseStateType"],
  );
}

const shortState = (more: { readonly [name: string]: SchemaNode }): SchemaNode =>
  fields(
    "A state; its id is its key.",
    {
      type: word("What the state is to the engine.", authoredTypes),
      ...common,
      regions: list("On parallel: scopes that are all active at once.", refer("ShortRegion", "A region.")),
      ...more,
    },
    ["type"],
  );

const region = (states: SchemaNode, transitions: SchemaNode): SchemaNode =>
  fields(
    "A region of a parallel state.",
    {
      regionId: identifier("Unique in the machine."),
      ...forPeople,
      states,
      transitions,
      initial: identifier("The state that is entered first; the one of type initial where missing."),
    },
    ["regionId", "states"],
  );

/** States by their ids, as the short form has them. */
export const shortStates = (description: string): SchemaNode =>
  dictionary(description, refer("ShortState", "A state."), {
    propertyNames: { $ref: "#/definitions/Identifier" },
  });

export const stateParts: { readonly [name: string]: SchemaNode } = {
  CanonicalState: arrayState(BASE_STATE_TYPES, "CanonicalState", "CanonicalTransition", "CanonicalRegion"),
  ArrayState: arrayState(authoredTypes, "ArrayState", "ArrayTransition", "ArrayRegion"),
  ShortState: {
    description: "A state; its id is its key.",
    ...choose(
      { type: "object", properties: { states: { type: "array" } }, required: ["states"] },
      { $ref: "#/definitions/ShortCompoundWithArrays" },
      { $ref: "#/definitions/PlainShortState" },
    ),
  },
  PlainShortState: shortState({
    states: shortStates("On compound: the inner states by their ids."),
    transitions: list(
      "The transitions that leave the state, or stay in it.",
      refer("ShortTransition", "A transition."),
    ),
  }),
  ShortCompoundWithArrays: shortState(arrayScope("ArrayState", "ArrayTransition")),
  CanonicalRegion: region(
    list("The states.", refer("CanonicalState", "A state.")),
    list("The transitions.", refer("CanonicalTransition", "A transition.")),
  ),
  ArrayRegion: region(
    list("The states.", refer("ArrayState", "A state.")),
    list("The transitions.", refer("ArrayTransition", "A transition.")),
  ),
  ShortRegion: region(
    shortStates("The states by their ids."),
    list("Transitions that do not stand in a state.", refer("ArrayTransition", "A transition.")),
  ),
  StateData: fields("The data of a state.", {
    schema: jsonSchema(
      "JSON Schema (draft-07) of the state's data. Additional properties count as false at the top level.",
    ),
    validate: word("When the data must be complete; by the kind of state where missing.", ["entry", "exit"]),
  }),
  StateTimeout: fields(
    "How long the stay may last.",
    { after: refer("Duration", "The time since entry."), onTimeout },
    ["after"],
  ),
  ScopeTrigger: fields(
    "An event of the enclosing scope.",
    {
      event: identifier("The event's id."),
      interrupts: flag("True: ends the rest of the scope."),
    },
    ["event"],
  ),
  ThrownError: fields("What is raised: one of these.", {
    error: text("The code of an error.", { minLength: 1 }),
    escalation: text("The code of an escalation.", { minLength: 1 }),
  }),
  EmittedMessage: fields("What is sent: one of message and signal.", {
    message: text("The name of a message.", { minLength: 1 }),
    signal: text("The name of a signal.", { minLength: 1 }),
    to: template(
      "Of a message: the id of the instance it is for; without one, machines that start on it start.",
    ),
    payload: template("What it carries."),
  }),
  SubMachine: fields(
    "A child instance.",
    {
      stateMachineId: plainIdentifier("The child's machine."),
      version: whole("Its version; the newest where missing.", 1),
      input: template("The child's data."),
      output: dictionary("What of the child's data is kept, by property.", template("The value.")),
    },
    ["stateMachineId"],
  ),
  ForEach: fields(
    "One child instance for each item of a list.",
    {
      items: text("A reference to the list, for example $data.orders.", { minLength: 1 }),
      as: text("The name of the item in the child's data.", { minLength: 1 }),
      subMachine: refer("SubMachine", "The child."),
      concurrency: whole("How many run at once.", 1),
      tolerate: whole("How many may fail; 0 where missing.", 0),
    },
    ["items"],
  ),
};
