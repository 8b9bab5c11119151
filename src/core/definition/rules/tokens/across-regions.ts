import type { Rule } from "../rule.js";
import { finding } from "../rule.js";
import { regionsAround } from "./region-of.js";

/** A transition from one region into another of the same parallel state has the whole of it left and entered again. */
export const acrossRegions: Rule = ({ survey }) =>
  survey.transitions.flatMap(({ transition, pointer, label, sourceIds }) => {
    const target = survey.statesById.get(transition.toStateId ?? "");
    if (target === undefined) return [];
    const into = regionsAround(target);
    if (into.length === 0) return [];
    for (const sourceId of sourceIds) {
      const source = survey.statesById.get(sourceId);
      for (const { parallel, region } of source === undefined ? [] : regionsAround(source)) {
        const other = into.find((around) => around.parallel === parallel && around.region !== region);
        if (other === undefined) continue;
        const { stateId } = parallel.state;
        return [
          finding(
            "ACROSS_REGIONS",
            `${pointer}/toStateId`,
            `${label} leads from ${region.label.replace("Region", "region")} into ${other.region.label.replace("Region", "region")}: the whole of "${stateId}" is left and entered again.`,
            { hint: "Raise an event that the other region waits for, if the rest should stay as it is." },
          ),
        ];
      }
    }
    return [];
  });
