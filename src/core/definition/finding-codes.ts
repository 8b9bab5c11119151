/**
 * Every finding that validation can make. `docs/reference/findings.md` lists the same codes with the same words; a test
 * holds the two together. Codes are stable.
 */
export interface FindingKind {
  /** `error` keeps a definition from being used; a few codes are one or the other, by what was found. */
  readonly severity: "error" | "warning" | "error or warning";
  readonly meaning: string;
  readonly remedy: string;
}

const kinds = {
  // the text and its shape
  INVALID_JSON: error(
    "The text is not JSON, or holds what JSON cannot keep without loss.",
    "Correct the text at the place named.",
  ),
  UNKNOWN_FIELD: error(
    "A field that the language does not have.",
    "Use the name suggested, or begin your own fields with x-.",
  ),
  MISSING_FIELD: error("A field that must be there is missing.", "Add it."),
  INVALID_VALUE: error(
    "A value is not of the kind that its field takes.",
    "Write a value of the kind named.",
  ),
  LIMIT: error(
    "The definition is larger than the limits allow.",
    "Split the machine, or shorten what is too long.",
  ),
  NOT_RUN_YET: {
    severity: "error or warning",
    meaning:
      "The language has it, but this version of the engine does not run it. A warning where leaving it out changes nothing that happens.",
    remedy: "Say it with what is run, or wait for a version that runs it.",
  },
  // names
  DUPLICATE_ID: error("Two states, transitions, actions or regions have the same id.", "Rename one of them."),
  UNKNOWN_STATE: error(
    "A state is named that is not defined, or after done.state. one that has nothing to be done with.",
    "Correct the name, or define the state.",
  ),
  UNKNOWN_EVENT: error(
    "distinctFrom names an event or a transition that is not defined.",
    "Correct the name, or define the event.",
  ),
  IMPLIED_STATE: warning(
    "A target that is not defined was taken as a final state, because the short form defines none.",
    "Define the state with type final.",
  ),
  UNKNOWN_PROPERTY: warning(
    "immutable or searchable names a property that no state's schema declares.",
    "Correct the name, or declare the property.",
  ),
  // expressions, templates, schemas, durations
  EXPRESSION_SYNTAX: error("An expression cannot be read.", "Correct it at the column named."),
  EXPRESSION_UNKNOWN_ROOT: error(
    "An expression begins with a name that expressions do not know.",
    "Begin with data, event, variables or another root.",
  ),
  EXPRESSION_UNKNOWN_FUNCTION: error(
    "An expression calls a function that there is not.",
    "Use one of the functions of the language.",
  ),
  EXPRESSION_FORBIDDEN: error(
    "An expression holds what the language leaves out.",
    "Say it with what the language has.",
  ),
  EXPRESSION_ARGUMENTS: error(
    "A function is called with the wrong arguments.",
    "Give it the arguments named.",
  ),
  EXPRESSION_LIMIT: error("An expression is too long or nested too deep.", "Shorten it."),
  TEMPLATE_SYNTAX: error("A template cannot be read.", "Correct it at the column named."),
  TEMPLATE_UNKNOWN_ROOT: error(
    "A template begins with a name that templates do not know.",
    "Begin with data, event, variables or another root.",
  ),
  TEMPLATE_UNKNOWN_FUNCTION: error(
    "A template calls a function that there is not.",
    "Use one of the functions of the language.",
  ),
  TEMPLATE_FORBIDDEN: error(
    "A template holds what the language leaves out.",
    "Say it with what the language has.",
  ),
  TEMPLATE_ARGUMENTS: error(
    "A function in a template is called with the wrong arguments.",
    "Give it the arguments named.",
  ),
  TEMPLATE_LIMIT: error("A template is too long or nested too deep.", "Shorten it."),
  SCHEMA_INVALID: error(
    "A JSON Schema is not valid draft-07, or refers to something outside itself.",
    "Correct the schema; copy what it refers to into its definitions.",
  ),
  UNSAFE_PATTERN: error(
    "A regular expression in a schema can take exponential time, or cannot be read.",
    "Rewrite it without nested or overlapping repetitions.",
  ),
  INVALID_DURATION: error("A duration is not ISO 8601.", "Write it as in PT10S, P1D or P1M."),
  // the graph
  NO_INITIAL: error(
    "A scope has no initial state, or names one that is not inside it.",
    "Mark the state in which instances begin.",
  ),
  EMPTY_SCOPE: error(
    "A compound state or a region has no states, or a parallel state has no regions.",
    "Put the states into it, or make it a task.",
  ),
  MANY_INITIAL: error(
    "A scope has several initial states without startOn.",
    "Leave one, or say with startOn what starts each.",
  ),
  NO_FINAL: error(
    "The machine has no final state, so no instance could ever be completed.",
    "Mark the states in which instances end.",
  ),
  NEVER_DONE: warning(
    "A transition waits until a compound or parallel state is done, which it never is without a final state inside.",
    "Mark the states inside in which it is done as final.",
  ),
  UNREACHABLE_STATE: error("No way leads to a state.", "Add a transition to it, or remove it."),
  DEAD_END: error(
    "No way leads from a state to a final state.",
    "Add a transition, or make the state final.",
  ),
  AUTOMATIC_CYCLE: {
    severity: "error or warning",
    meaning:
      "Automatic transitions lead in a circle through states that wait for nothing. A warning where conditions may end it.",
    remedy: "Let one of the states wait, or one of the transitions need an event or a time.",
  },
  TRANSITION_FROM_FINAL: error(
    "A transition leaves a final state, in which nothing happens any more.",
    "Remove it, or make the state intermediate.",
  ),
  DECISION_INCOMPLETE: warning(
    "A decision, fork or join has conditions only; where none holds, the instance fails with NO_TRANSITION.",
    "Mark one transition as the default.",
  ),
  // several tokens
  JOIN_NEVER_FULL: error(
    "A join waits for tokens that can never be there together: its incoming transitions are alternatives.",
    "Make it an intermediate state, or fork where the ways part.",
  ),
  TOKEN_LOST: warning(
    "A transition leads a token away for which a join then waits in vain.",
    "Lead it to the join too, or let the join wait for active tokens only.",
  ),
  INTO_PARALLEL: warning(
    "A transition leads into the middle of a parallel state; its other regions begin where they begin.",
    "Lead it to the parallel state itself, if that is not what is meant.",
  ),
  ACROSS_REGIONS: warning(
    "A transition leads from one region into another; it leaves the whole parallel state and enters it again.",
    "Raise an event that the other region waits for, if the rest should stay as it is.",
  ),
  REGION_CONFLICT: warning(
    "Two regions take the same event, and at least one of them leaves the parallel state: only the first is taken.",
    "Give the events different ids, or leave the parallel state from the state itself.",
  ),
  // words
  NO_MEANING: {
    severity: "error or warning",
    meaning:
      "Something stands where it means nothing. A warning where the rest still does what it says, an error where it does not.",
    remedy: "Remove it, or make the state what it needs to be.",
  },
  NOT_ONE_OF: error("Of fields of which exactly one must be there, none is or several are.", "Leave one."),
  // data
  NOTHING_PROVIDES: warning(
    "A property of data is read that no schema declares and no action sets.",
    "Declare the property where it comes in, or correct the name.",
  ),
  REQUIRES_UNSET: warning(
    "A state requires a property that nothing on the way to it can have set.",
    "Set it with output or assign, or do not require it.",
  ),
  // care
  NO_TIMEOUT: warning(
    "An action that calls the outside has no timeout of its own; 30 seconds apply.",
    "Write the timeout that the other side deserves.",
  ),
  NO_COMPENSATION: warning(
    "An action calls the outside, a rollback can reach it, and nothing undoes it.",
    "Add compensate to the action, or accept that what it did stays done.",
  ),
  UNDO_GROWS: warning(
    "A machine that can go in circles keeps what undoes each round, because some rollbackTo is start.",
    "Roll back to a state of the round, or let a child do the round; after 1,000 undos an incident asks.",
  ),
  NO_ERROR_ROUTE: warning(
    "Nothing says what happens when an action fails; the instance is then aborted.",
    "Add onError to the action or the machine, or a transition on the event error.",
  ),
  ERROR_STATE_NOT_FINAL: error(
    "errorState names a state that does not end the instance; what is aborted would go on.",
    "Make it a state of type error or final, or name another.",
  ),
  NO_ERROR_STATE: warning(
    "There is no error state for abort to go to; instances end in status error where they are.",
    "Add a state of type error, or name one with errorState.",
  ),
  PLAIN_HTTP: warning("A webhook goes to a public host over plain http.", "Use https."),
  // messages from outside
  NO_CORRELATION: error(
    "A webhook on a transition does not say which instance it is for.",
    "Say with correlate what the instance waits with, and with message which value must equal it.",
  ),
  WRONG_ROOT: error(
    "What looks at a message reads something else, or what an instance waits with reads a message.",
    "Begin with message in the one, with data, variables, instance or actions in the other.",
  ),
  WEBHOOK_CONFLICT: error(
    "Webhooks of one path verify their senders in different ways.",
    "Verify them in the same way, or give one of them another path.",
  ),
  UNVERIFIED_WEBHOOK: warning(
    "Whoever knows the path of a webhook can send it.",
    "Say with verify how its sender proves who it is.",
  ),
  UNSIGNED_VALUE: warning(
    "An instance is found by a part of the message that its signature does not cover.",
    "Take the value of the body.",
  ),
  LITERAL_SECRET: warning(
    "A secret stands in the definition itself.",
    'Name a secret instead: { "secret": "NAME" }.',
  ),
} satisfies { readonly [code: string]: FindingKind };

export type FindingCode = keyof typeof kinds;

export const FINDING_KINDS: { readonly [code in FindingCode]: FindingKind } = kinds;

function error(meaning: string, remedy: string): FindingKind {
  return { severity: "error", meaning, remedy };
}

function warning(meaning: string, remedy: string): FindingKind {
  return { severity: "warning", meaning, remedy };
}
