/**
 * What a definition says, as types: its states, the data it starts with, its events with their data, its instances' data.
 * Both forms are read. Like the engine, an event's data may belong to the state that is left and to the one that is
 * entered, each property optional, because the instance may have it already.
 *
 * To stay quick in an editor everything is one mapped type over a flat union of transitions: no type recurses over states
 * but where a routing state (decision, fork, join) is passed through.
 */
import type { Json, JsonObject } from "../core/json/json.js";
import type { AllowsMore, FromSchema, OpenData, StateDataOf } from "./schema-type.js";

/** A machine to the compiler; `statewright types` writes such interfaces, `MachineOf` derives them. */
export interface MachineTypes {
  readonly id: string;
  /** The ids of its states. */
  readonly states: string;
  /** The data that `start` takes. */
  readonly start: object;
  /** The data that each event takes, by event id. */
  readonly events: object;
  /** The data of its instances. */
  readonly data: object;
}

/** A machine of which nothing is known. */
export interface AnyMachine {
  readonly id: string;
  readonly states: string;
  readonly start: JsonObject;
  readonly events: { readonly [eventId: string]: JsonObject };
  readonly data: JsonObject;
}

/** The machine of a definition that is known literally (`as const`, or written inside the call); else `AnyMachine`. */
export type MachineOf<Definition> = Definition extends { readonly stateMachineId: infer Id extends string }
  ? Derived<Id, StatesIn<Definition>, EdgesIn<Definition>>
  : Definition extends { readonly id: infer Id extends string; readonly states: object }
    ? Derived<Id, StatesIn<Definition> | ImpliedStates<Definition>, EdgesIn<Definition>>
    : AnyMachine;

type Derived<Id extends string, State, Edge> = string extends Id
  ? AnyMachine
  : Machine<Id, { readonly [Each in State as Each extends StateShape ? Each["id"] : never]: Each }, Edge>;

type Machine<Id extends string, States, Edge> = string extends keyof States
  ? AnyMachine
  : {
      readonly id: Id;
      readonly states: keyof States & string;
      readonly start: StartOf<States>;
      readonly events: EventsOf<States, TakersByEvent<States, Edge>>;
      readonly data: DataOf<States, keyof States>;
    };

// states

interface StateShape {
  readonly id: string;
  readonly kind: unknown;
  readonly data: unknown;
}

type State<Id, Kind, Data> = { readonly id: Id; readonly kind: Kind; readonly data: Data };

/** The states of a machine, a compound state or a region, inner ones included, of either form. */
type StatesIn<Scope> = Scope extends { readonly states: infer States }
  ? States extends readonly (infer Each)[]
    ? Each extends unknown
      ?
          | State<PropertyOf<Each, "stateId">, PropertyOf<Each, "baseStateType">, PropertyOf<Each, "data">>
          | StatesInside<Each>
      : never
    : {
        [Id in keyof States & string]:
          | State<Id, PropertyOf<States[Id], "type">, PropertyOf<States[Id], "data">>
          | StatesInside<States[Id]>;
      }[keyof States & string]
  : never;

type StatesInside<Each> = StatesIn<Each> | StatesIn<RegionsOf<Each>>;

type RegionsOf<Each> = Each extends { readonly regions: readonly (infer Region)[] } ? Region : never;

/** In a short form without any final state a target that is not defined is a final state. */
type ImpliedStates<Definition> =
  Extract<StatesIn<Definition>, { readonly kind: "final" | "error" }> extends never
    ? Implied<Exclude<Extract<EdgesIn<Definition>["to"], string>, StatesIn<Definition>["id"]>>
    : never;

type Implied<Id> = Id extends string ? State<Id, "final", undefined> : never;

type PropertyOf<Thing, Name extends string> = Thing extends { readonly [Key in Name]: infer Value }
  ? Value
  : undefined;

// transitions

/** `from` is `"*"` for every state that is not final. */
type Edge<From, To, Event> = { readonly from: From; readonly to: To; readonly event: Event };

/** Those that stand in lists with their ends, and those that stand in the state that they leave. */
type EdgesIn<Scope> =
  | ListedEdges<Scope>
  | (Scope extends { readonly states: infer States }
      ? States extends readonly (infer Each)[]
        ? Each extends unknown
          ? EdgesInside<Each>
          : never
        : { [Id in keyof States & string]: OwnEdges<Id, States[Id]> | EdgesInside<States[Id]> }[keyof States &
            string]
      : never);

type EdgesInside<Each> = EdgesIn<Each> | EdgesIn<RegionsOf<Each>>;

type ListedEdges<Scope> =
  TransitionsOf<Scope> extends infer Each
    ? Each extends { readonly fromStateId: infer From }
      ? Edge<OneOf<From>, PropertyOf<Each, "toStateId">, TriggersOf<Each>>
      : never
    : never;

type OwnEdges<Id, Source> =
  TransitionsOf<Source> extends infer Each
    ? Each extends { readonly fromStateId: unknown }
      ? never
      : Edge<Id, PropertyOf<Each, "target">, TriggersOf<Each>>
    : never;

type TransitionsOf<Thing> = Thing extends { readonly transitions: readonly (infer Each)[] } ? Each : never;

type OneOf<Value> = Value extends readonly (infer Item)[] ? Item : Value;

type TriggersOf<Transition> = TriggerIds<
  OneOf<PropertyOf<Transition, "event">>,
  PropertyOf<Transition, "trigger">
>;

/** The ids of what somebody can send; a bare word is a manual trigger unless its transition says otherwise. */
type TriggerIds<Trigger, Kind> = Trigger extends string
  ? Kind extends "automatic" | "auto" | "time-based" | "timer"
    ? never
    : Trigger
  : Trigger extends { readonly eventId: infer Id extends string; readonly trigger: "manual" }
    ? Id
    : never;

type EventOf<Each> = Each extends { readonly event: infer Event extends string } ? Event : never;

// data

/**
 * The states whose schemas an event's data is looked at with: those left, and those entered or passed on to. One pass over
 * the transitions: those with the same event end up under the same key.
 */
type TakersByEvent<States, AllEdges> = {
  readonly [Each in AllEdges as EventOf<Each>]: Each extends {
    readonly from: infer From;
    readonly to: infer To;
  }
    ? SourceOf<States, From> | Landing<States, AllEdges, To>
    : never;
};

type EventsOf<States, Takers> = {
  readonly [Event in keyof Takers]: DataOf<States, Takers[Event] & keyof States>;
};

type SourceOf<States, From> = From extends "*" ? Unfinished<States> : Extract<From, keyof States>;

type Unfinished<States> = {
  [Id in keyof States]: States[Id] extends { readonly kind: "final" | "error" } ? never : Id;
}[keyof States];

/** Where a transition can come to rest: a routing state is passed through. */
type Landing<States, AllEdges, To, Passed = never> = To extends Passed
  ? never
  : To extends keyof States
    ? States[To] extends { readonly kind: Routing }
      ? Landing<States, AllEdges, TargetsOf<AllEdges, To>, Passed | To>
      : To
    : never;

type TargetsOf<Each, State> = Each extends { readonly from: infer From; readonly to: infer To }
  ? State extends From
    ? To
    : never
  : never;

type Routing = "decision" | "fork" | "join";

/** A state without a schema takes anything; a routing state takes nothing itself. */
type IsOpen<State> = State extends { readonly kind: Routing }
  ? never
  : State extends { readonly data: { readonly schema: infer Schema } }
    ? AllowsMore<Schema> extends true
      ? true
      : never
    : true;

type SchemaOf<State> = State extends { readonly data: { readonly schema: infer Schema } } ? Schema : never;

type PropertiesOf<Schema> = Schema extends { readonly properties: infer Properties extends object }
  ? Properties
  : never;

type NamesOf<Properties> = Properties extends unknown ? keyof Properties & string : never;

type ValueOf<Properties, Name extends string> = Properties extends { readonly [Key in Name]: infer Schema }
  ? FromSchema<Schema>
  : never;

/** The properties of several states, each optional, with the values that any of them lets through. */
type DataOf<States, Ids extends keyof States> = Merged<
  PropertiesOf<SchemaOf<States[Ids]>>,
  IsOpen<States[Ids]>
>;

type Merged<Properties, Open> = [Open] extends [never]
  ? { readonly [Name in NamesOf<Properties>]?: ValueOf<Properties, Name> }
  : { readonly [Name in NamesOf<Properties>]?: ValueOf<Properties, Name> } & {
      readonly [name: string]: Json | undefined;
    };

type InitialOf<States> = {
  [Id in keyof States]: States[Id] extends { readonly kind: "initial" } ? Id : never;
}[keyof States];

/** The initial state is complete when it is entered, unless it says that it is checked when it is left. */
type StartOf<States> = States[InitialOf<States>] extends infer State
  ? State extends { readonly data: { readonly schema: infer Schema } }
    ? State extends { readonly data: { readonly validate: "exit" } }
      ? Partial<StateDataOf<Schema>>
      : StateDataOf<Schema>
    : OpenData
  : never;
