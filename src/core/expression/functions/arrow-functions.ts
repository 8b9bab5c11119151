/** The functions that take a list and an arrow: `all(data.orders, order => order.amount > 0)`. */
import type { Json } from "../../json/json.js";
import type { Evaluation } from "../evaluation.js";
import type { Value } from "../scope.js";
import { isTrue } from "../values/equality.js";

export interface ArrowFunctionRule {
  /** What an absent list gives. */
  readonly ofAbsent: Value;
  readonly apply: (list: readonly Json[], call: (element: Json) => Value, evaluation: Evaluation) => Value;
}

export const ARROW_FUNCTIONS: { readonly [name: string]: ArrowFunctionRule } = {
  all: { ofAbsent: false, apply: (list, call) => list.every((element) => isTrue(call(element))) },
  any: { ofAbsent: false, apply: (list, call) => list.some((element) => isTrue(call(element))) },
  map: {
    ofAbsent: undefined,
    apply: (list, call, evaluation) => {
      evaluation.checkListLength(list.length);
      return list.map((element) => call(element) ?? null);
    },
  },
  filter: {
    ofAbsent: undefined,
    apply: (list, call, evaluation) => {
      const kept = list.filter((element) => isTrue(call(element)));
      evaluation.checkListLength(kept.length);
      return kept;
    },
  },
};
