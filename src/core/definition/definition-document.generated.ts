// Generated from src/core/definition/schema by scripts/generate.mjs. Do not edit.
import type {Json, JsonObject} from "../json/json.js";

/**
 * A state; its id is its key.
 */
export type ShortState = ShortCompoundWithArrays | PlainShortState;
/**
 * What fires the transition.
 */
export type EventTrigger =
  | EventManualTrigger
  | EventAutomaticTrigger
  | EventTimeTrigger
  | EventWebhookTrigger
  | EventKafkaTrigger
  | EventFileTrigger
  | EventSignalTrigger;
/**
 * What fires the transition.
 */
export type AuthoredTrigger =
  | AuthoredManualTrigger
  | AuthoredAutomaticTrigger
  | AuthoredTimeTrigger
  | AuthoredWebhookTrigger
  | AuthoredKafkaTrigger
  | AuthoredFileTrigger
  | AuthoredSignalTrigger;
/**
 * What starts an instance here.
 */
export type StartTrigger = WebhookStart | KafkaStart | FileStart | TimeStart | MessageStart | SignalStart;
/**
 * What happens when the tries are used up or the failure is final.
 */
export type ErrorStrategies = ErrorStrategyWord | ErrorStrategy[] | ErrorStrategySettings;
/**
 * A strategy: a word, or an object with its settings.
 */
export type ErrorStrategy = ErrorStrategyWord | ErrorStrategySettings;
/**
 * A strategy for failures.
 */
export type ErrorStrategyWord = "retry" | "ignore" | "log" | "notify" | "abort" | "rollback";
/**
 * What happens each time a try or a wait runs out of time.
 */
export type TimeoutStrategies = TimeoutStrategyWord | TimeoutStrategy[] | TimeoutStrategySettings;
/**
 * A strategy: a word, or an object with its settings.
 */
export type TimeoutStrategy = TimeoutStrategyWord | TimeoutStrategySettings;
/**
 * A strategy for running out of time.
 */
export type TimeoutStrategyWord =
  "retry" | "ignore" | "log" | "notify" | "abort" | "rollback" | "proceed" | "escalate";
/**
 * Which responses count as success.
 */
export type ExpectedResponse = string | number | ExpectedResponseParts;
/**
 * A status.
 */
export type ExpectedStatus = string | number;
/**
 * An identifier: a letter or underscore first, then letters, digits, underscores, dots and hyphens.
 */
export type Identifier = string;
/**
 * An identifier of ASCII letters, digits, underscores, dots and hyphens that begins with a letter or underscore.
 */
export type PlainIdentifier = string;
/**
 * An ISO 8601 duration, for example PT10S, P1M, P2W, PT0.5S or P1DT12H.
 */
export type Duration = string;
/**
 * An expression, for example data.amount > 0.
 */
export type Expression = string;
/**
 * An expression, or one in another language.
 */
export type Condition = Expression | FeelCondition;
/**
 * A secret by name. A literal text works, with a warning.
 */
export type SecretText = string | Secret;

/**
 * A state machine, in the canonical form.
 */
export type CanonicalDefinition = {
  /**
   * The machine's identifier.
   */
  stateMachineId: PlainIdentifier;
  /**
   * The address of this schema, for editors.
   */
  $schema?: string;
  /**
   * The version; what is published under one never changes.
   */
  version: number;
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * Anything you like; never interpreted.
   */
  metadata?: JsonObject;
  /**
   * A channel that is told of every state change of every instance.
   */
  globalCallbackHandler?: GlobalCallbackHandler;
  /**
   * What happens to failures of actions that do not say.
   */
  globalErrorHandler?: GlobalErrorHandler;
  /**
   * Properties of data that may be set once and never changed.
   *
   * Items: A property of data.
   */
  immutable?: string[];
  /**
   * JSON pointers into data that are masked wherever data leaves the engine.
   *
   * Items: A JSON pointer, for example /account/number.
   */
  sensitive?: string[];
  /**
   * Properties of data that instances can be found by.
   *
   * Items: A property of data.
   */
  searchable?: string[];
  /**
   * Expressions that must hold after every step.
   *
   * Items: An expression.
   */
  invariants?: Expression[];
  /**
   * Settings for the actions that do not say.
   */
  actionDefaults?: ActionDefaults;
  /**
   * The states.
   *
   * Items: A state.
   */
  states: CanonicalState[];
  /**
   * The transitions.
   *
   * Items: A transition.
   */
  transitions: CanonicalTransition[];
}
/**
 * A state machine, in the canonical form.
 */
export type ArrayDefinition = {
  /**
   * The machine's identifier.
   */
  stateMachineId: PlainIdentifier;
  /**
   * The address of this schema, for editors.
   */
  $schema?: string;
  /**
   * The version; what is published under one never changes.
   */
  version?: number;
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * Anything you like; never interpreted.
   */
  metadata?: JsonObject;
  /**
   * A channel that is told of every state change of every instance.
   */
  globalCallbackHandler?: GlobalCallbackHandler;
  /**
   * What happens to failures of actions that do not say.
   */
  globalErrorHandler?: GlobalErrorHandler;
  /**
   * Properties of data that may be set once and never changed.
   *
   * Items: A property of data.
   */
  immutable?: string[];
  /**
   * JSON pointers into data that are masked wherever data leaves the engine.
   *
   * Items: A JSON pointer, for example /account/number.
   */
  sensitive?: string[];
  /**
   * Properties of data that instances can be found by.
   *
   * Items: A property of data.
   */
  searchable?: string[];
  /**
   * Expressions that must hold after every step.
   *
   * Items: An expression.
   */
  invariants?: Expression[];
  /**
   * Settings for the actions that do not say.
   */
  actionDefaults?: ActionDefaults;
  /**
   * The states.
   *
   * Items: A state.
   */
  states: ArrayState[];
  /**
   * The transitions.
   *
   * Items: A transition.
   */
  transitions?: ArrayTransition[];
}
/**
 * A state machine, in the short form.
 */
export type ShortDefinition = {
  /**
   * The machine's identifier.
   */
  id: PlainIdentifier;
  /**
   * The address of this schema, for editors.
   */
  $schema?: string;
  /**
   * The version; what is published under one never changes.
   */
  version?: number;
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * Anything you like; never interpreted.
   */
  metadata?: JsonObject;
  /**
   * A channel that is told of every state change of every instance.
   */
  globalCallbackHandler?: GlobalCallbackHandler;
  /**
   * What happens to failures of actions that do not say.
   */
  globalErrorHandler?: GlobalErrorHandler;
  /**
   * Properties of data that may be set once and never changed.
   *
   * Items: A property of data.
   */
  immutable?: string[];
  /**
   * JSON pointers into data that are masked wherever data leaves the engine.
   *
   * Items: A JSON pointer, for example /account/number.
   */
  sensitive?: string[];
  /**
   * Properties of data that instances can be found by.
   *
   * Items: A property of data.
   */
  searchable?: string[];
  /**
   * Expressions that must hold after every step.
   *
   * Items: An expression.
   */
  invariants?: Expression[];
  /**
   * Settings for the actions that do not say.
   */
  actionDefaults?: ActionDefaults;
  /**
   * The states by their ids.
   */
  states: {
    /**
     * A state.
     */
    [k: string]: ShortState;
  };
  /**
   * Transitions that do not stand in a state.
   *
   * Items: A transition.
   */
  transitions?: ArrayTransition[];
}
/**
 * A channel that is told of every state change of every instance: one of webhook, kafka and file.
 */
export type GlobalCallbackHandler = {
  /**
   * An HTTP call.
   */
  webhook?: WebhookOut;
  /**
   * A message to Kafka.
   */
  kafka?: KafkaOut;
  /**
   * A file that is written.
   */
  file?: FileOut;
  /**
   * The kinds of events it is told of; all where missing.
   *
   * Items: A kind of event.
   */
  events?: ("state-changed" | "completed" | "error" | "cancelled" | "incident-opened" | "notification")[];
}
/**
 * What happens to failures of actions that do not say.
 */
export type GlobalErrorHandler = {
  /**
   * What happens when the tries are used up or the failure is final. The machine's where missing.
   */
  onError?: ErrorStrategies;
  /**
   * What happens each time a try or a wait runs out of time. The machine's where missing.
   */
  onTimeout?: TimeoutStrategies;
  /**
   * Where abort goes; the only error state, or the one with id error, where missing.
   */
  errorState?: Identifier;
}
/**
 * A state.
 */
export type CanonicalState = {
  /**
   * Unique in the machine.
   */
  stateId: Identifier;
  /**
   * What the state is to the engine.
   */
  baseStateType:
    | "initial"
    | "intermediate"
    | "final"
    | "task"
    | "userTask"
    | "wait"
    | "decision"
    | "fork"
    | "join"
    | "compound"
    | "parallel"
    | "error";
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * Anything you like; never interpreted.
   */
  metadata?: JsonObject;
  /**
   * A word of your business, never interpreted; but a final state of type error ends in status error.
   */
  stateType?: string;
  /**
   * The data of the state.
   */
  data?: StateData;
  /**
   * On initial: what starts an instance here.
   */
  startOn?: StartTrigger;
  /**
   * Actions that run when the state is entered, in order.
   *
   * Items: An action.
   */
  entryActions?: CanonicalAction[];
  /**
   * Actions that run when the state is left, in order.
   *
   * Items: An action.
   */
  exitActions?: CanonicalAction[];
  /**
   * How long the whole stay in the state may last.
   */
  timeout?: StateTimeout;
  /**
   * On userTask: who may send its events. A template.
   */
  assignee?: string;
  /**
   * On userTask: groups whose members may send its events. Templates.
   *
   * Items: A group.
   */
  candidateGroups?: string[];
  /**
   * On compound: an event of the enclosing scope that starts it.
   */
  triggeredBy?: ScopeTrigger;
  /**
   * On final: ends its whole scope at once, not only its own token.
   */
  terminate?: boolean;
  /**
   * On final and task: raises an error or an escalation.
   */
  throws?: ThrownError;
  /**
   * On final and task: sends a message or a signal.
   */
  emits?: EmittedMessage;
  /**
   * On join: all takes a token from each incoming transition; active goes on when no other can come.
   */
  wait?: "all" | "active";
  /**
   * The state runs a child instance and is done when the child is.
   */
  subMachine?: SubMachine;
  /**
   * One child instance for each item of a list.
   */
  forEach?: ForEach;
  /**
   * On compound: the inner state that is entered first; the one of type initial where missing.
   */
  initial?: Identifier;
  /**
   * On compound: the inner states.
   *
   * Items: A state.
   */
  states?: CanonicalState[];
  /**
   * On compound: the inner transitions.
   *
   * Items: A transition.
   */
  transitions?: CanonicalTransition[];
  /**
   * On parallel: scopes that are all active at once.
   *
   * Items: A region.
   */
  regions?: CanonicalRegion[];
}
/**
 * A state.
 */
export type ArrayState = {
  /**
   * Unique in the machine.
   */
  stateId: Identifier;
  /**
   * What the state is to the engine.
   */
  baseStateType:
    | "initial"
    | "intermediate"
    | "final"
    | "task"
    | "userTask"
    | "wait"
    | "decision"
    | "fork"
    | "join"
    | "compound"
    | "parallel"
    | "error"
    | "user";
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * Anything you like; never interpreted.
   */
  metadata?: JsonObject;
  /**
   * A word of your business, never interpreted; but a final state of type error ends in status error.
   */
  stateType?: string;
  /**
   * The data of the state.
   */
  data?: StateData;
  /**
   * On initial: what starts an instance here.
   */
  startOn?: StartTrigger;
  /**
   * Actions that run when the state is entered, in order.
   *
   * Items: An action.
   */
  entryActions?: CanonicalAction[];
  /**
   * Actions that run when the state is left, in order.
   *
   * Items: An action.
   */
  exitActions?: CanonicalAction[];
  /**
   * How long the whole stay in the state may last.
   */
  timeout?: StateTimeout;
  /**
   * On userTask: who may send its events. A template.
   */
  assignee?: string;
  /**
   * On userTask: groups whose members may send its events. Templates.
   *
   * Items: A group.
   */
  candidateGroups?: string[];
  /**
   * On compound: an event of the enclosing scope that starts it.
   */
  triggeredBy?: ScopeTrigger;
  /**
   * On final: ends its whole scope at once, not only its own token.
   */
  terminate?: boolean;
  /**
   * On final and task: raises an error or an escalation.
   */
  throws?: ThrownError;
  /**
   * On final and task: sends a message or a signal.
   */
  emits?: EmittedMessage;
  /**
   * On join: all takes a token from each incoming transition; active goes on when no other can come.
   */
  wait?: "all" | "active";
  /**
   * The state runs a child instance and is done when the child is.
   */
  subMachine?: SubMachine;
  /**
   * One child instance for each item of a list.
   */
  forEach?: ForEach;
  /**
   * On compound: the inner state that is entered first; the one of type initial where missing.
   */
  initial?: Identifier;
  /**
   * On compound: the inner states.
   *
   * Items: A state.
   */
  states?: ArrayState[];
  /**
   * On compound: the inner transitions.
   *
   * Items: A transition.
   */
  transitions?: ArrayTransition[];
  /**
   * On parallel: scopes that are all active at once.
   *
   * Items: A region.
   */
  regions?: ArrayRegion[];
}
/**
 * A state; its id is its key.
 */
export type PlainShortState = {
  /**
   * What the state is to the engine.
   */
  type:
    | "initial"
    | "intermediate"
    | "final"
    | "task"
    | "userTask"
    | "wait"
    | "decision"
    | "fork"
    | "join"
    | "compound"
    | "parallel"
    | "error"
    | "user";
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * Anything you like; never interpreted.
   */
  metadata?: JsonObject;
  /**
   * A word of your business, never interpreted; but a final state of type error ends in status error.
   */
  stateType?: string;
  /**
   * The data of the state.
   */
  data?: StateData;
  /**
   * On initial: what starts an instance here.
   */
  startOn?: StartTrigger;
  /**
   * Actions that run when the state is entered, in order.
   *
   * Items: An action.
   */
  entryActions?: CanonicalAction[];
  /**
   * Actions that run when the state is left, in order.
   *
   * Items: An action.
   */
  exitActions?: CanonicalAction[];
  /**
   * How long the whole stay in the state may last.
   */
  timeout?: StateTimeout;
  /**
   * On userTask: who may send its events. A template.
   */
  assignee?: string;
  /**
   * On userTask: groups whose members may send its events. Templates.
   *
   * Items: A group.
   */
  candidateGroups?: string[];
  /**
   * On compound: an event of the enclosing scope that starts it.
   */
  triggeredBy?: ScopeTrigger;
  /**
   * On final: ends its whole scope at once, not only its own token.
   */
  terminate?: boolean;
  /**
   * On final and task: raises an error or an escalation.
   */
  throws?: ThrownError;
  /**
   * On final and task: sends a message or a signal.
   */
  emits?: EmittedMessage;
  /**
   * On join: all takes a token from each incoming transition; active goes on when no other can come.
   */
  wait?: "all" | "active";
  /**
   * The state runs a child instance and is done when the child is.
   */
  subMachine?: SubMachine;
  /**
   * One child instance for each item of a list.
   */
  forEach?: ForEach;
  /**
   * On compound: the inner state that is entered first; the one of type initial where missing.
   */
  initial?: Identifier;
  /**
   * On parallel: scopes that are all active at once.
   *
   * Items: A region.
   */
  regions?: ShortRegion[];
  /**
   * On compound: the inner states by their ids.
   */
  states?: {
    /**
     * A state.
     */
    [k: string]: ShortState;
  };
  /**
   * The transitions that leave the state, or stay in it.
   *
   * Items: A transition.
   */
  transitions?: ShortTransition[];
}
/**
 * A state; its id is its key.
 */
export type ShortCompoundWithArrays = {
  /**
   * What the state is to the engine.
   */
  type:
    | "initial"
    | "intermediate"
    | "final"
    | "task"
    | "userTask"
    | "wait"
    | "decision"
    | "fork"
    | "join"
    | "compound"
    | "parallel"
    | "error"
    | "user";
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * Anything you like; never interpreted.
   */
  metadata?: JsonObject;
  /**
   * A word of your business, never interpreted; but a final state of type error ends in status error.
   */
  stateType?: string;
  /**
   * The data of the state.
   */
  data?: StateData;
  /**
   * On initial: what starts an instance here.
   */
  startOn?: StartTrigger;
  /**
   * Actions that run when the state is entered, in order.
   *
   * Items: An action.
   */
  entryActions?: CanonicalAction[];
  /**
   * Actions that run when the state is left, in order.
   *
   * Items: An action.
   */
  exitActions?: CanonicalAction[];
  /**
   * How long the whole stay in the state may last.
   */
  timeout?: StateTimeout;
  /**
   * On userTask: who may send its events. A template.
   */
  assignee?: string;
  /**
   * On userTask: groups whose members may send its events. Templates.
   *
   * Items: A group.
   */
  candidateGroups?: string[];
  /**
   * On compound: an event of the enclosing scope that starts it.
   */
  triggeredBy?: ScopeTrigger;
  /**
   * On final: ends its whole scope at once, not only its own token.
   */
  terminate?: boolean;
  /**
   * On final and task: raises an error or an escalation.
   */
  throws?: ThrownError;
  /**
   * On final and task: sends a message or a signal.
   */
  emits?: EmittedMessage;
  /**
   * On join: all takes a token from each incoming transition; active goes on when no other can come.
   */
  wait?: "all" | "active";
  /**
   * The state runs a child instance and is done when the child is.
   */
  subMachine?: SubMachine;
  /**
   * One child instance for each item of a list.
   */
  forEach?: ForEach;
  /**
   * On compound: the inner state that is entered first; the one of type initial where missing.
   */
  initial?: Identifier;
  /**
   * On parallel: scopes that are all active at once.
   *
   * Items: A region.
   */
  regions?: ShortRegion[];
  /**
   * On compound: the inner states.
   *
   * Items: A state.
   */
  states?: ArrayState[];
  /**
   * On compound: the inner transitions.
   *
   * Items: A transition.
   */
  transitions?: ArrayTransition[];
}
/**
 * A region of a parallel state.
 */
export type CanonicalRegion = {
  /**
   * Unique in the machine.
   */
  regionId: Identifier;
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * The states.
   *
   * Items: A state.
   */
  states: CanonicalState[];
  /**
   * The transitions.
   *
   * Items: A transition.
   */
  transitions?: CanonicalTransition[];
  /**
   * The state that is entered first; the one of type initial where missing.
   */
  initial?: Identifier;
}
/**
 * A region of a parallel state.
 */
export type ArrayRegion = {
  /**
   * Unique in the machine.
   */
  regionId: Identifier;
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * The states.
   *
   * Items: A state.
   */
  states: ArrayState[];
  /**
   * The transitions.
   *
   * Items: A transition.
   */
  transitions?: ArrayTransition[];
  /**
   * The state that is entered first; the one of type initial where missing.
   */
  initial?: Identifier;
}
/**
 * A region of a parallel state.
 */
export type ShortRegion = {
  /**
   * Unique in the machine.
   */
  regionId: Identifier;
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * The states by their ids.
   */
  states: {
    /**
     * A state.
     */
    [k: string]: ShortState;
  };
  /**
   * Transitions that do not stand in a state.
   *
   * Items: A transition.
   */
  transitions?: ArrayTransition[];
  /**
   * The state that is entered first; the one of type initial where missing.
   */
  initial?: Identifier;
}
/**
 * The data of a state.
 */
export type StateData = {
  /**
   * JSON Schema (draft-07) of the state's data. Additional properties count as false at the top level.
   */
  schema?: JsonObject | boolean;
  /**
   * When the data must be complete; by the kind of state where missing.
   */
  validate?: "entry" | "exit";
}
/**
 * How long the stay may last.
 */
export type StateTimeout = {
  /**
   * The time since entry.
   */
  after: Duration;
  /**
   * What happens each time a try or a wait runs out of time. The machine's where missing.
   */
  onTimeout?: TimeoutStrategies;
}
/**
 * An event of the enclosing scope.
 */
export type ScopeTrigger = {
  /**
   * The event's id.
   */
  event: Identifier;
  /**
   * True: ends the rest of the scope.
   */
  interrupts?: boolean;
}
/**
 * What is raised: one of these.
 */
export type ThrownError = {
  /**
   * The code of an error.
   */
  error?: string;
  /**
   * The code of an escalation.
   */
  escalation?: string;
}
/**
 * What is sent: one of message and signal.
 */
export type EmittedMessage = {
  /**
   * The name of a message.
   */
  message?: string;
  /**
   * The name of a signal.
   */
  signal?: string;
  /**
   * Of a message: the id of the instance it is for; without one, machines that start on it start. Strings in it are templates: "$data.id" or "${expression}".
   */
  to?: Json;
  /**
   * What it carries. Strings in it are templates: "$data.id" or "${expression}".
   */
  payload?: Json;
}
/**
 * A child instance.
 */
export type SubMachine = {
  /**
   * The child's machine.
   */
  stateMachineId: PlainIdentifier;
  /**
   * Its version; the newest where missing.
   */
  version?: number;
  /**
   * The child's data. Strings in it are templates: "$data.id" or "${expression}".
   */
  input?: Json;
  /**
   * What of the child's data is kept, by property.
   */
  output?: {
    /**
     * The value. Strings in it are templates: "$data.id" or "${expression}".
     */
    [k: string]: Json;
  };
}
/**
 * One child instance for each item of a list.
 */
export type ForEach = {
  /**
   * A reference to the list, for example $data.orders.
   */
  items: string;
  /**
   * The name of the item in the child's data.
   */
  as?: string;
  /**
   * The child.
   */
  subMachine?: SubMachine;
  /**
   * How many run at once.
   */
  concurrency?: number;
  /**
   * How many may fail; 0 where missing.
   */
  tolerate?: number;
}
/**
 * A transition.
 */
export type CanonicalTransition = {
  /**
   * Unique in the machine; derived from its ends where missing.
   */
  transitionId: Identifier;
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * Anything you like; never interpreted.
   */
  metadata?: JsonObject;
  /**
   * It is taken only if this holds; always where missing.
   */
  condition?: Condition;
  /**
   * Actions that run between exit and entry.
   *
   * Items: An action.
   */
  actions?: CanonicalAction[];
  /**
   * True: may fire while the state's actions are still under way, and cancels them. True where missing if the target is an error state.
   */
  interrupts?: boolean;
  /**
   * True: the source stays as it is and a new token goes to the target.
   */
  keepSource?: boolean;
  /**
   * Four eyes: an event or a transition; what takes this one may not be sent by whoever sent that one.
   */
  distinctFrom?: string;
  /**
   * True: it is taken when no other of its state holds (decision and fork).
   */
  default?: boolean;
  /**
   * Re-enters a compound state where it was left.
   */
  history?: "shallow" | "deep";
  /**
   * A state, a list of states, or "*" for every state that is not final.
   */
  fromStateId: string | Identifier[];
  /**
   * The target; without one the transition is internal: no exit, no entry.
   */
  toStateId?: Identifier;
  /**
   * Triggers, any of which fires it; without one it is automatic.
   *
   * Items: A trigger.
   */
  event?: EventTrigger[];
}
/**
 * A transition.
 */
export type ArrayTransition = {
  /**
   * Unique in the machine; derived from its ends where missing.
   */
  transitionId?: Identifier;
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * Anything you like; never interpreted.
   */
  metadata?: JsonObject;
  /**
   * It is taken only if this holds; always where missing.
   */
  condition?: Condition;
  /**
   * Actions that run between exit and entry.
   *
   * Items: An action.
   */
  actions?: CanonicalAction[];
  /**
   * True: may fire while the state's actions are still under way, and cancels them. True where missing if the target is an error state.
   */
  interrupts?: boolean;
  /**
   * True: the source stays as it is and a new token goes to the target.
   */
  keepSource?: boolean;
  /**
   * Four eyes: an event or a transition; what takes this one may not be sent by whoever sent that one.
   */
  distinctFrom?: string;
  /**
   * True: it is taken when no other of its state holds (decision and fork).
   */
  default?: boolean;
  /**
   * Re-enters a compound state where it was left.
   */
  history?: "shallow" | "deep";
  /**
   * A state, a list of states, or "*" for every state that is not final.
   */
  fromStateId: string | Identifier[];
  /**
   * The target; without one the transition is internal: no exit, no entry.
   */
  toStateId?: Identifier;
  /**
   * Triggers, any of which fires it; without one it is automatic.
   *
   * Items: A trigger.
   */
  event?: AuthoredTrigger[];
}
/**
 * A transition of the state that it stands in.
 */
export type ShortTransition = {
  /**
   * Unique in the machine; derived from its ends where missing.
   */
  transitionId?: Identifier;
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * Anything you like; never interpreted.
   */
  metadata?: JsonObject;
  /**
   * It is taken only if this holds; always where missing.
   */
  condition?: Condition;
  /**
   * Actions that run between exit and entry.
   *
   * Items: An action.
   */
  actions?: CanonicalAction[];
  /**
   * True: may fire while the state's actions are still under way, and cancels them. True where missing if the target is an error state.
   */
  interrupts?: boolean;
  /**
   * True: the source stays as it is and a new token goes to the target.
   */
  keepSource?: boolean;
  /**
   * Four eyes: an event or a transition; what takes this one may not be sent by whoever sent that one.
   */
  distinctFrom?: string;
  /**
   * True: it is taken when no other of its state holds (decision and fork).
   */
  default?: boolean;
  /**
   * Re-enters a compound state where it was left.
   */
  history?: "shallow" | "deep";
  /**
   * The target; without one the transition is internal: no exit, no entry.
   */
  target?: Identifier;
  /**
   * The kind of trigger; automatic where nothing else says what fires it.
   */
  trigger?: "manual" | "automatic" | "auto" | "time-based" | "timer";
  /**
   * The id of an event, a whole trigger, or a list of them, any of which fires it.
   */
  event?: Identifier | (Identifier | AuthoredTrigger)[] | AuthoredTrigger;
  /**
   * How long after entry, as an ISO 8601 duration.
   */
  after?: Duration;
  /**
   * When: a timestamp, or a reference such as $data.dueDate.
   */
  at?: string;
  /**
   * How often: a duration or a cron expression.
   */
  every?: string;
  /**
   * The time zone of calendar arithmetic and cron, for example Europe/Berlin; UTC where missing.
   */
  timezone?: string;
  /**
   * Of every: what becomes of the times that were missed while nothing ran. once: one for all of them (where missing); all: each; skip: none.
   */
  catchUp?: "once" | "all" | "skip";
}
/**
 * Somebody sends the event.
 */
export type EventManualTrigger = {
  /**
   * The event's id; one id may stand on several transitions.
   */
  eventId: Identifier;
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * The kind of trigger.
   */
  trigger: "manual";
}
/**
 * As soon as the state is settled, and whenever data changes after that.
 */
export type EventAutomaticTrigger = {
  /**
   * The event's id; one id may stand on several transitions.
   */
  eventId: Identifier;
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * The kind of trigger.
   */
  trigger: "automatic";
}
/**
 * When the time has come: one of after, at and every.
 */
export type EventTimeTrigger = {
  /**
   * The event's id; one id may stand on several transitions.
   */
  eventId: Identifier;
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * The kind of trigger.
   */
  trigger: "time-based";
  /**
   * How long after entry, as an ISO 8601 duration.
   */
  after?: Duration;
  /**
   * When: a timestamp, or a reference such as $data.dueDate.
   */
  at?: string;
  /**
   * How often: a duration or a cron expression.
   */
  every?: string;
  /**
   * The time zone of calendar arithmetic and cron, for example Europe/Berlin; UTC where missing.
   */
  timezone?: string;
  /**
   * Of every: what becomes of the times that were missed while nothing ran. once: one for all of them (where missing); all: each; skip: none.
   */
  catchUp?: "once" | "all" | "skip";
}
/**
 * A request comes in.
 */
export type EventWebhookTrigger = {
  /**
   * The event's id; one id may stand on several transitions.
   */
  eventId: Identifier;
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * The kind of trigger.
   */
  trigger: "webhook";
  /**
   * The path under /hooks/, with :names for its variable parts.
   */
  path: string;
  /**
   * What the instance waits with: a template over it, whose value the message must carry.
   */
  correlate?: string;
  /**
   * Over message: the value that must equal what correlate gives.
   */
  message?: Expression;
  /**
   * Must hold over message for the request to count.
   */
  condition?: Condition;
  /**
   * What of the request becomes data, as templates over message; the body's properties that the states declare where missing.
   */
  data?: {
    /**
     * A property's value, over message. Strings in it are templates: "$data.id" or "${expression}".
     */
    [k: string]: Json;
  };
  /**
   * Over message: what the same message has again when it is repeated; the header webhook-id or idempotency-key where missing, else path, query and body.
   */
  messageId?: Expression;
  /**
   * The JSON Schema of the request's body.
   */
  expectedMessage?: JsonObject | boolean;
  /**
   * How a sender proves who it is; anybody may send where missing.
   */
  verify?: WebhookVerify;
}
/**
 * A message comes in.
 */
export type EventKafkaTrigger = {
  /**
   * The event's id; one id may stand on several transitions.
   */
  eventId: Identifier;
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * The kind of trigger.
   */
  trigger: "kafka";
  /**
   * The cluster's name in the configuration.
   */
  cluster?: string;
  /**
   * Addresses of brokers, where no cluster is named.
   *
   * Items: host:port
   */
  brokers?: string[];
  /**
   * The topic.
   */
  topic: string;
  /**
   * The consumer group.
   */
  group?: string;
  /**
   * What the instance waits with: a template over it, whose value the message must carry.
   */
  correlate?: string;
  /**
   * Over message: the value that must equal what correlate gives.
   */
  message?: Expression;
  /**
   * The JSON Schema of the message's value.
   */
  expectedMessage?: JsonObject | boolean;
  /**
   * Must hold over message for it to count.
   */
  condition?: Condition;
  /**
   * What happens to a message that fits nothing; dlq where missing.
   */
  onUnmatched?: "dlq" | "drop" | "stop";
}
/**
 * A file comes in.
 */
export type EventFileTrigger = {
  /**
   * The event's id; one id may stand on several transitions.
   */
  eventId: Identifier;
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * The kind of trigger.
   */
  trigger: "file";
  /**
   * The files to watch, for example inbox/transfers/*.json.
   */
  watch: string;
  /**
   * How it is read; by its ending where missing.
   */
  format?: "json" | "ndjson" | "csv" | "text";
  /**
   * What finds the instance: a reference whose value equals the file's.
   */
  correlate?: string;
  /**
   * What is taken of the file as the event's data.
   */
  message?: Expression;
  /**
   * The JSON Schema of its content.
   */
  expectedContent?: JsonObject | boolean;
  /**
   * A text that it must hold.
   */
  contentMatches?: string;
  /**
   * Must hold over file for it to count.
   */
  condition?: Condition;
  /**
   * How long its size and time must not change before it counts as complete.
   */
  settle?: Duration;
  /**
   * What happens to an accepted file; move where missing.
   */
  then?: "move" | "delete" | "keep";
}
/**
 * A named signal is broadcast; every instance that waits for it takes it.
 */
export type EventSignalTrigger = {
  /**
   * The event's id; one id may stand on several transitions.
   */
  eventId: Identifier;
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * The kind of trigger.
   */
  trigger: "signal";
  /**
   * The signal's name; the event's id where missing.
   */
  signal?: string;
}
/**
 * Somebody sends the event.
 */
export type AuthoredManualTrigger = {
  /**
   * The event's id; one id may stand on several transitions.
   */
  eventId: Identifier;
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * The kind of trigger.
   */
  trigger: "manual";
}
/**
 * As soon as the state is settled, and whenever data changes after that.
 */
export type AuthoredAutomaticTrigger = {
  /**
   * The event's id; one id may stand on several transitions.
   */
  eventId?: Identifier;
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * The kind of trigger.
   */
  trigger: "automatic" | "auto";
}
/**
 * When the time has come: one of after, at and every.
 */
export type AuthoredTimeTrigger = {
  /**
   * The event's id; one id may stand on several transitions.
   */
  eventId?: Identifier;
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * The kind of trigger.
   */
  trigger: "time-based" | "timer";
  /**
   * How long after entry, as an ISO 8601 duration.
   */
  after?: Duration;
  /**
   * When: a timestamp, or a reference such as $data.dueDate.
   */
  at?: string;
  /**
   * How often: a duration or a cron expression.
   */
  every?: string;
  /**
   * The time zone of calendar arithmetic and cron, for example Europe/Berlin; UTC where missing.
   */
  timezone?: string;
  /**
   * Of every: what becomes of the times that were missed while nothing ran. once: one for all of them (where missing); all: each; skip: none.
   */
  catchUp?: "once" | "all" | "skip";
}
/**
 * A request comes in.
 */
export type AuthoredWebhookTrigger = {
  /**
   * The event's id; one id may stand on several transitions.
   */
  eventId?: Identifier;
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * The kind of trigger.
   */
  trigger: "webhook";
  /**
   * The path under /hooks/, with :names for its variable parts.
   */
  path: string;
  /**
   * What the instance waits with: a template over it, whose value the message must carry.
   */
  correlate?: string;
  /**
   * Over message: the value that must equal what correlate gives.
   */
  message?: Expression;
  /**
   * Must hold over message for the request to count.
   */
  condition?: Condition;
  /**
   * What of the request becomes data, as templates over message; the body's properties that the states declare where missing.
   */
  data?: {
    /**
     * A property's value, over message. Strings in it are templates: "$data.id" or "${expression}".
     */
    [k: string]: Json;
  };
  /**
   * Over message: what the same message has again when it is repeated; the header webhook-id or idempotency-key where missing, else path, query and body.
   */
  messageId?: Expression;
  /**
   * The JSON Schema of the request's body.
   */
  expectedMessage?: JsonObject | boolean;
  /**
   * How a sender proves who it is; anybody may send where missing.
   */
  verify?: WebhookVerify;
}
/**
 * A message comes in.
 */
export type AuthoredKafkaTrigger = {
  /**
   * The event's id; one id may stand on several transitions.
   */
  eventId?: Identifier;
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * The kind of trigger.
   */
  trigger: "kafka";
  /**
   * The cluster's name in the configuration.
   */
  cluster?: string;
  /**
   * Addresses of brokers, where no cluster is named.
   *
   * Items: host:port
   */
  brokers?: string[];
  /**
   * The topic.
   */
  topic: string;
  /**
   * The consumer group.
   */
  group?: string;
  /**
   * What the instance waits with: a template over it, whose value the message must carry.
   */
  correlate?: string;
  /**
   * Over message: the value that must equal what correlate gives.
   */
  message?: Expression;
  /**
   * The JSON Schema of the message's value.
   */
  expectedMessage?: JsonObject | boolean;
  /**
   * Must hold over message for it to count.
   */
  condition?: Condition;
  /**
   * What happens to a message that fits nothing; dlq where missing.
   */
  onUnmatched?: "dlq" | "drop" | "stop";
}
/**
 * A file comes in.
 */
export type AuthoredFileTrigger = {
  /**
   * The event's id; one id may stand on several transitions.
   */
  eventId?: Identifier;
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * The kind of trigger.
   */
  trigger: "file";
  /**
   * The files to watch, for example inbox/transfers/*.json.
   */
  watch: string;
  /**
   * How it is read; by its ending where missing.
   */
  format?: "json" | "ndjson" | "csv" | "text";
  /**
   * What finds the instance: a reference whose value equals the file's.
   */
  correlate?: string;
  /**
   * What is taken of the file as the event's data.
   */
  message?: Expression;
  /**
   * The JSON Schema of its content.
   */
  expectedContent?: JsonObject | boolean;
  /**
   * A text that it must hold.
   */
  contentMatches?: string;
  /**
   * Must hold over file for it to count.
   */
  condition?: Condition;
  /**
   * How long its size and time must not change before it counts as complete.
   */
  settle?: Duration;
  /**
   * What happens to an accepted file; move where missing.
   */
  then?: "move" | "delete" | "keep";
}
/**
 * A named signal is broadcast; every instance that waits for it takes it.
 */
export type AuthoredSignalTrigger = {
  /**
   * The event's id; one id may stand on several transitions.
   */
  eventId?: Identifier;
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * The kind of trigger.
   */
  trigger: "signal";
  /**
   * The signal's name; the event's id where missing.
   */
  signal?: string;
}
/**
 * A request starts an instance.
 */
export type WebhookStart = {
  /**
   * The event's id.
   */
  eventId?: Identifier;
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * The kind of trigger.
   */
  trigger: "webhook";
  /**
   * The path under /hooks/, with :names for its variable parts.
   */
  path: string;
  /**
   * What the instance waits with: a template over it, whose value the message must carry.
   */
  correlate?: string;
  /**
   * Over message: the value that must equal what correlate gives.
   */
  message?: Expression;
  /**
   * Must hold over message for the request to count.
   */
  condition?: Condition;
  /**
   * What of the request becomes data, as templates over message; the body's properties that the states declare where missing.
   */
  data?: {
    /**
     * A property's value, over message. Strings in it are templates: "$data.id" or "${expression}".
     */
    [k: string]: Json;
  };
  /**
   * Over message: what the same message has again when it is repeated; the header webhook-id or idempotency-key where missing, else path, query and body.
   */
  messageId?: Expression;
  /**
   * The JSON Schema of the request's body.
   */
  expectedMessage?: JsonObject | boolean;
  /**
   * How a sender proves who it is; anybody may send where missing.
   */
  verify?: WebhookVerify;
}
/**
 * A message starts an instance.
 */
export type KafkaStart = {
  /**
   * The event's id.
   */
  eventId?: Identifier;
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * The kind of trigger.
   */
  trigger: "kafka";
  /**
   * The cluster's name in the configuration.
   */
  cluster?: string;
  /**
   * Addresses of brokers, where no cluster is named.
   *
   * Items: host:port
   */
  brokers?: string[];
  /**
   * The topic.
   */
  topic: string;
  /**
   * The consumer group.
   */
  group?: string;
  /**
   * What the instance waits with: a template over it, whose value the message must carry.
   */
  correlate?: string;
  /**
   * Over message: the value that must equal what correlate gives.
   */
  message?: Expression;
  /**
   * The JSON Schema of the message's value.
   */
  expectedMessage?: JsonObject | boolean;
  /**
   * Must hold over message for it to count.
   */
  condition?: Condition;
  /**
   * What happens to a message that fits nothing; dlq where missing.
   */
  onUnmatched?: "dlq" | "drop" | "stop";
}
/**
 * A file starts an instance.
 */
export type FileStart = {
  /**
   * The event's id.
   */
  eventId?: Identifier;
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * The kind of trigger.
   */
  trigger: "file";
  /**
   * The files to watch, for example inbox/transfers/*.json.
   */
  watch: string;
  /**
   * How it is read; by its ending where missing.
   */
  format?: "json" | "ndjson" | "csv" | "text";
  /**
   * What finds the instance: a reference whose value equals the file's.
   */
  correlate?: string;
  /**
   * What is taken of the file as the event's data.
   */
  message?: Expression;
  /**
   * The JSON Schema of its content.
   */
  expectedContent?: JsonObject | boolean;
  /**
   * A text that it must hold.
   */
  contentMatches?: string;
  /**
   * Must hold over file for it to count.
   */
  condition?: Condition;
  /**
   * How long its size and time must not change before it counts as complete.
   */
  settle?: Duration;
  /**
   * What happens to an accepted file; move where missing.
   */
  then?: "move" | "delete" | "keep";
}
/**
 * The time starts an instance.
 */
export type TimeStart = {
  /**
   * The event's id.
   */
  eventId?: Identifier;
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * The kind of trigger.
   */
  trigger: "time-based" | "timer";
  /**
   * How long after entry, as an ISO 8601 duration.
   */
  after?: Duration;
  /**
   * When: a timestamp, or a reference such as $data.dueDate.
   */
  at?: string;
  /**
   * How often: a duration or a cron expression.
   */
  every?: string;
  /**
   * The time zone of calendar arithmetic and cron, for example Europe/Berlin; UTC where missing.
   */
  timezone?: string;
  /**
   * Of every: what becomes of the times that were missed while nothing ran. once: one for all of them (where missing); all: each; skip: none.
   */
  catchUp?: "once" | "all" | "skip";
}
/**
 * A named message starts an instance.
 */
export type MessageStart = {
  /**
   * The event's id.
   */
  eventId?: Identifier;
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * The kind of trigger.
   */
  trigger: "message";
  /**
   * The message's name; the event's id where missing.
   */
  message?: string;
}
/**
 * A named signal starts an instance.
 */
export type SignalStart = {
  /**
   * The event's id.
   */
  eventId?: Identifier;
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * The kind of trigger.
   */
  trigger: "signal";
  /**
   * The signal's name; the event's id where missing.
   */
  signal?: string;
}
/**
 * An action.
 */
export type CanonicalAction = {
  /**
   * Unique in the machine.
   */
  actionId: PlainIdentifier;
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * Anything you like; never interpreted.
   */
  metadata?: JsonObject;
  /**
   * What it does; implied by trigger where missing.
   */
  type?:
    | "webhook"
    | "kafka"
    | "file"
    | "notification"
    | "audit"
    | "log"
    | "assign"
    | "function"
    | "raise"
    | "cancel";
  /**
   * The channel that starts the work.
   */
  trigger?: ActionTrigger;
  /**
   * The channel that is told, or waited for, when the work is done.
   */
  callback?: ActionCallback;
  /**
   * Settings of notification, audit, log, raise and cancel.
   */
  config?: ActionConfig;
  /**
   * Data that it sets, by property.
   */
  assign?: {
    /**
     * The value. Strings in it are templates: "$data.id" or "${expression}".
     */
    [k: string]: Json;
  };
  /**
   * Of type function: the name that the embedding program registered.
   */
  function?: string;
  /**
   * What of the result is kept in the instance's data, by property; templates over response.
   */
  output?: {
    /**
     * The value. Strings in it are templates: "$data.id" or "${expression}".
     */
    [k: string]: Json;
  };
  /**
   * It runs only if this holds; otherwise it is skipped.
   */
  condition?: Condition;
  /**
   * Tries after the first; 0 where missing.
   */
  retryCount?: number;
  /**
   * The wait before the next try; PT1S where missing.
   */
  retryDelay?: Duration;
  /**
   * Response codes or error codes that are retried although they count as final.
   *
   * Items: A code.
   */
  retryOn?: (string | number)[];
  /**
   * How the wait grows from try to try.
   */
  backoff?: Backoff;
  /**
   * The time of one try; PT30S where missing.
   */
  timeout?: Duration;
  /**
   * What happens when the tries are used up or the failure is final. The machine's where missing.
   */
  onError?: ErrorStrategies;
  /**
   * What happens each time a try or a wait runs out of time. The machine's where missing.
   */
  onTimeout?: TimeoutStrategies;
  /**
   * What is promised about tries: atLeastOnce, where a try of unknown outcome is made again, or atMostOnce, where it never is by itself; atLeastOnce where missing.
   */
  delivery?: "atLeastOnce" | "atMostOnce";
  /**
   * The action that undoes this one when a rollback reaches it.
   */
  compensate?: CanonicalAction;
  /**
   * Of what is sent at most once: the action that finds out what became of a try of unknown outcome. Its templates see the key of the try as actions.<actionId>.key.
   */
  reconcile?: CanonicalAction;
}
/**
 * One of the channels.
 */
export type ActionTrigger = {
  /**
   * An HTTP call.
   */
  webhook?: WebhookOut;
  /**
   * A message to Kafka.
   */
  kafka?: KafkaOut;
  /**
   * A file that is written.
   */
  file?: FileOut;
}
/**
 * One of the channels.
 */
export type ActionCallback = {
  /**
   * An HTTP call, made or awaited.
   */
  webhook?: WebhookCallback;
  /**
   * A message that is waited for.
   */
  kafka?: KafkaCallback;
  /**
   * A file that is waited for.
   */
  file?: FileCallback;
}
/**
 * Settings of notification, audit, log, raise and cancel.
 */
export type ActionConfig = {
  /**
   * Of notification: the configured channel.
   */
  channel?: string;
  /**
   * Of notification: the template's name.
   */
  template?: string;
  /**
   * Of notification: who gets it. Strings in it are templates: "$data.id" or "${expression}".
   */
  to?: Json;
  /**
   * Of notification: its subject. Strings in it are templates: "$data.id" or "${expression}".
   */
  subject?: Json;
  /**
   * Of audit and log: how grave it is; info where missing.
   */
  level?: "debug" | "info" | "warn" | "error";
  /**
   * Of audit and log: a word to find it by.
   */
  category?: string;
  /**
   * What it says. Strings in it are templates: "$data.id" or "${expression}".
   */
  message?: Json;
  /**
   * Anything more that belongs to it. Strings in it are templates: "$data.id" or "${expression}".
   */
  details?: Json;
  /**
   * Of raise: the id of the event that is raised inside the instance. A template.
   */
  event?: string;
  /**
   * Of raise: what the event carries; seen as event.data. Strings in it are templates: "$data.id" or "${expression}".
   */
  data?: Json;
  /**
   * Of raise: how long it waits, as an ISO 8601 duration; at once where missing. A template.
   */
  delay?: string;
  /**
   * Of raise: internal comes before all that comes from outside, external after what has arrived; internal where missing.
   */
  queue?: "internal" | "external";
  /**
   * Of raise: a name by which a delayed event can be called off; of cancel: the name of what is called off. A template.
   */
  id?: string;
}
/**
 * How the wait grows from try to try.
 */
export type Backoff = {
  /**
   * Each wait is this many times the one before; 1 where missing.
   */
  factor?: number;
  /**
   * No wait is longer than this.
   */
  maxDelay?: Duration;
  /**
   * The share by which a wait is shortened or lengthened at random, 0 to 1.
   */
  jitter?: number;
}
/**
 * Settings for the actions that do not say.
 */
export type ActionDefaults = {
  /**
   * Tries after the first; 0 where missing.
   */
  retryCount?: number;
  /**
   * The wait before the next try; PT1S where missing.
   */
  retryDelay?: Duration;
  /**
   * Response codes or error codes that are retried although they count as final.
   *
   * Items: A code.
   */
  retryOn?: (string | number)[];
  /**
   * How the wait grows from try to try.
   */
  backoff?: Backoff;
  /**
   * The time of one try; PT30S where missing.
   */
  timeout?: Duration;
  /**
   * What happens when the tries are used up or the failure is final. The machine's where missing.
   */
  onError?: ErrorStrategies;
  /**
   * What happens each time a try or a wait runs out of time. The machine's where missing.
   */
  onTimeout?: TimeoutStrategies;
  /**
   * What is promised about tries: atLeastOnce, where a try of unknown outcome is made again, or atMostOnce, where it never is by itself; atLeastOnce where missing.
   */
  delivery?: "atLeastOnce" | "atMostOnce";
}
/**
 * A strategy with its settings.
 */
export type ErrorStrategySettings = {
  /**
   * The strategy.
   */
  strategy: "retry" | "ignore" | "log" | "notify" | "abort" | "rollback";
  /**
   * Of retry: how many further rounds of tries (1 where missing).
   */
  maxRounds?: number;
  /**
   * Of rollback: the state to compensate back to, or start.
   */
  rollbackTo?: string;
}
/**
 * A strategy with its settings.
 */
export type TimeoutStrategySettings = {
  /**
   * The strategy.
   */
  strategy: "retry" | "ignore" | "log" | "notify" | "abort" | "rollback" | "proceed" | "escalate";
  /**
   * Of retry: how many further rounds of tries (1 where missing).
   */
  maxRounds?: number;
  /**
   * Of rollback: the state to compensate back to, or start.
   */
  rollbackTo?: string;
  /**
   * Of escalate: the event it raises (escalation where missing).
   */
  event?: string;
}
/**
 * An HTTP call.
 */
export type WebhookOut = {
  /**
   * Where it goes. A template.
   */
  url: string;
  /**
   * The HTTP method; POST where missing.
   */
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD";
  /**
   * Headers; values are templates.
   */
  headers?: {
    /**
     * A header's value. Strings in it are templates: "$data.id" or "${expression}".
     */
    [k: string]: Json;
  };
  /**
   * Query parameters; values are templates.
   */
  query?: {
    /**
     * A parameter's value. Strings in it are templates: "$data.id" or "${expression}".
     */
    [k: string]: Json;
  };
  /**
   * The body, sent as JSON. Strings in it are templates: "$data.id" or "${expression}".
   */
  payload?: Json;
  /**
   * Which responses count as success; any 2xx where missing.
   */
  expectedResponse?: ExpectedResponse;
  /**
   * Must hold over response for the call to count as success.
   */
  condition?: Condition;
  /**
   * How the call proves who sends it.
   */
  auth?: WebhookAuth;
  /**
   * Signs the call by Standard Webhooks.
   */
  sign?: WebhookSign;
  /**
   * Whether redirects on the same host are followed.
   */
  followRedirects?: boolean;
}
/**
 * With url: who is told when the action is done. With await: the action waits until its callback address is called.
 */
export type WebhookCallback = {
  /**
   * Where it goes. A template.
   */
  url?: string;
  /**
   * The HTTP method; POST where missing.
   */
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD";
  /**
   * Headers; values are templates.
   */
  headers?: {
    /**
     * A header's value. Strings in it are templates: "$data.id" or "${expression}".
     */
    [k: string]: Json;
  };
  /**
   * Query parameters; values are templates.
   */
  query?: {
    /**
     * A parameter's value. Strings in it are templates: "$data.id" or "${expression}".
     */
    [k: string]: Json;
  };
  /**
   * The body, sent as JSON. Strings in it are templates: "$data.id" or "${expression}".
   */
  payload?: Json;
  /**
   * Which responses count as success; any 2xx where missing.
   */
  expectedResponse?: ExpectedResponse;
  /**
   * Must hold over response for the call to count as success.
   */
  condition?: Condition;
  /**
   * How the call proves who sends it.
   */
  auth?: WebhookAuth;
  /**
   * Signs the call by Standard Webhooks.
   */
  sign?: WebhookSign;
  /**
   * Whether redirects on the same host are followed.
   */
  followRedirects?: boolean;
  /**
   * True: the action is done when its one-time callback address is called.
   */
  await?: boolean;
  /**
   * With await: how long it is waited for, from the send; the action's timeout where missing.
   */
  timeout?: Duration;
}
/**
 * What a response must have to count as success.
 */
export type ExpectedResponseParts = {
  /**
   * The status.
   */
  status?: ExpectedStatus[] | ExpectedStatus;
  /**
   * Headers that the response must have.
   */
  headers?: {
    /**
     * The header's value.
     */
    [k: string]: string;
  };
  /**
   * The JSON Schema of the body.
   */
  body?: JsonObject | boolean;
}
/**
 * How the call proves who sends it: one of these.
 */
export type WebhookAuth = {
  /**
   * A bearer token.
   */
  bearer?: SecretText;
  /**
   * User name and password.
   */
  basic?: {
    /**
     * The user.
     */
    username: SecretText;
    /**
     * The password.
     */
    password: SecretText;
  };
  /**
   * A header of your own.
   */
  header?: {
    /**
     * The header's name.
     */
    name: string;
    /**
     * Its value.
     */
    value: SecretText;
  };
  /**
   * OAuth 2 client credentials.
   */
  oauth2?: {
    /**
     * Where tokens come from.
     */
    tokenUrl: string;
    /**
     * The client.
     */
    clientId: SecretText;
    /**
     * The client's secret.
     */
    clientSecret: SecretText;
    /**
     * The scope asked for.
     */
    scope?: string;
  };
}
/**
 * How a sender proves who it is: one of secret, hmac, bearer and basic.
 */
export type WebhookVerify = {
  /**
   * Standard Webhooks: the secret that signs id, time and body. A list during a rotation: any of them will do.
   */
  secret?: SecretText[] | SecretText;
  /**
   * Of secret: how far the message's time may be from now; PT5M where missing.
   */
  tolerance?: Duration;
  /**
   * A header holds the HMAC of the body.
   */
  hmac?: {
    /**
     * The header's name.
     */
    header: string;
    /**
     * The key. A list during a rotation: any of them will do.
     */
    secret: SecretText[] | SecretText;
    /**
     * The hash; sha256 where missing.
     */
    algorithm?: "sha256";
    /**
     * How the HMAC is written; hex where missing.
     */
    encoding?: "hex" | "base64";
    /**
     * What stands before it in the header, for example sha256=.
     */
    prefix?: string;
  };
  /**
   * A token in the header Authorization. A list during a rotation: any of them will do.
   */
  bearer?: SecretText[] | SecretText;
  /**
   * User name and password in the header Authorization.
   */
  basic?: {
    /**
     * The user.
     */
    username: SecretText;
    /**
     * The password.
     */
    password: SecretText;
  };
}
/**
 * Signing by Standard Webhooks.
 */
export type WebhookSign = {
  /**
   * The signing secret; in a list several, while one takes over from another.
   */
  secret: SecretText[] | SecretText;
}
/**
 * A message to Kafka.
 */
export type KafkaOut = {
  /**
   * The cluster's name in the configuration.
   */
  cluster?: string;
  /**
   * Addresses of brokers, where no cluster is named.
   *
   * Items: host:port
   */
  brokers?: string[];
  /**
   * The topic. A template.
   */
  topic: string;
  /**
   * The key; the instance's id where missing. Strings in it are templates: "$data.id" or "${expression}".
   */
  key?: Json;
  /**
   * The value, sent as JSON. Strings in it are templates: "$data.id" or "${expression}".
   */
  message?: Json;
  /**
   * Headers; values are templates.
   */
  headers?: {
    /**
     * A header's value. Strings in it are templates: "$data.id" or "${expression}".
     */
    [k: string]: Json;
  };
  /**
   * The partition; by the key where missing.
   */
  partition?: number;
}
/**
 * The message that says that the work is done.
 */
export type KafkaCallback = {
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * The cluster's name in the configuration.
   */
  cluster?: string;
  /**
   * Addresses of brokers, where no cluster is named.
   *
   * Items: host:port
   */
  brokers?: string[];
  /**
   * The topic.
   */
  topic: string;
  /**
   * The consumer group.
   */
  group?: string;
  /**
   * What the instance waits with: a template over it, whose value the message must carry.
   */
  correlate?: string;
  /**
   * Over message: the value that must equal what correlate gives.
   */
  message?: Expression;
  /**
   * The JSON Schema of the message's value.
   */
  expectedMessage?: JsonObject | boolean;
  /**
   * Must hold over message for it to count.
   */
  condition?: Condition;
  /**
   * What happens to a message that fits nothing; dlq where missing.
   */
  onUnmatched?: "dlq" | "drop" | "stop";
}
/**
 * A file that is written.
 */
export type FileOut = {
  /**
   * Where it is written, inside the configured roots. A template.
   */
  path: string;
  /**
   * What is written; JSON where it is not a text. Strings in it are templates: "$data.id" or "${expression}".
   */
  content?: Json;
  /**
   * create (fails when it is there), append or replace; create where missing.
   */
  mode?: "create" | "append" | "replace";
}
/**
 * The file that says that the work is done.
 */
export type FileCallback = {
  /**
   * A name for people.
   */
  name?: string;
  /**
   * A description for people.
   */
  description?: string;
  /**
   * The files to watch, for example inbox/transfers/*.json.
   */
  watch: string;
  /**
   * How it is read; by its ending where missing.
   */
  format?: "json" | "ndjson" | "csv" | "text";
  /**
   * What finds the instance: a reference whose value equals the file's.
   */
  correlate?: string;
  /**
   * What is taken of the file as the event's data.
   */
  message?: Expression;
  /**
   * The JSON Schema of its content.
   */
  expectedContent?: JsonObject | boolean;
  /**
   * A text that it must hold.
   */
  contentMatches?: string;
  /**
   * Must hold over file for it to count.
   */
  condition?: Condition;
  /**
   * How long its size and time must not change before it counts as complete.
   */
  settle?: Duration;
  /**
   * What happens to an accepted file; move where missing.
   */
  then?: "move" | "delete" | "keep";
}
/**
 * A condition in FEEL, the language of BPMN tools.
 */
export type FeelCondition = {
  /**
   * The language.
   */
  language: "feel";
  /**
   * The expression as FEEL writes it, for example amount > 0.
   */
  expression: string;
}
/**
 * A value that is taken from the environment or the secrets file when it is needed, and never stored.
 */
export type Secret = {
  /**
   * The name of the secret: letters, digits, underscores, dots and hyphens.
   */
  secret: string;
}
