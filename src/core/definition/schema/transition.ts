/** Transitions, in each form. */
import { actions } from "./action.js";
import { condition, forPeople, identifier, metadata } from "./plain-parts.js";
import {
  byType,
  choose,
  fields,
  flag,
  list,
  refer,
  type SchemaNode,
  text,
  when,
  word,
} from "./schema-node.js";
import { shortEvent, timingFields } from "./trigger.js";

const common = {
  transitionId: identifier("Unique in the machine; derived from its ends where missing."),
  ...forPeople,
  metadata,
  condition: condition("It is taken only if this holds; always where missing."),
  actions: actions("Actions that run between exit and entry."),
  interrupts: flag(
    "True: may fire while the state's actions are still under way, and cancels them. True where missing if the target is an error state.",
  ),
  keepSource: flag("True: the source stays as it is and a new token goes to the target."),
  distinctFrom: text(
    "Four eyes: an event or a transition; what takes this one may not be sent by whoever sent that one.",
    {
      minLength: 1,
    },
  ),
  default: flag("True: it is taken when no other of its state holds (decision and fork)."),
  history: word("Re-enters a compound state where it was left.", ["shallow", "deep"]),
} as const;

const ends = {
  fromStateId: byType('A state, a list of states, or "*" for every state that is not final.', [
    ["string", text('A state, or "*".', { minLength: 1 })],
    ["array", { ...list("States.", identifier("A state.")), minItems: 1 }],
  ]),
  toStateId: identifier("The target; without one the transition is internal: no exit, no entry."),
} as const;

const events = (trigger: string) =>
  list("Triggers, any of which fires it; without one it is automatic.", refer(trigger, "A trigger."));

export const transitionParts: { readonly [name: string]: SchemaNode } = {
  CanonicalTransition: fields("A transition.", { ...common, ...ends, event: events("EventTrigger") }, [
    "transitionId",
    "fromStateId",
  ]),
  ArrayTransition: fields("A transition.", { ...common, ...ends, event: events("AuthoredTrigger") }, [
    "fromStateId",
  ]),
  ShortTransition: fields(
    "A transition of the state that it stands in.",
    {
      ...common,
      target: identifier("The target; without one the transition is internal: no exit, no entry."),
      trigger: word("The kind of trigger; automatic where nothing else says what fires it.", [
        "manual",
        "automatic",
        "auto",
        "time-based",
        "timer",
      ]),
      event: byType("The id of an event, a whole trigger, or a list of them, any of which fires it.", [
        ["string", identifier("The id of an event that somebody sends.")],
        ["array", list("Events, any of which fires it.", shortEvent)],
        ["object", refer("AuthoredTrigger", "A whole trigger.")],
      ]),
      ...timingFields,
    },
    [],
    {
      allOf: [
        when("trigger", "manual", { required: ["event"] }),
        ...["time-based", "timer"].map((word) =>
          when(
            "trigger",
            word,
            choose(
              { not: { anyOf: [{ required: ["at"] }, { required: ["every"] }] } },
              { required: ["after"] },
            ),
          ),
        ),
      ],
    },
  ),
};
