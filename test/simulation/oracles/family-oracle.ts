/**
 * Parents and children. `children`: a child begins once, for the parent that decided it; a parent is told once, and what the
 * child said; in the end nobody waits for one that is over, and none runs that nobody waits for.
 */
import { canonicalJson } from "../../../src/core/json/canonical-json.js";
import type { Json, JsonObject } from "../../../src/core/json/json.js";
import type { ChildDoneCommand, StartCommand } from "../../../src/core/message/command.js";
import type { LinkEffect } from "../../../src/core/message/effect.js";
import type { Snapshot } from "../../../src/core/model/snapshot.js";
import type { EffectId, InstanceRow } from "../../../src/ports/store.js";
import type { Tables } from "../world/tables.js";
import type { WorkDone } from "../world/work-done.js";
import type { Report } from "./trail-oracle.js";

interface Decided {
  readonly parentId: string;
  readonly childId: string;
}

export class FamilyOracle {
  readonly #decided = new Map<string, Decided>();
  readonly #begun = new Set<string>();
  /** By key, what the child said. */
  readonly #said = new Map<string, string>();
  readonly #ended = new Set<string>();

  /** By the place of the row that says so, the child that is to be called off. */
  readonly #calledOff = new Map<string, string>();
  readonly #gone = new Set<string>();

  constructor(
    private readonly tables: Tables,
    private readonly work: WorkDone,
    private readonly report: Report,
  ) {}

  decided(at: EffectId, effect: LinkEffect): void {
    const parentId = at.instanceId;
    if (effect.kind === "cancel-child") this.#calledOff.set(placeOf(at), effect.childId);
    if (effect.kind === "start-child") {
      if (this.#decided.has(effect.key)) this.#say(`Key ${effect.key} was decided twice.`);
      this.#decided.set(effect.key, { parentId, childId: effect.childId });
    } else if (effect.kind === "tell-parent") {
      if (this.#said.has(effect.childKey)) this.#say(`The child of ${effect.childKey} ends twice.`);
      this.#said.set(effect.childKey, textOf(effect.outcome));
    }
  }

  /** A row of the outbox is over: what it asked is there to be seen. */
  asked(effect: EffectId): void {
    const childId = this.#calledOff.get(placeOf(effect));
    if (childId === undefined) return;
    const child = this.tables.instances.load(childId);
    if (child !== undefined && !isOver(child))
      this.#say(`${childId} was called off, and is ${child.status}.`);
    this.#gone.add(childId);
  }

  began({ instanceId, parent }: StartCommand): void {
    if (parent === undefined) return;
    this.work.children += 1;
    if (this.#gone.has(instanceId)) this.#say(`${instanceId} began after it was called off.`);
    const decided = this.#decided.get(parent.key);
    if (decided?.childId !== instanceId || decided.parentId !== parent.instanceId)
      this.#say(`${instanceId} began for ${parent.key}, which nobody has decided.`);
    if (this.#begun.has(parent.key)) this.#say(`A second child began for ${parent.key}.`);
    this.#begun.add(parent.key);
  }

  /** Of a command that tells of children: what of it acted. */
  told(parentId: string, { children }: ChildDoneCommand, records: readonly JsonObject[]): void {
    for (const { key } of records.filter((record) => record.type === "child-ended")) {
      const name = String(key);
      const outcome = children.find((child) => child.key === name)?.outcome;
      if (outcome === undefined) continue;
      if (this.#ended.has(name)) this.#say(`${parentId} has taken the end of ${name} twice.`);
      this.#ended.add(name);
      const said = this.#said.get(name);
      if (said === undefined) {
        if (outcome.outcome === "completed" || this.#begun.has(name))
          this.#say(`${parentId} was told how ${name} ended, which it has not.`);
      } else if (said !== textOf(outcome))
        this.#say(`${parentId} was told something else than ${name} said.`);
    }
  }

  checkEnd(): void {
    for (const [key, { parentId, childId }] of this.#decided) {
      const isAwaited = this.#awaitedBy(parentId).includes(key);
      const child = this.tables.instances.load(childId);
      if (isAwaited && (child === undefined || isOver(child)))
        this.#say(`${parentId} waits for ${childId}, which is ${child?.status ?? "not there"}.`);
      if (!isAwaited && child !== undefined && !isOver(child))
        this.#say(`${childId} is ${child.status}, and ${parentId} does not wait for it.`);
    }
    for (const row of this.tables.instances.list({ limit: 1_000 })) {
      const fault = outcomeFault(row, this.tables.instances.list({ parentId: row.instanceId, limit: 1_000 }));
      if (fault !== undefined) this.#say(`${row.instanceId} (${row.currentState}): ${fault}`);
    }
  }

  #awaitedBy(parentId: string): readonly string[] {
    const row = this.tables.instances.load(parentId);
    if (row === undefined) return [];
    return (JSON.parse(row.snapshot) as Snapshot).tokens.flatMap(({ child, each }) => [
      ...(child === undefined ? [] : [child.key]),
      ...(each?.running ?? []).map(({ key }) => key),
    ]);
  }

  #say(message: string): void {
    this.report("children", message);
  }
}

function placeOf({ instanceId, seq, ordinal }: EffectId): string {
  return `${instanceId}/${seq}.${ordinal}`;
}

function isOver({ status }: InstanceRow): boolean {
  return status === "completed" || status === "error" || status === "cancelled";
}

/** Whether a parent ended as its children say. */
function outcomeFault(parent: InstanceRow, children: readonly InstanceRow[]): string | undefined {
  const { data } = JSON.parse(parent.snapshot) as Snapshot;
  switch (`${parent.stateMachineId} ${parent.currentState}`) {
    case "shop paid":
    case "shop thanking":
      if (children.length !== 1 || children[0]?.status !== "completed") return "its payment was not made.";
      return data.receipt === `R-${String(data.amount)}` ? undefined : "it has another receipt.";
    case "shop refused":
      return children[0]?.status === "error" ? undefined : "its payment was not declined.";
    case "batch packed":
    case "batch packing":
      return listFault(data.items as readonly Json[], data.made as readonly Json[], children);
    default:
      return undefined;
  }
}

function listFault(
  items: readonly Json[],
  made: readonly Json[],
  children: readonly InstanceRow[],
): string | undefined {
  if (children.length !== items.length) return `${children.length} children for ${items.length} items.`;
  if (made.length !== items.length) return `${made.length} results for ${items.length} items.`;
  const failed = made.filter((one) => one === null).length;
  if (failed !== children.filter(({ status }) => status !== "completed").length || failed > 1)
    return `${failed} items failed.`;
  const isInOrder = items.every(
    (item, index) => made[index] === null || made[index] === `made-${String(item)}`,
  );
  return isInOrder ? undefined : "the results are in another order.";
}

function textOf(outcome: object): string {
  return canonicalJson(outcome as unknown as Json);
}
