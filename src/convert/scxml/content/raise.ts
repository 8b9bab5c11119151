/** `<raise event>`: an event that comes before everything from outside. */
import { literalTemplate } from "../expression/value-template.js";
import type { XmlElement } from "../read/xml-element.js";
import type { ActionList, Guard } from "./action-list.js";

export function executeRaise(list: ActionList, element: XmlElement, guard: Guard): boolean {
  const name = element.attributes.get("event");
  if (name === undefined) {
    list.conversion.report.add("SCXML_INVALID", element.place, "<raise> names no event.");
    return true;
  }
  const event = String(literalTemplate(name));
  const { carriesEventFields } = list.conversion.names;
  list.raise(carriesEventFields ? { event, data: { scxml: { type: "internal" } } } : { event }, guard);
  return true;
}
