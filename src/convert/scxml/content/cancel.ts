/** `<cancel sendid>`: calls off a delayed event. */
import { literalTemplate, textTemplate } from "../expression/value-template.js";
import type { XmlElement } from "../read/xml-element.js";
import type { ActionList, Guard } from "./action-list.js";

export function executeCancel(list: ActionList, element: XmlElement, guard: Guard): boolean {
  const { attributes, place } = element;
  const id = attributes.get("sendid");
  const source = attributes.get("sendidexpr");
  if (id !== undefined || source === undefined) {
    if (id === undefined) list.conversion.report.add("SCXML_INVALID", place, "<cancel> names no send.");
    list.add({ type: "cancel", config: { id: String(literalTemplate(id ?? "")) } }, guard);
    return true;
  }
  const rewritten = list.rewrite(source, place, "The id of what is called off");
  if (rewritten.kind === "certain-error") {
    return list.fail(place, guard, `<cancel> fails (${rewritten.message})`);
  }
  if (rewritten.kind === "expression") {
    list.add({ type: "cancel", config: { id: textTemplate(rewritten.text) } }, guard);
  }
  return true;
}
