/** Whether a plan fits the two versions, before any instance is looked at: what it names must be there. */
import { StatewrightError } from "../../core/errors.js";
import { compileTemplate } from "../../core/expression/compile-template.js";
import type { Machines } from "../machines.js";
import type { Migration } from "./operator-acts.js";

/** Throws `DEFINITION_UNKNOWN`, and `USAGE` with everything that is wrong with the plan. */
export async function checkMigration(machines: Machines, migration: Migration): Promise<void> {
  const { stateMachineId, from, to, plan = {} } = migration;
  if (from === to) throw misplanned([`it leads from version ${from} to itself.`]);
  const old = await machines.load(stateMachineId, from);
  const next = await machines.load(stateMachineId, to);
  const faults: string[] = [];
  for (const [source, target] of Object.entries(plan.states ?? {})) {
    if (!old.states.has(source)) faults.push(`version ${from} has no state "${source}".`);
    if (!next.states.has(target)) faults.push(`version ${to} has no state "${target}".`);
  }
  for (const [name, template] of Object.entries({ ...plan.data, ...plan.variables })) {
    const compiled = compileTemplate(template);
    if (!compiled.ok)
      faults.push(`the template of "${name}" is not right: ${compiled.faults[0]?.message ?? ""}`);
  }
  if (faults.length > 0) throw misplanned(faults);
}

function misplanned(faults: readonly string[]): StatewrightError {
  return new StatewrightError("USAGE", `The plan does not fit: ${faults.join(" ")}`, {
    hint: 'A plan is { "states": { "old": "new" }, "data": { "property": "template" }, "variables": {}, "unset": [] }.',
  });
}
