/** `<assign location expr>`, or with the value inside. */
import { literalTemplate, valueTemplate } from "../expression/value-template.js";
import { inlineValue } from "../read/inline-value.js";
import type { XmlElement } from "../read/xml-element.js";
import type { ActionList, Guard } from "./action-list.js";
import { readLocation } from "./location.js";

export function executeAssign(list: ActionList, element: XmlElement, guard: Guard): boolean {
  const { report, names } = list.conversion;
  const { attributes, place } = element;
  const source = attributes.get("location") ?? "";
  const location = readLocation(source, names);
  if (location.kind === "certain-error") {
    return list.fail(place, guard, `The location ${source.trim()} cannot be assigned (${location.message})`);
  }
  if (location.kind === "inside") {
    report.add(
      "SCXML_LOCATION",
      place,
      `"${source.trim()}" is a part of "${location.name}"; only whole variables are assigned.`,
      `Assign "${location.name}" as a whole.`,
    );
    return true;
  }
  return setVariable(list, element, location.name, guard);
}

/** Sets a variable to what `expr` or the text inside says; without either, to nothing. */
export function setVariable(list: ActionList, element: XmlElement, name: string, guard: Guard): boolean {
  const { attributes, place } = element;
  const source = attributes.get("expr");
  if (source === undefined) {
    const value = inlineValue(element);
    if (value.kind === "xml") {
      list.conversion.report.add("SCXML_DATA", place, `"${name}" is given XML, which data here cannot hold.`);
      return true;
    }
    list.assign({ [name]: literalTemplate(value.kind === "value" ? (value.value ?? null) : null) }, guard);
    return true;
  }
  const rewritten = list.rewrite(source, place, `The value of "${name}"`);
  if (rewritten.kind === "certain-error") {
    return list.fail(place, guard, `The value of "${name}" fails (${rewritten.message})`);
  }
  if (rewritten.kind === "expression") list.assign({ [name]: valueTemplate(rewritten.text) }, guard);
  return true;
}
