/**
 * One act on many instances, by id or by filter.
 *
 * 1. Nothing is done without ids or a filter, and with at most 1,000 instances at a time.
 * 2. A filter means only instances that the act concerns; an id that it does not concern is refused.
 * 3. One that is refused does not keep the others from being done. Each is a commit of its own.
 * 4. A dry run is the step itself without its commit: what it says is what would be.
 */
import { currentStates } from "../../core/current-states.js";
import { type ErrorCode, StatewrightError } from "../../core/errors.js";
import { parseInstant } from "../../core/instant.js";
import type { Effect } from "../../core/message/effect.js";
import type { Snapshot } from "../../core/model/snapshot.js";
import { RefusedError } from "../../core/refused.js";
import { step } from "../../core/step/step.js";
import type { Faults } from "../../ports/faults.js";
import type { InstanceRow, InstanceStatus } from "../../ports/store.js";
import { readSnapshot } from "../commit/stored-rows.js";
import { admit } from "../door.js";
import type { Machines } from "../machines.js";
import { checkMigration } from "./check-migration.js";
import { type InstanceFilter, type InstanceLists, InstanceSearch, isFiltered } from "./instance-filter.js";
import {
  isMeant,
  type OperatorDraft,
  type OperatorFacts,
  type OperatorRequest,
  operatorDraft,
} from "./operator-acts.js";

/** Instances that one call works on. */
export const MAX_OPERATED = 1000;
/** So many are under way at the same time: they share commits. */
const AT_ONCE = 64;

export type OperateAllRequest = OperatorFacts &
  OperatorRequest & {
    /** Either these, or a filter. */
    readonly instanceIds?: readonly string[];
    readonly filter?: InstanceFilter;
    /** Says what would be, and changes nothing. */
    readonly dryRun?: boolean;
    /** Repeated under the same key it acts once on each instance. */
    readonly idempotencyKey?: string;
    readonly onProgress?: (done: number, total: number) => void;
  };

export interface OperateResult {
  readonly instanceId: string;
  /** `would`: a dry run. */
  readonly outcome: "done" | "would" | "refused";
  /** As it is: before a dry run, after the act. Absent when there is no such instance. */
  readonly status?: InstanceStatus;
  readonly currentState?: string;
  /** Of a dry run: as it would be after the commit, and the actions that it would send. */
  readonly foreseen?: {
    readonly status: InstanceStatus;
    readonly currentState: string;
    readonly sends: readonly string[];
  };
  readonly error?: OperateRefusal;
}

export interface OperateRefusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly violations?: readonly { readonly path: string; readonly message: string }[];
}

export interface OperateOutcome {
  readonly dryRun: boolean;
  /** By filter: by instance id; else in the order of the ids. */
  readonly results: readonly OperateResult[];
  /** The filter means further ones. */
  readonly isMore: boolean;
  /** About the first instance for which the filter's condition could not be evaluated. */
  readonly whereFault?: string;
}

export interface OperateWorld {
  readonly lists: InstanceLists;
  readonly machines: Machines;
  readonly nowMs: number;
  readonly uuid: () => string;
  readonly faults: Faults;
  /** Submits the command; throws what the engine throws. */
  readonly perform: (instanceId: string, draft: OperatorDraft) => Promise<unknown>;
}

/** Throws `USAGE` for a request that is not right, `DEFINITION_UNKNOWN`, and what the store says. */
export async function operateAll(world: OperateWorld, request: OperateAllRequest): Promise<OperateOutcome> {
  checkRequest(request);
  if (request.act === "migrate") await checkMigration(world.machines, request);
  const meant = await findMeant(world, request);
  const draft = operatorDraft(request, request);
  const dryRun = request.dryRun === true;
  const act = (instanceId: string) =>
    dryRun ? foresee(world, instanceId, draft, request) : perform(world, instanceId, draft, request);
  const results: OperateResult[] = [];
  for (let at = 0; at < meant.ids.length; at += AT_ONCE) {
    results.push(...(await allSettled(meant.ids.slice(at, at + AT_ONCE).map(act))));
    request.onProgress?.(results.length, meant.ids.length);
  }
  const { isMore, whereFault } = meant;
  return { dryRun, results, isMore, ...(whereFault === undefined ? {} : { whereFault }) };
}

function checkRequest({ act, instanceIds, filter, ...request }: OperateAllRequest): void {
  const isByFilter = filter !== undefined && isFiltered(filter);
  if (instanceIds !== undefined && isByFilter)
    throw usage("Ids and a filter are given.", "Give either of them.");
  if (instanceIds === undefined && !isByFilter) {
    throw usage(`It is not said which instances to ${act}.`, "Give ids, or a filter.");
  }
  if (instanceIds !== undefined && instanceIds.length > MAX_OPERATED) {
    throw usage(`${instanceIds.length} instances are named.`, `Give at most ${MAX_OPERATED} at a time.`);
  }
  const incidentId = "incidentId" in request ? request.incidentId : undefined;
  if (incidentId !== undefined && instanceIds?.length !== 1) {
    throw usage("An incident goes with one instance.", "Give the one id that the incident belongs to.");
  }
}

interface Meant {
  readonly ids: readonly string[];
  readonly isMore: boolean;
  readonly whereFault?: string;
}

async function findMeant(world: OperateWorld, request: OperateAllRequest): Promise<Meant> {
  if (request.instanceIds !== undefined) return { ids: [...new Set(request.instanceIds)], isMore: false };
  const search = new InstanceSearch(world.lists, request.filter ?? {}, world);
  const ids: string[] = [];
  let isMore = false;
  for await (const row of search.rows()) {
    if (!isMeant(request, readSnapshot(row))) continue;
    isMore = ids.length === MAX_OPERATED;
    if (isMore) break;
    ids.push(row.instanceId);
  }
  const { firstFault } = search;
  return { ids, isMore, ...(firstFault === undefined ? {} : { whereFault: firstFault }) };
}

async function foresee(
  { lists, machines, nowMs }: OperateWorld,
  instanceId: string,
  draft: OperatorDraft,
  request: OperatorRequest,
): Promise<OperateResult> {
  const [row] = await lists.load([instanceId]);
  const before = row === undefined ? {} : { status: row.status, currentState: row.currentState };
  try {
    const snapshot = snapshotOf(instanceId, row);
    checkMachine(request, snapshot);
    const admitted = admit(instanceId, draft, undefined) as OperatorDraft;
    const version = admitted.act === "migrate" ? admitted.to : snapshot.version;
    const machine = await machines.load(snapshot.stateMachineId, version);
    const atMs = Math.max(nowMs, parseInstant(snapshot.updatedAt) ?? nowMs);
    const result = step(machine, snapshot, { ...admitted, random: "0".repeat(32) }, atMs);
    if (!result.ok) throw new RefusedError(result.rejection);
    const { status } = result.snapshot;
    const foreseen = {
      status,
      currentState: currentStates(result.snapshot)[0] ?? "",
      sends: sent(result.effects),
    };
    return { instanceId, outcome: "would", ...before, foreseen };
  } catch (error) {
    return { instanceId, outcome: "refused", ...before, error: refusalOf(error) };
  }
}

async function perform(
  world: OperateWorld,
  instanceId: string,
  draft: OperatorDraft,
  request: OperatorRequest,
): Promise<OperateResult> {
  let error: OperateRefusal | undefined;
  try {
    if (request.act === "migrate") {
      const [row] = await world.lists.load([instanceId]);
      checkMachine(request, snapshotOf(instanceId, row));
    }
    world.faults.reach("operate.before-act");
    await world.perform(instanceId, draft);
    world.faults.reach("operate.after-act");
  } catch (thrown) {
    error = refusalOf(thrown);
  }
  const [row] = await world.lists.load([instanceId]);
  const after = row === undefined ? {} : { status: row.status, currentState: row.currentState };
  return error === undefined
    ? { instanceId, outcome: "done", ...after }
    : { instanceId, outcome: "refused", ...after, error };
}

function snapshotOf(instanceId: string, row: InstanceRow | undefined): Snapshot {
  if (row !== undefined) return readSnapshot(row);
  throw new StatewrightError("INSTANCE_UNKNOWN", `There is no instance "${instanceId}".`, {
    hint: "Check the id and the database (--db).",
  });
}

/** A plan is for one state machine. */
function checkMachine(request: OperatorRequest, { instanceId, stateMachineId }: Snapshot): void {
  if (request.act !== "migrate" || request.stateMachineId === stateMachineId) return;
  const message = `Instance "${instanceId}" is one of "${stateMachineId}", not of "${request.stateMachineId}".`;
  throw new RefusedError({ code: "MIGRATION_BLOCKED", message });
}

function sent(effects: readonly Effect[]): string[] {
  return effects.flatMap((effect) => (effect.kind === "try" ? [effect.actionId] : []));
}

/** A store that is lost is no answer of an instance: it is thrown on. */
function refusalOf(error: unknown): OperateRefusal {
  if (!(error instanceof StatewrightError) || error.exitCode !== 1) throw error;
  const { code, message, hint } = error;
  const violations = error instanceof RefusedError ? error.rejection.violations : undefined;
  return {
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(violations === undefined ? {} : { violations }),
  };
}

/** Waits for all, also when one fails, so that nothing goes on behind the caller's back. */
async function allSettled<Value>(promises: readonly Promise<Value>[]): Promise<Value[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map((each) => {
    if (each.status === "rejected") throw each.reason;
    return each.value;
  });
}

function usage(message: string, hint: string): StatewrightError {
  return new StatewrightError("USAGE", message, { hint });
}
