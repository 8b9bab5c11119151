/**
 * Rollbacks (`undo`). It goes by the trail's records of what was done and by what arrives outside, not by what the engine
 * keeps: of the actions that can be undone, every one that was completed and is rolled back
 *
 * - is undone in reverse order, a child's work as a whole in the child's place
 * - is undone when the rollback is over, or an incident names it: open, or given up by an operator
 *
 * A child is asked once for each time that its parent decided it, and its parent hears of that once. What an incident names
 * may be undone at any time: a request that was given up may still be on the network.
 */
import type { JsonObject } from "../../../src/core/json/json.js";
import type { Command } from "../../../src/core/message/command.js";
import type { Effect } from "../../../src/core/message/effect.js";
import type { Snapshot } from "../../../src/core/model/snapshot.js";
import { UNDO_MACHINE_IDS, UNDOABLE } from "../workload/undo-machines.js";
import { type Ledger, nameOfWork, type OutsideRequest } from "../world/ledger.js";
import type { Tables } from "../world/tables.js";
import type { WorkDone } from "../world/work-done.js";
import type { Report } from "./trail-oracle.js";

/** What was done, in the order of the trail. */
interface Deed {
  /** As the ledger names it; of a child its id. */
  readonly name: string;
  readonly actionId: string | undefined;
  isRolledBack: boolean;
  /** By incidents, open or not. */
  readonly incidentIds: string[];
  isGivenUp: boolean;
}

interface Doer {
  readonly deeds: Deed[];
  parentId: string | undefined;
  readonly incidents: Set<string>;
}

export class UndoOracle {
  readonly #doers = new Map<string, Doer>();
  readonly #childOfKey = new Map<string, string>();
  /** By key, the child that is to be asked. */
  readonly #decided = new Map<string, string>();
  readonly #asked = new Set<string>();
  readonly #undone = new Set<string>();

  constructor(
    private readonly tables: Tables,
    private readonly ledger: Ledger,
    private readonly work: WorkDone,
    private readonly report: Report,
  ) {}

  /** One entry of a trail, and what the step made of it. */
  follow(
    command: Command,
    records: readonly JsonObject[],
    { effects, snapshot }: { readonly effects: readonly Effect[]; readonly snapshot: Snapshot },
  ): void {
    if (!UNDO_MACHINE_IDS.includes(snapshot.stateMachineId)) return;
    const { instanceId } = snapshot;
    const doer = this.#doer(instanceId);
    if (command.type === "start") doer.parentId = command.parent?.instanceId;
    if (command.type === "compensate") this.#takeAsking(instanceId, command.key);
    for (const effect of effects) {
      if (effect.kind === "start-child") this.#childOfKey.set(effect.key, effect.childId);
      if (effect.kind === "compensate-child") this.#decided.set(effect.key, effect.childId);
    }
    for (const each of records) this.#take(doer, snapshot, each);
    this.#takeIncidents(doer, snapshot);
    for (const { type } of records)
      if (type === "rolled-back" || type === "compensated") this.#checkOver(instanceId, String(type));
  }

  #take(doer: Doer, { instanceId, data }: Snapshot, each: JsonObject): void {
    const actionId = String(each.actionId);
    switch (each.type) {
      case "action-completed":
        if (UNDOABLE.includes(actionId)) {
          const payload = { round: String(data.round ?? 0) };
          this.#add(doer, nameOfWork({ key: "", instanceId, path: `/${actionId}`, payload }), actionId);
        }
        return;
      case "child-ended":
        this.#add(doer, this.#childOfKey.get(String(each.key)) ?? "");
        return;
      case "child-cancelled":
        this.#add(doer, String(each.childId));
        return;
      case "rollback-started":
      case "undo-asked":
        if (each.type === "rollback-started") this.work.rollbacks += 1;
        for (const deed of doer.deeds) deed.isRolledBack = true;
        return;
      case "child-compensated":
        this.work.childrenUndone += 1;
        return;
      case "incident-closed":
        if (each.resolution !== "skipped") return;
        for (const deed of doer.deeds)
          if (deed.incidentIds.includes(String(each.incidentId))) deed.isGivenUp = true;
    }
  }

  #add({ deeds }: Doer, name: string, actionId?: string): void {
    // A rollback calls off what runs, and goes on with that.
    deeds.push({ name, actionId, isRolledBack: false, incidentIds: [], isGivenUp: false });
  }

  /** An incident names a compensating action, or in its text all that a rollback did not come to. */
  #takeIncidents(doer: Doer, { incidents }: Snapshot): void {
    for (const { incidentId, actionId, code, message } of incidents) {
      if (doer.incidents.has(incidentId)) continue;
      doer.incidents.add(incidentId);
      const named = doer.deeds.filter((deed) =>
        code === "NOT_COMPENSATED"
          ? message.includes(`"${deed.actionId ?? deed.name}"`)
          : deed.actionId !== undefined && actionId === `undo-${deed.actionId}`,
      );
      for (const deed of named)
        if (deed.isRolledBack && !this.#isUndone(deed)) deed.incidentIds.push(incidentId);
    }
  }

  #takeAsking(childId: string, key: string): void {
    if (this.#decided.get(key) !== childId)
      this.#say(`${childId} was asked under ${key}, which nobody has decided.`);
    if (this.#asked.has(key)) this.#say(`${childId} was asked twice under ${key}.`);
    this.#asked.add(key);
  }

  /** Something has arrived outside. */
  taken(request: OutsideRequest): void {
    if (!request.path.startsWith("/undo-") || !this.ledger.appliedKeys.has(request.key)) return;
    const name = nameOfWork({ ...request, path: request.path.replace("undo-", "") });
    if (this.#undone.has(name)) return;
    this.#undone.add(name);
    const { deeds } = this.#doer(request.instanceId);
    const deed = deeds.find((other) => other.name === name);
    if (deed?.isRolledBack !== true) {
      this.#say(`${name} was undone, and is ${deed === undefined ? "not done" : "not rolled back"}.`);
      return;
    }
    const left = deed.incidentIds.length > 0 ? undefined : this.#firstLeftAfter(request.instanceId, name);
    if (left !== undefined) this.#say(`${name} was undone before ${left}, which was done later.`);
  }

  /** What was done after it and is neither undone nor named by an incident: here, or in whoever runs it. */
  #firstLeftAfter(instanceId: string, name: string): string | undefined {
    const { deeds, parentId } = this.#doer(instanceId);
    const later = deeds.slice(deeds.findIndex((deed) => deed.name === name) + 1);
    const left = later.flatMap((deed) => this.#leftOf(deed))[0];
    if (left !== undefined || parentId === undefined) return left;
    const isNamed = this.#doer(parentId).deeds.some(
      (deed) => deed.name === instanceId && deed.incidentIds.length > 0,
    );
    return isNamed ? undefined : this.#firstLeftAfter(parentId, instanceId);
  }

  /** The rollback says that it is over. */
  #checkOver(instanceId: string, type: string): void {
    const left = this.#doer(instanceId)
      .deeds.filter((deed) => deed.isRolledBack)
      .flatMap((deed) => this.#leftOf(deed))[0];
    if (left !== undefined) this.#say(`${instanceId} is ${type}, and ${left} is not undone.`);
  }

  #leftOf(deed: Deed): readonly string[] {
    if (deed.incidentIds.length > 0) return [];
    if (deed.actionId !== undefined) return this.#isUndone(deed) ? [] : [deed.name];
    return this.#doer(deed.name).deeds.flatMap((inner) => this.#leftOf(inner));
  }

  #isUndone({ name }: Deed): boolean {
    return this.#undone.has(name);
  }

  checkEnd(): void {
    for (const [instanceId, { deeds }] of this.#doers) {
      const open = this.tables.incidents.list({ instanceId, isOpen: true, limit: 1_000 });
      const isOpen = new Set(open.map(({ incidentId }) => incidentId));
      for (const deed of deeds) {
        if (!deed.isRolledBack || deed.isGivenUp || deed.incidentIds.some((id) => isOpen.has(id))) continue;
        const isDone = deed.actionId === undefined ? this.#hasAnswered(deed.name) : this.#isUndone(deed);
        if (!isDone)
          this.#say(`In the end ${deed.name} of ${instanceId} is not undone, and no incident names it.`);
      }
    }
  }

  /** What it has left has its own incidents. */
  #hasAnswered(childId: string): boolean {
    const { deeds } = this.#doer(childId);
    return deeds.every((deed) => deed.isRolledBack);
  }

  #doer(instanceId: string): Doer {
    const known = this.#doers.get(instanceId);
    if (known !== undefined) return known;
    const doer: Doer = { deeds: [], parentId: undefined, incidents: new Set() };
    this.#doers.set(instanceId, doer);
    return doer;
  }

  #say(message: string): void {
    this.report("undo", message);
  }
}
