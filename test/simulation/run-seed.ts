/**
 * One run: the real runtime in a world that its seed decides, from the first start to the last thing there is to do.
 * Nothing but the seed (and a planted bug) goes in, so a run can be had again at any time.
 */
import { checkEnd } from "./oracles/final-oracle.js";
import type { Violation } from "./oracles/oracles.js";
import type { PlantedBug } from "./planted-bug.js";
import { Client } from "./workload/client.js";
import { drawPlan } from "./workload/plan.js";
import { Draw } from "./world/draw.js";
import type { WorkDone } from "./world/work-done.js";
import { World } from "./world/world.js";

export interface Run {
  readonly seed: number;
  readonly violation: Violation | undefined;
  /** What happened, in order, each with its step and the milliseconds since the start. */
  readonly log: readonly string[];
  readonly work: WorkDone;
  readonly steps: number;
  readonly virtualMs: number;
}

/** A run that takes so many steps does not end. */
const MOST_STEPS = 20_000;
/** When so long nothing has happened, nothing will: no timer of the definitions waits longer than a day. */
const LONGEST_WAIT_MS = 25 * 3_600_000;

export async function runSeed(seed: number, bug?: PlantedBug): Promise<Run> {
  const world = new World(seed, bug);
  const workload = new Draw(seed, "workload");
  const clients = drawPlan(workload).map((plan) => new Client(plan, world));
  const stormSteps = workload.between(200, 1_200);
  world.start();
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
  return {
    seed,
    violation: oracles.violation,
    log: scheduler.log,
    work,
    steps: scheduler.steps,
    virtualMs: scheduler.now() - scheduler.startMs,
  };
}

async function runUntilQuiet(world: World, stormSteps: number): Promise<void> {
  const { scheduler, oracles } = world;
  while (oracles.violation === undefined) {
    if (!world.isCalm && scheduler.steps >= stormSteps) world.calm();
    if (scheduler.steps > MOST_STEPS)
      oracles.report("drain", `After ${scheduler.steps} steps there is still work.`);
    world.disturb();
    const isGoingOn = await scheduler.step();
    const isQuiet = scheduler.now() - scheduler.lastWorkAtMs > LONGEST_WAIT_MS;
    if (world.isCalm && (isQuiet || !isGoingOn)) return;
    if (isQuiet || !isGoingOn) world.calm();
  }
}

/** What somebody needs who has to find out what went wrong. */
export function describeFailure({ seed, violation, log }: Run): string {
  return [
    `Seed ${seed}: ${violation?.oracle}: ${violation?.message}`,
    `Run it alone: SIM_SEED=${seed} npx vitest run test/simulation`,
    "The last of what happened:",
    ...log.slice(-40).map((line) => `  ${line}`),
  ].join("\n");
}
