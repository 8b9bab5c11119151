/**
 * Makes a failing run smaller: faults are left out one by one, then instances, as long as the same oracle still finds fault.
 * What is left out of a mix shifts nothing else of what is drawn before it, so most failures survive.
 */
import { type Run, type RunSettings, runSeed } from "./run-seed.js";

/** The smallest failing run that was found, itself included; of the same seed. */
export async function shrink(failing: Run): Promise<Run> {
  const withFewerFaults = await leaveOut(failing, failing.faults, (settings, fault) => ({
    ...settings,
    leftOut: [...(settings.leftOut ?? []), fault],
  }));
  const instanceIds = failing.plans.map(({ instanceId }) => instanceId);
  return leaveOut(withFewerFaults, instanceIds, (settings, instanceId) => ({
    ...settings,
    notStarted: [...(settings.notStarted ?? []), instanceId],
  }));
}

async function leaveOut<Part>(
  failing: Run,
  parts: readonly Part[],
  without: (settings: RunSettings, part: Part) => RunSettings,
): Promise<Run> {
  let smallest = failing;
  for (const part of parts) {
    const tried = await runSeed(failing.seed, without(smallest.settings, part));
    if (tried.violation?.oracle === failing.violation?.oracle) smallest = tried;
  }
  return smallest;
}

/** In words: what was needed for it to fail. */
export function describeMix({ seed, faults, plans, steps, violation }: Run): string {
  const machines = plans.map(({ instanceId, machineId }) => `${instanceId} (${machineId})`);
  return [
    `The smallest mix of seed ${seed} that still fails (${steps} steps): ${violation?.oracle}: ${violation?.message}`,
    `  faults: ${faults.join(", ") || "none"}`,
    `  instances: ${machines.join(", ") || "none"}`,
  ].join("\n");
}
