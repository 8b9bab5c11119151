import { regionsEnteredBeside } from "../../survey/enclosing.js";
import type { StateEntry } from "../../survey/entries.js";
import type { Rule } from "../rule.js";
import { finding } from "../rule.js";
import { regionsAround } from "./region-of.js";

/** A transition from outside that names a state inside a region also starts the other regions, which it does not name. */
export const intoParallel: Rule = ({ survey }) =>
  survey.transitions.flatMap(({ transition, pointer, label, sourceIds }) => {
    const target = survey.statesById.get(transition.toStateId ?? "");
    const into = target === undefined ? [] : regionsAround(target);
    if (target === undefined || into.length === 0) return [];
    const sources = sourceIds.flatMap((stateId) => survey.statesById.get(stateId) ?? []);
    const outermost = into.findLast(({ parallel }) =>
      sources.some((source) => !isInsideOf(source, parallel)),
    );
    if (outermost === undefined) return [];
    const { parallel, region } = outermost;
    const beside = regionsEnteredBeside(target, (entered) => entered.depth >= region.depth);
    if (beside.length === 0) return [];
    return [
      finding(
        "INTO_PARALLEL",
        `${pointer}/toStateId`,
        `${label} leads into the middle of "${parallel.state.stateId}": ${beside.map((other) => other.label.replace("Region", "region")).join(", ")} of it ${beside.length === 1 ? "is" : "are"} entered by default.`,
        { hint: `Lead it to "${parallel.state.stateId}", if all regions should begin where they begin.` },
      ),
    ];
  });

function isInsideOf(entry: StateEntry, parallel: StateEntry): boolean {
  return regionsAround(entry).some((around) => around.parallel === parallel);
}
