/** `<data>`: variables with their first values, in document order. */

import type { Json } from "../../../core/json/json.js";
import type { ActionList, Guard } from "../content/action-list.js";
import { setVariable } from "../content/assign.js";
import { constantOf, literalTemplate, valueTemplate } from "../expression/value-template.js";
import { inlineValue } from "../read/inline-value.js";
import { isScxml } from "../read/scxml-element.js";
import { isVariableName } from "../read/survey-data.js";
import type { XmlElement } from "../read/xml-element.js";

/** Neighbours whose values depend on nothing are set by one action. */
export function declareData(list: ActionList, elements: readonly XmlElement[], guard: Guard): void {
  let constants: { [name: string]: Json } = {};
  const flush = () => {
    if (Object.keys(constants).length > 0) list.assign(constants, guard);
    constants = {};
  };
  for (const element of elements) {
    const { attributes, place } = element;
    const name = attributes.get("id");
    if (!isScxml(element, "data") || name === undefined || !isVariableName(name)) {
      list.conversion.report.add(
        "SCXML_INVALID",
        place,
        `<data> needs an id that is a variable of ECMAScript.`,
      );
      continue;
    }
    if (attributes.has("src")) {
      list.conversion.report.add(
        "SCXML_SOURCE",
        place,
        `The value of "${name}" is loaded from "${attributes.get("src") ?? ""}", which is not done.`,
        "Put the value into the chart.",
      );
      continue;
    }
    const source = attributes.get("expr");
    const inline = inlineValue(element);
    if (source === undefined && inline.kind === "nothing") continue;
    if (source === undefined && inline.kind === "value") {
      constants[name] = literalTemplate(inline.value ?? null);
      continue;
    }
    if (source !== undefined && constantOf(source) !== undefined) {
      constants[name] = valueTemplate(source);
      continue;
    }
    flush();
    setVariable(list, element, name, guard);
  }
  flush();
}
