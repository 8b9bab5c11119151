/**
 * One run: the real runtime in a world that its seed decides, from the first start to the last thing there is to do.
 * Nothing but the seed (and what is said beside it) goes in, so a run can be had again at any time.
 */
import { sha256 } from "../../src/platform/sha256.js";
import { checkEnd } from "./oracles/final-oracle.js";
import type { Violation } from "./oracles/oracles.js";
import type { PlantedBug } from "./planted-bug.js";
import { Client } from "./workload/client.js";
import { drawPlan, type InstancePlan } from "./workload/plan.js";
import type { Backing, StoreKind } from "./world/backing.js";
import { Draw } from "./world/draw.js";
import type { FaultName } from "./world/fault-mix.js";
import { faultsIn } from "./world/fault-mix.js";
import { memoryBacking } from "./world/memory-backing.js";
import { sqliteBacking } from "./world/sqlite-backing.js";
import type { WorkDone } from "./world/work-done.js";
import { MOST_SET_BACK_MS, World } from "./world/world.js";

export interface RunSettings {
  readonly bug?: PlantedBug;
  /** `memory` where nothing is said. */
  readonly store?: StoreKind;
  /** Faults that do not happen, although the seed has drawn them. */
  readonly leftOut?: readonly FaultName[];
  /** Instances that nobody starts, although the seed has drawn them. */
  readonly notStarted?: readonly string[];
}

export interface Run {
  readonly seed: number;
  readonly settings: RunSettings;
  readonly violation: Violation | undefined;
  /** What happened, in order, each with its step and the milliseconds since the start. */
  readonly log: readonly string[];
  /** SHA-256 over the log and over every trail that was written. */
  readonly journalHash: string;
  readonly work: WorkDone;
  readonly faults: readonly FaultName[];
  readonly plans: readonly InstancePlan[];
  readonly steps: number;
  readonly virtualMs: number;
}

/** A run that takes so many steps does not end. */
const MOST_STEPS = 20_000;
/** When so long nothing has happened, nothing will: no timer of the definitions waits longer than a day. */
const LONGEST_WAIT_MS = 25 * 3_600_000 + MOST_SET_BACK_MS;

export async function runSeed(seed: number, settings: RunSettings = {}): Promise<Run> {
  const backing = settings.store === "sqlite" ? await sqliteBacking() : memoryBacking();
  try {
    return await runOn(backing, seed, settings);
  } finally {
    backing.close();
  }
}

async function runOn(backing: Backing, seed: number, settings: RunSettings): Promise<Run> {
  const world = new World(seed, backing, settings.bug, new Set(settings.leftOut));
  const faults = faultsIn(world.mix);
  const workload = new Draw(seed, "workload");
  const plans = drawPlan(workload).filter(
    ({ instanceId }) => settings.notStarted?.includes(instanceId) !== true,
  );
  const clients = plans.map((plan) => new Client(plan, world));
  const stormSteps = workload.between(150, 800);
  world.start();
  await world.scheduler.settle();
  for (const client of clients) void client.run();
  await runUntilQuiet(world, stormSteps);
  if (world.oracles.violation === undefined) {
    const isWaiting = clients.find((client) => !client.isDone);
    if (isWaiting !== undefined) world.oracles.report("drain", `${isWaiting.name} was never answered.`);
    if (world.owner?.isStopping === true)
      world.oracles.report("stop", "A process was asked to stop and never did.");
    checkEnd(world);
  }
  const { scheduler, oracles, work } = world;
  const { log, steps, elapsedMs } = scheduler;
  const journalHash = sha256([...log, ...trailHeads(world)].join("\n"));
  world.end();
  return {
    seed,
    settings,
    violation: oracles.violation,
    log,
    journalHash,
    work,
    faults,
    plans,
    steps,
    virtualMs: elapsedMs,
  };
}

/** Each trail's last hash says all that is in it. */
function trailHeads({ tables }: World): string[] {
  return tables.instances.list({ limit: 1_000 }).map(({ instanceId, seq }) => {
    const [head] = tables.audit.load(instanceId, seq - 1, 1);
    return `${instanceId} ${seq} ${head?.hash ?? ""}`;
  });
}

async function runUntilQuiet(world: World, stormSteps: number): Promise<void> {
  const { scheduler, oracles } = world;
  while (oracles.violation === undefined) {
    if (!world.isCalm && scheduler.steps >= stormSteps) await calm(world);
    if (scheduler.steps > MOST_STEPS)
      oracles.report("drain", `After ${scheduler.steps} steps there is still work.`);
    if (world.disturb()) await scheduler.settle();
    const isGoingOn = await scheduler.step();
    const isQuiet = scheduler.elapsedMs - scheduler.lastWorkMs > LONGEST_WAIT_MS;
    if (world.isCalm && (isQuiet || !isGoingOn)) return;
    if (isQuiet || !isGoingOn) await calm(world);
  }
}

function calm(world: World): Promise<void> {
  world.calm();
  return world.scheduler.settle();
}

/** What somebody needs who has to find out what went wrong. */
export function describeFailure({ seed, violation, log, settings }: Run): string {
  const store = settings.store === "sqlite" ? " --store sqlite" : "";
  return [
    `Seed ${seed}: ${violation?.oracle}: ${violation?.message}`,
    `Run it alone: npm run simulate -- --seed ${seed}${store}`,
    "The last of what happened:",
    ...log.slice(-40).map((line) => `  ${line}`),
  ].join("\n");
}
