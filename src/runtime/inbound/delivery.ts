/** One message that is for somebody here: to whom it goes, once. */

import { awaitedBy, isAwaitedMessage } from "../../core/awaited.js";
import { ERRORS } from "../../core/errors.js";
import { canonicalJson } from "../../core/json/canonical-json.js";
import type { JsonObject } from "../../core/json/json.js";
import type { Rejection } from "../../core/message/answer.js";
import type { Machine } from "../../core/model/machine.js";
import { RefusedError } from "../../core/refused.js";
import type { AnswerRow } from "../../ports/store.js";
import { readAnswer } from "../commit/stored-rows.js";
import { derivedId } from "../derived-id.js";
import { admit } from "../door.js";
import type { CommandDraft, SubmissionOutcome } from "../instances.js";
import type { HookAcceptance, HookOutcome, HookRefusal } from "./hook-outcome.js";
import type { InboundWorld } from "./inbound-world.js";
import type { IdentifiedReceiver } from "./message-id.js";
import { unmatched } from "./select-receivers.js";

type Received = HookAcceptance["receivers"][number];
type Tried =
  | { readonly received: Received; readonly isRepeated: boolean }
  | { readonly rejection: Rejection };

const BY_WEBHOOK = { actor: "webhook", source: "webhook" } as const;

export class Delivery {
  constructor(
    private readonly world: InboundWorld,
    private readonly receivers: readonly IdentifiedReceiver[],
  ) {}

  async deliver(): Promise<HookOutcome> {
    const earlier = await this.#earlier();
    if ("outcome" in earlier) return earlier;
    const [first] = earlier;
    if (first !== undefined) {
      // A crash may have come between the first start and the last.
      const isStart = readAnswer(first).outcome === "started";
      const others = isStart ? await this.#start() : undefined;
      return others ?? accepted(earlier.map(receivedBy), true);
    }
    const waiting = await this.#waiting();
    if (waiting.length > 1) return ambiguous(waiting.length);
    const [only] = waiting;
    if (only !== undefined) return this.#send(only);
    return (await this.#start()) ?? unmatched("no instance waits for it, and no machine starts on it.");
  }

  /** What was answered when it came before. */
  async #earlier(): Promise<readonly AnswerRow[] | HookRefusal> {
    const fingerprints = new Map(this.receivers.map(({ key, fingerprint }) => [key, fingerprint]));
    const rows: AnswerRow[] = [];
    for (const [key, fingerprint] of fingerprints) {
      for (const row of await this.world.ports.store.findAnswers(key)) {
        if (row.fingerprint !== fingerprint) return mismatch();
        rows.push(row);
      }
    }
    return rows;
  }

  /** Instances that wait for it, each with what of its machine takes it. */
  async #waiting(): Promise<readonly Waiting[]> {
    const found = new Map<string, Waiting>();
    const asked = new Set<string>();
    for (const { receiver, value } of this.receivers) {
      if (receiver.kind !== "event" || value === undefined || value === null) continue;
      const awaited = { name: receiver.inbound.name, value: this.world.ports.sha256(canonicalJson(value)) };
      if (asked.has(`${awaited.value} ${awaited.name}`)) continue;
      asked.add(`${awaited.value} ${awaited.name}`);
      for (const instanceId of await this.world.ports.store.listWaiters({
        kind: "webhook",
        limit: 100,
        ...awaited,
      })) {
        const receivers = await this.#receiversIn(instanceId);
        if (receivers.length > 0) found.set(instanceId, { instanceId, receivers });
      }
    }
    return [...found.values()];
  }

  /** Those that the instance waits with now; another machine, or version, may wait for the same at the same path. */
  async #receiversIn(instanceId: string): Promise<readonly IdentifiedReceiver[]> {
    const snapshot = await this.world.snapshot(instanceId);
    if (snapshot === undefined) return [];
    const { stateMachineId, version } = snapshot;
    const awaited = awaitedBy(await this.world.machines.load(stateMachineId, version), snapshot);
    return this.receivers.filter(({ receiver, value, ...published }) => {
      if (published.stateMachineId !== stateMachineId || published.version !== version) return false;
      if (receiver.kind !== "event" || value === undefined) return false;
      const { channel, name } = receiver.inbound;
      const expected = { channel, name, value, transitionIds: [receiver.transitionId] };
      return awaited.some((each) => isAwaitedMessage(each, receiver.eventId, expected));
    });
  }

  /** The first that is taken; where none is, why the first was not. */
  async #send({ instanceId, receivers }: Waiting): Promise<HookOutcome> {
    let refused: Rejection | undefined;
    for (const each of receivers) {
      const tried = await this.#sendOne(instanceId, each, receivers);
      if ("received" in tried) return accepted([tried.received], tried.isRepeated);
      refused ??= tried.rejection;
    }
    return refused === undefined ? unmatched("no instance waits for it.") : refusalOf(refused);
  }

  /** Together with those that would take the very same: two tokens may wait for one message. */
  async #sendOne(
    instanceId: string,
    each: IdentifiedReceiver,
    receivers: readonly IdentifiedReceiver[],
  ): Promise<Tried> {
    const { receiver, data, value, takesPart, knownBy } = each;
    if (receiver.kind !== "event" || value === undefined) throw new Error("Broken invariant: no event.");
    const { channel, name } = receiver.inbound;
    const same = receivers.filter((other) => sameEvent(other) === sameEvent(each));
    const transitionIds = same.flatMap((other) =>
      other.receiver.kind === "event" ? [other.receiver.transitionId] : [],
    );
    const draft: CommandDraft = {
      type: "event",
      eventId: receiver.eventId,
      data,
      variables: {},
      inbound: { channel, name, value, messageId: knownBy, transitionIds, takesPart },
      ...BY_WEBHOOK,
    };
    return this.#submit(instanceId, draft, each, undefined);
  }

  /** Undefined where nothing starts on it. */
  async #start(): Promise<HookOutcome | undefined> {
    const received: Received[] = [];
    let isRepeated = true;
    let refused: Rejection | undefined;
    for (const each of this.receivers) {
      if (each.receiver.kind !== "start") continue;
      const tried = await this.#startOne(each, each.receiver.stateId);
      if ("received" in tried) {
        received.push(tried.received);
        isRepeated &&= tried.isRepeated;
      } else {
        refused ??= tried.rejection;
        const { code, message } = tried.rejection;
        this.world.ports.logger.warn(`A webhook does not start "${each.stateMachineId}".`, {
          code,
          error: message,
        });
      }
    }
    if (received.length > 0) return accepted(received, isRepeated);
    return refused === undefined ? undefined : refusalOf(refused);
  }

  async #startOne(each: IdentifiedReceiver, stateId: string): Promise<Tried> {
    const { stateMachineId, version, key, data, takesPart } = each;
    const machine = await this.world.machines.load(stateMachineId, version);
    const instanceId = derivedId(this.world.ports.sha256, ["start on webhook", key, stateMachineId, stateId]);
    const draft: CommandDraft = {
      type: "start",
      instanceId,
      data: takesPart ? partFor(machine, stateId, data) : data,
      variables: {},
      at: stateId,
      ...BY_WEBHOOK,
    };
    const tried = await this.#submit(instanceId, draft, each, machine);
    if ("received" in tried || tried.rejection.code !== "INSTANCE_EXISTS") return tried;
    // The id comes from the message: what is there was started by it before.
    return {
      received: { instanceId, answer: { outcome: "started", seq: 1, to: stateId } },
      isRepeated: true,
    };
  }

  async #submit(
    instanceId: string,
    draft: CommandDraft,
    { key, fingerprint }: IdentifiedReceiver,
    machine: Machine | undefined,
  ): Promise<Tried> {
    let outcome: SubmissionOutcome;
    try {
      outcome = await this.world.submit({
        instanceId,
        command: admit(instanceId, draft, undefined),
        idempotency: { key, fingerprint },
        ...(machine === undefined ? {} : { machine }),
      });
    } catch (error) {
      if (error instanceof RefusedError) return { rejection: error.rejection };
      throw error;
    }
    if (outcome.outcome === "rejected") return outcome;
    return { received: { instanceId, answer: outcome.answer }, isRepeated: outcome.isRepeated };
  }
}

/** What two receivers have in common that make of a message the same event with the same data. */
function sameEvent({ receiver, data, value, takesPart, key }: IdentifiedReceiver): string {
  const eventId = receiver.kind === "event" ? receiver.eventId : "";
  return canonicalJson([eventId, receiver.inbound.name, data, value ?? null, takesPart, key]);
}

interface Waiting {
  readonly instanceId: string;
  readonly receivers: readonly IdentifiedReceiver[];
}

function accepted(receivers: readonly Received[], isRepeated: boolean): HookAcceptance {
  return { outcome: "accepted", receivers, isRepeated };
}

function receivedBy(row: AnswerRow): Received {
  return { instanceId: row.instanceId, answer: readAnswer(row) };
}

function refusalOf({ code, message, violations }: Rejection): HookRefusal {
  const { status } = ERRORS[code];
  return { outcome: "refused", code, status, message, ...(violations === undefined ? {} : { violations }) };
}

function mismatch(): HookRefusal {
  const message = "Another message came under the same id before.";
  return { outcome: "refused", code: "IDEMPOTENCY_MISMATCH", status: 409, message };
}

function ambiguous(count: number): HookRefusal {
  const message = `${count} instances wait for this message, and it is for one. Nothing of it is kept.`;
  return { outcome: "refused", code: "MESSAGE_AMBIGUOUS", status: 409, message };
}

/** What of the body the state has no place for is left out. */
function partFor(machine: Machine, stateId: string, data: JsonObject): JsonObject {
  const schema = machine.states.get(stateId)?.schema;
  if (schema === undefined) return data;
  return Object.fromEntries(Object.entries(data).filter(([property]) => schema.declares(property)));
}
