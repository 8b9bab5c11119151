/**
 * What a definition says, as types: its states, the data it starts with, its events with their data, its instances' data.
 * Both forms are read. Like the engine, an event's data may belong to the state that is left and to the one that is
 * entered, each property optional, because the instance may have it already.
 *
 * To stay quick in an editor everything is one mapped type over a flat union of transitions: no type recurses over states
 * but where a routing state (decision, fork, join) is passed through.
 */
import type { Json, JsonObject } from "../core/json/json.js";
import type { AllowsMore, FromSchema, StateDataOf } from "./schema-type.js";

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
  ? Derived<Id, CanonicalStates<Definition>, ArrayEdges<Definition>>
  : Definition extends { readonly id: infer Id extends string; readonly states: infer States extends object }
    ? Derived<Id, ShortStates<States, Definition>, ShortEdges<States> | ArrayEdges<Definition>>
    : AnyMachine;

type Derived<Id extends string, States, Edge> = string extends Id
  ? AnyMachine
  : string extends keyof States
    ? AnyMachine
    : {
        readonly id: Id;
        readonly states: keyof States & string;
        readonly start: StartOf<States>;
        readonly events: {
          readonly [Event in EventOf<Edge>]: DataOf<States, Takers<States, Edge, Event>>;
        };
        readonly data: DataOf<States, keyof States>;
      };

// states

/** A state in one shape: its kind and its data. */
interface StateShape {
  readonly kind: unknown;
  readonly data: unknown;
}

type CanonicalStates<Definition> = Definition extends { readonly states: readonly (infer State)[] }
  ? {
      readonly [Each in State as StateIdOf<Each>]: {
        readonly kind: PropertyOf<Each, "baseStateType">;
        readonly data: PropertyOf<Each, "data">;
      };
    }
  : { readonly [stateId: string]: StateShape };

type StateIdOf<State> = State extends { readonly stateId: infer Id extends string } ? Id : never;

type ShortStates<States, Definition> = DeclaredStates<States> & ImpliedStates<States, Definition>;

type DeclaredStates<States> = {
  readonly [Id in keyof States & string]: {
    readonly kind: PropertyOf<States[Id], "type">;
    readonly data: PropertyOf<States[Id], "data">;
  };
};

/** In a short form without any final state a target that is not defined is a final state. */
type ImpliedStates<States, Definition> =
  Extract<PropertyOf<States[keyof States], "type">, "final" | "error"> extends never
    ? {
        readonly [Id in Exclude<
          Extract<(ShortEdges<States> | ArrayEdges<Definition>)["to"], string>,
          keyof States
        >]: { readonly kind: "final"; readonly data: undefined };
      }
    : unknown;

type PropertyOf<Thing, Name extends string> = Thing extends { readonly [Key in Name]: infer Value }
  ? Value
  : undefined;

// transitions

interface EdgeShape {
  /** `"*"`: every state. */
  readonly from: unknown;
  readonly to: unknown;
  readonly event: unknown;
}

type ArrayEdges<Definition> = Definition extends { readonly transitions: readonly (infer Transition)[] }
  ? Transition extends unknown
    ? Edge<
        OneOf<PropertyOf<Transition, "fromStateId">>,
        PropertyOf<Transition, "toStateId">,
        TriggerIds<PropertyOf<Transition, "event">, PropertyOf<Transition, "trigger">>
      >
    : never
  : never;

type ShortEdges<States> = {
  [Id in keyof States & string]: States[Id] extends {
    readonly transitions: readonly (infer Transition)[];
  }
    ? Transition extends unknown
      ? Edge<
          Id,
          PropertyOf<Transition, "target">,
          TriggerIds<PropertyOf<Transition, "event">, PropertyOf<Transition, "trigger">>
        >
      : never
    : never;
}[keyof States & string];

type Edge<From, To, Event> = { readonly from: From; readonly to: To; readonly event: Event };

type OneOf<Value> = Value extends readonly (infer Item)[] ? Item : Value;

/** The ids of manual triggers; a word stands for a manual one unless the transition says otherwise. */
type TriggerIds<Event, Kind> =
  OneOf<Event> extends infer Trigger
    ? Trigger extends string
      ? Kind extends "automatic" | "auto" | "time-based" | "timer"
        ? never
        : Trigger
      : Trigger extends { readonly eventId: infer Id extends string; readonly trigger: "manual" }
        ? Id
        : never
    : never;

type EventOf<Edge> = Edge extends EdgeShape ? Extract<Edge["event"], string> : never;

// data

/** The states whose schemas an event's data is looked at with: those left, and those entered or passed on to. */
type Takers<States, AllEdges, Event, Each = AllEdges> = Each extends {
  readonly event: infer Events;
  readonly from: infer From;
  readonly to: infer To;
}
  ? Event extends Events
    ? SourceOf<States, From> | Landing<States, AllEdges, To>
    : never
  : never;

type SourceOf<States, From> = From extends "*" ? keyof States : Extract<From, keyof States>;

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
    : JsonObject
  : never;
