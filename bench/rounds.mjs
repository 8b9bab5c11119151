/**
 * Measuring several contenders so that their ratio means something although the machine is shared.
 *
 * 1. Contenders take turns within a round: a slow spell of the machine hits all of them.
 * 2. Each round begins with another contender, so that none always runs on the heels of the same one.
 * 3. A ratio is taken within each round; what is told is the median of those ratios, never a ratio of best values.
 */

/**
 * Runs every contender once a round. Warm-up rounds are run and forgotten.
 *
 * @param {readonly { id: string, run: () => number | Promise<number> }[]} contenders each run gives one value
 * @param {{ rounds: number, warmUpRounds: number }} settings
 * @returns {Promise<Map<string, number[]>>} the values by contender, in the order of the rounds
 */
export async function runRounds(contenders, { rounds, warmUpRounds }) {
  const values = new Map(contenders.map(({ id }) => [id, []]));
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    const first = (round + warmUpRounds) % contenders.length;
    for (const { id, run } of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      const value = await run();
      if (round >= 0) values.get(id).push(value);
    }
  }
  return values;
}

/**
 * @param {{ id: string, what: string, unit: string }} label
 * @param {readonly number[]} values one a round
 */
export function measureOf(label, values) {
  const spread = (Math.max(...values) - Math.min(...values)) / median(values);
  return {
    ...label,
    median: significant(median(values)),
    spread: significant(spread),
    rounds: values.map(significant),
  };
}

/**
 * @param {{ id: string, what: string, goal?: { atLeast: number } | { atMost: number } }} label without a goal the
 *   ratio is told for information
 * @param {readonly number[]} values
 * @param {readonly number[]} others of the same rounds
 */
export function ratioOf(label, values, others) {
  return judged(label, median(values.map((value, round) => value / others[round])), "×");
}

/** A value that has a goal of its own, in its unit. */
export function judged(label, value, unit) {
  const { goal, ...rest } = label;
  const isReached =
    goal === undefined ? null : "atLeast" in goal ? value >= goal.atLeast : value <= goal.atMost;
  return { ...rest, value: significant(value), unit, goal: goal ?? null, isReached };
}

export function median(values) {
  return percentile(values, 0.5);
}

/** By linear interpolation between the two nearest values. */
export function percentile(values, share) {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)];
  return low + (sorted[Math.ceil(at)] - low) * (at - Math.floor(at));
}

function significant(value) {
  return Number(value.toPrecision(4));
}
