/**
 * The engine to a compiler that knows its machines: the same object, with ids, events and data narrowed. An instance's id
 * carries its machine, so that `send` knows which events there are; a plain string stands for an instance of any of them.
 */
import type { InstanceDocument } from "../core/instance-document.js";
import type { JsonObject } from "../core/json/json.js";
import type { Answer } from "../core/message/answer.js";
import type { Engine } from "../runtime/engine.js";
import type { SendRequest, StartRequest, WaitRequest } from "../runtime/requests.js";
import type { MachineOf, MachineTypes } from "./machine-type.js";

declare const machineOfInstance: unique symbol;

/** The id of an instance; text, that remembers its machine. Any text will do where one is asked for. */
export type InstanceId<MachineId extends string = string> = string & {
  readonly [machineOfInstance]?: MachineId;
};

type ById<Machine extends MachineTypes, Id> = Extract<Machine, { readonly id: Id }>;

type EventId<Machine> = Machine extends { readonly events: infer Events } ? keyof Events & string : never;

type EventData<Machine, Event> = Machine extends { readonly events: infer Events }
  ? Event extends keyof Events
    ? Events[Event]
    : never
  : never;

/** An update takes what any event of the machine takes, and what its states collect. */
type UpdateData<Machine extends MachineTypes> = Machine["data"];

type WithData<Request, Data> = Omit<Request, "data"> & { readonly data?: Data };

/** `data` must be given where the initial state requires some. */
type StartArguments<Data> =
  Record<never, never> extends Data
    ? [request?: WithData<StartRequest, Data>]
    : [request: Omit<StartRequest, "data"> & { readonly data: Data }];

type Sent = { readonly answer: Answer; readonly isRepeated: boolean };

/** The instance document with the data of its machine. */
export type TypedDocument<Machine extends MachineTypes> = Omit<
  InstanceDocument,
  "stateMachineId" | "currentState" | "data" | "currentStateData"
> & {
  readonly stateMachineId: Machine["id"];
  readonly currentState: Machine["states"];
  readonly data: Machine["data"];
  readonly currentStateData: Machine["data"];
};

type TypedWaitRequest<Machine extends MachineTypes> = Omit<WaitRequest, "state"> & {
  readonly state?: Machine["states"] | readonly Machine["states"][];
};

/** `Machine` is the union of the machines that the engine runs. */
export interface TypedEngine<Machine extends MachineTypes>
  extends Omit<Engine, "start" | "send" | "get" | "waitFor"> {
  /** The same engine, for functions that take any. */
  readonly untyped: Engine;

  start<Id extends Machine["id"]>(
    stateMachineId: Id,
    ...request: StartArguments<ById<Machine, Id>["start"]>
  ): Promise<Sent & { readonly instanceId: InstanceId<Id> }>;

  send<Id extends Machine["id"] = Machine["id"], Event extends EventId<ById<Machine, Id>> = never>(
    instanceId: InstanceId<Id>,
    eventId: Event,
    request?: WithData<SendRequest, EventData<ById<Machine, Id>, Event>>,
  ): Promise<Sent>;
  /** An update: adds data to the current state. */
  send<Id extends Machine["id"] = Machine["id"]>(
    instanceId: InstanceId<Id>,
    eventId: undefined,
    request?: WithData<SendRequest, UpdateData<ById<Machine, Id>>>,
  ): Promise<Sent>;

  get<Id extends Machine["id"] = Machine["id"]>(
    instanceId: InstanceId<Id>,
    options?: { readonly reveal?: boolean },
  ): Promise<TypedDocument<ById<Machine, Id>>>;

  waitFor<Id extends Machine["id"] = Machine["id"]>(
    instanceId: InstanceId<Id>,
    wanted: TypedWaitRequest<ById<Machine, Id>>,
  ): Promise<TypedDocument<ById<Machine, Id>>>;
}

/** A definition: its text, the path or address of its file, or parsed JSON. */
export type DefinitionInput = string | URL | JsonObject;

/** The machines of a list of definitions. */
export type MachinesOf<Definitions extends readonly unknown[]> = Definitions[number] extends infer Each
  ? Each extends unknown
    ? MachineOf<Each>
    : never
  : never;

/** A typed engine where every machine is known, else the engine as it is. */
export type EngineFor<Machine extends MachineTypes> = [Machine] extends [never]
  ? Engine
  : string extends Machine["id"]
    ? Engine
    : TypedEngine<Machine>;

/**
 * Narrows an engine to machines that the compiler knows: an interface that `statewright types` wrote, or
 * `MachineOf<typeof definition>`. Nothing happens at run time.
 */
export function typedEngine<Machine extends MachineTypes>(engine: Engine): TypedEngine<Machine> {
  return engine as unknown as TypedEngine<Machine>;
}
