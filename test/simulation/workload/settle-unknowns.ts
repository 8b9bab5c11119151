/**
 * Somebody who looks at what nobody knows, once the faults have stopped: an incident that holds an instance is retried or
 * skipped, one that holds nothing is skipped.
 */
import { RefusedError } from "../../../src/core/refused.js";
import type { IncidentRow } from "../../../src/ports/store.js";
import type { World } from "../world/world.js";

/** What is retried may be unknown again, while the other side has not got to it. */
const MOST_ROUNDS = 4;

/** `goOn` runs the world until nothing is left to do. */
export async function settleUnknowns(world: World, goOn: () => Promise<void>): Promise<void> {
  for (let round = 1; round <= MOST_ROUNDS && world.oracles.violation === undefined; round += 1) {
    const open = unknowns(world);
    if (open.length === 0) return;
    for (const incident of open) settle(world, incident, round);
    world.scheduler.lastWorkMs = world.scheduler.elapsedMs;
    await goOn();
  }
  const [left] = unknowns(world);
  if (left !== undefined)
    world.oracles.report("drain", `${left.incidentId} was looked at, and is open all the same.`);
}

function unknowns({ tables }: World): readonly IncidentRow[] {
  return tables.incidents
    .list({ isOpen: true, limit: 1_000 })
    .filter(({ code }) => code === "OUTCOME_UNKNOWN");
}

function settle(world: World, { instanceId, incidentId, text }: IncidentRow, round: number): void {
  const { suspends } = JSON.parse(text) as { readonly suspends: boolean };
  const act = suspends && round < MOST_ROUNDS ? world.travel.pick(["retry", "skip"] as const) : "skip";
  const request = { incidentId, reason: "it was looked up", actor: `looks-up-${incidentId}-${round}` };
  world.scheduler.note(`somebody does ${act} ${incidentId}`);
  const answer = world.owner?.engine?.[act](instanceId, request);
  if (answer === undefined) world.oracles.report("drain", "Nobody is there whom an operator could ask.");
  answer?.catch((error: unknown) => {
    if (!(error instanceof RefusedError))
      world.oracles.report("errors", `An operator was told: ${String(error)}`);
  });
}
