/**
 * How much is fuzzed: 5,000 inputs with every test run, each suite with its part of them; `FUZZ_RUNS` raises (or lowers)
 * the whole, and `FUZZ_SEED` repeats a run that failed.
 */
const TOTAL = Number(process.env.FUZZ_RUNS ?? 5_000);

/** Parameters for a suite whose part of the inputs is `share` (0 to 1). */
export function fuzzRuns(share: number): { numRuns: number; seed?: number } {
  const numRuns = Math.max(1, Math.ceil(TOTAL * share));
  const seed = process.env.FUZZ_SEED;
  return seed === undefined ? { numRuns } : { numRuns, seed: Number(seed) };
}

/** Time for a suite: what the runs may take on a slow machine, and never less than 60 s. */
export function fuzzTimeoutMs(share: number): number {
  return Math.max(60_000, TOTAL * share * 60);
}
