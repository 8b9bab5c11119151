/** Starts what begins with a signal or a message, once under its key. */
import type { JsonObject } from "../../core/json/json.js";
import type { Rejection } from "../../core/message/answer.js";
import type { Machine, StartTrigger } from "../../core/model/machine.js";
import { RefusedError } from "../../core/refused.js";
import { derivedId } from "../derived-id.js";
import { admit } from "../door.js";
import type { CommandDraft } from "../instances.js";
import type { LinkWorld } from "./link.js";
import type { Starter } from "./starters.js";

export interface StartsWanted {
  readonly kind: StartTrigger["kind"];
  readonly name: string;
  /** Under one key each machine's initial state starts one instance. */
  readonly key: string;
  readonly data: JsonObject;
  readonly actor: string;
  readonly source: string;
}

export interface StartsMade {
  /** Ids, those of an earlier start under the same key included. */
  readonly started: readonly string[];
  readonly refused: readonly { readonly stateMachineId: string; readonly rejection: Rejection }[];
}

/** Starts an instance of every machine that starts on the signal or message. */
export async function startAll(world: LinkWorld, wanted: StartsWanted): Promise<StartsMade> {
  const started: string[] = [];
  const refused: { stateMachineId: string; rejection: Rejection }[] = [];
  for (const starter of await world.starters.on(wanted.kind, wanted.name)) {
    const { stateMachineId, stateId } = starter;
    const words = [`start on ${wanted.kind}`, wanted.key, stateMachineId, stateId];
    const instanceId = derivedId(world.ports.sha256, words);
    const rejection = await startOne(world, starter, instanceId, wanted);
    if (rejection === undefined) started.push(instanceId);
    else refused.push({ stateMachineId, rejection });
  }
  return { started, refused };
}

async function startOne(
  world: LinkWorld,
  { stateMachineId, version, stateId }: Starter,
  instanceId: string,
  { kind, data, actor, source }: StartsWanted,
): Promise<Rejection | undefined> {
  try {
    const machine = await world.machines.load(stateMachineId, version);
    const draft: CommandDraft = {
      type: "start",
      instanceId,
      data: kind === "signal" ? partFor(machine, stateId, data) : data,
      variables: {},
      at: stateId,
      actor,
      source,
    };
    const command = admit(instanceId, draft, undefined);
    const outcome = await world.instances.submit({ instanceId, command, machine });
    // The id comes from the key: what is there was started by it before.
    const isThere = outcome.outcome === "accepted" || outcome.rejection.code === "INSTANCE_EXISTS";
    return isThere ? undefined : outcome.rejection;
  } catch (error) {
    if (error instanceof RefusedError) return error.rejection;
    throw error;
  }
}

/** A signal is for everybody: what of its data the state has no place for is left out. */
function partFor(machine: Machine, stateId: string, data: JsonObject): JsonObject {
  const schema = machine.states.get(stateId)?.schema;
  if (schema === undefined) return data;
  return Object.fromEntries(Object.entries(data).filter(([property]) => schema.declares(property)));
}
