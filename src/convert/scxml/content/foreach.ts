/**
 * `<foreach>`: actions do not loop, so a list whose elements are known before anything runs is written out, element by
 * element. The list is taken as it is at the beginning, whatever is done to it on the way.
 */

import type { Json } from "../../../core/json/json.js";
import { constantOf, literalTemplate } from "../expression/value-template.js";
import { isVariableName } from "../read/survey-data.js";
import type { XmlElement } from "../read/xml-element.js";
import type { ActionList, Execute, Guard } from "./action-list.js";

const MAX_ELEMENTS = 50;

/** Loops in loops multiply: more actions than this are more than a definition holds. */
const MAX_ACTIONS = 10_000;

type Found =
  | { readonly kind: "list"; readonly elements: readonly Json[] }
  | { readonly kind: "error"; readonly message: string }
  | { readonly kind: "unknown"; readonly message: string };

export function executeForeach(
  list: ActionList,
  element: XmlElement,
  guard: Guard,
  execute: Execute,
): boolean {
  const { attributes, place, children } = element;
  const item = attributes.get("item")?.trim() ?? "";
  const index = attributes.get("index")?.trim();
  const found = findList(list, attributes.get("array")?.trim() ?? "");
  if (found.kind === "error") return list.fail(place, guard, `<foreach> fails (${found.message})`);
  if (!isVariableName(item)) return list.fail(place, guard, `<foreach> fails ("${item}" names no variable)`);
  if (found.kind === "unknown" || found.elements.length > MAX_ELEMENTS) {
    list.conversion.report.add(
      "SCXML_FOREACH",
      place,
      found.kind === "unknown"
        ? found.message
        : `A list of more than ${MAX_ELEMENTS} elements is not written out.`,
      "Write map, filter, all, any or sum in an expression, or a state with forEach.",
    );
    return true;
  }
  for (const [at, value] of found.elements.entries()) {
    list.assign({ [item]: literalTemplate(value), ...(index === undefined ? {} : { [index]: at }) }, guard);
    if (!execute(list, children, guard)) return false;
    if (list.conversion.actionIds.size > MAX_ACTIONS) {
      const message = `Written out, the chart's loops have more than ${MAX_ACTIONS} actions.`;
      list.conversion.report.add("SCXML_FOREACH", place, message);
      return true;
    }
  }
  return true;
}

function findList(list: ActionList, source: string): Found {
  const { data, chart } = list.conversion;
  const constant = constantOf(source);
  const use = data.get(source);
  const isFixed = use !== undefined && use.sets === 1 && !use.isOpen && !chart.bindsLate;
  const value = constant ?? (isFixed ? use.values[0] : undefined);
  if (value !== undefined) {
    return Array.isArray(value)
      ? { kind: "list", elements: value }
      : { kind: "error", message: `"${source}" is no list` };
  }
  if (isVariableName(source) && use === undefined)
    return { kind: "error", message: `nothing declares "${source}"` };
  return { kind: "unknown", message: `How many elements "${source}" has is known only at run time.` };
}
