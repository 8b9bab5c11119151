/** Runs dependency-cruiser with the repository's rules over a tree and lists what violates them. */
import { fileURLToPath } from "node:url";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import extractDepcruiseOptions from "dependency-cruiser/config-utl/extract-depcruise-options";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const RULES = fileURLToPath(new URL("../../.dependency-cruiser.cjs", import.meta.url));
const TS_CONFIG = fileURLToPath(new URL("../../tsconfig.json", import.meta.url));

export interface LayerViolation {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

/** The names of all rules, in the order of the file. */
export async function layerRules(): Promise<readonly string[]> {
  const { ruleSet } = await extractDepcruiseOptions(RULES);
  return (ruleSet?.forbidden ?? []).map((rule) => rule.name ?? "a rule without a name");
}

/** The reason of each rule; a rule without one has none in the map. */
export async function layerReasons(): Promise<ReadonlyMap<string, string>> {
  const { ruleSet } = await extractDepcruiseOptions(RULES);
  return new Map((ruleSet?.forbidden ?? []).map((rule) => [rule.name ?? "", rule.comment ?? ""]));
}

/** Violations in `src` below `directory`, in the cruiser's order; the count of modules tells an empty run apart. */
export async function cruiseLayers(
  directory: string,
): Promise<{ readonly modules: number; readonly violations: readonly LayerViolation[] }> {
  const options = await extractDepcruiseOptions(RULES);
  const { output } = await cruise(["src"], { ...options, baseDir: directory }, undefined, {
    tsConfig: extractTSConfig(TS_CONFIG),
  });
  const { summary } = output as ICruiseResult;
  const violations = summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }));
  return { modules: summary.totalCruised, violations };
}
