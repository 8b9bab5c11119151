/**
 * `<send>` to this very machine: an event that waits behind what has arrived, at once or after a delay, or with the
 * target `#_internal` one that comes before it.
 *
 * 1. All values are worked out when the element is executed; if one fails, nothing is sent and `error.execution` is
 *    raised.
 * 2. A target or type that can never be reached raises its error, as SCXML wants it; one that other platforms reach
 *    (an address, a parent, a child) is refused, so that nobody takes a message for sent.
 */
import type { Json } from "../../../core/json/json.js";
import type { Action } from "../conversion.js";
import { SCXML_PROCESSOR, SESSION_ADDRESS } from "../expression/system-variables.js";
import { literalTemplate, textTemplate } from "../expression/value-template.js";
import type { XmlElement } from "../read/xml-element.js";
import type { ActionList, Guard } from "./action-list.js";
import { readLocation } from "./location.js";
import { messageData } from "./message-data.js";
import { sendDelay } from "./send-delay.js";
import { type Route, routesOf } from "./send-routes.js";

export function executeSend(list: ActionList, element: XmlElement, guard: Guard): boolean {
  const { place } = element;
  const id = sendId(list, element, guard);
  if (id.kind === "certain-error") return list.fail(place, guard, `<send> fails (${id.message})`);
  const sendIdOf = id.template === undefined ? {} : { sendId: id.template };
  const routes = routesOf(list, element);
  if (routes.kind === "refused") return true;
  if (routes.kind === "certain-error") {
    const goesOn = routes.event !== undefined;
    return (
      list.fail(place, guard, routes.message, { ...sendIdOf, ...(goesOn ? { event: routes.event } : {}) }) ||
      goesOn
    );
  }
  const event = eventName(list, element);
  const data = messageData(list, element);
  const delay = sendDelay(list, element);
  for (const part of [event, data, delay]) {
    if (part.kind === "certain-error")
      return list.fail(place, guard, `<send> fails (${part.message})`, sendIdOf);
  }
  if (
    event.kind !== "data" ||
    data.kind !== "data" ||
    delay.kind !== "data" ||
    typeof event.template !== "string"
  )
    return true;
  for (const route of routes.routes) {
    if (route.kind === "error") {
      list.raise({ event: route.event }, [...guard, route.condition]);
      continue;
    }
    const config: NonNullable<Action["config"]> = { event: event.template };
    const carried = carriedData(list, route, data.template, id.isWritten ? id.template : undefined);
    if (carried !== undefined) config.data = carried;
    if (delay.template !== undefined) config.delay = delay.template;
    if (route.kind === "external") config.queue = "external";
    if (id.template !== undefined) config.id = id.template;
    list.raise(config, route.condition === undefined ? guard : [...guard, route.condition]);
  }
  return true;
}

type Part =
  | { readonly kind: "data"; readonly template: Json | undefined }
  | { readonly kind: "certain-error"; readonly message: string };

function eventName(list: ActionList, element: XmlElement): Part {
  const name = element.attributes.get("event");
  if (name !== undefined) return { kind: "data", template: literalTemplate(name) };
  const source = element.attributes.get("eventexpr");
  if (source === undefined) {
    list.conversion.report.add("SCXML_INVALID", element.place, "<send> names no event.");
    return { kind: "data", template: undefined };
  }
  const rewritten = list.rewrite(source, element.place, "The name of the event");
  if (rewritten.kind === "certain-error") return { kind: "certain-error", message: rewritten.message };
  if (rewritten.kind === "refused") return { kind: "data", template: undefined };
  return { kind: "data", template: textTemplate(rewritten.text) };
}

type SendId =
  | { readonly kind: "id"; readonly template: string | undefined; readonly isWritten: boolean }
  | { readonly kind: "certain-error"; readonly message: string };

/** The id as written; with `idlocation` one that is made and kept there. */
function sendId(list: ActionList, element: XmlElement, guard: Guard): SendId {
  const id = element.attributes.get("id");
  const source = element.attributes.get("idlocation");
  if (source === undefined) {
    const template = id === undefined ? undefined : String(literalTemplate(id));
    return { kind: "id", template, isWritten: id !== undefined };
  }
  const location = readLocation(source, list.conversion.names);
  if (location.kind !== "variable") {
    if (location.kind === "certain-error") return location;
    list.conversion.report.add(
      "SCXML_LOCATION",
      element.place,
      `"${source.trim()}" is a part of "${location.name}"; only whole variables are set.`,
    );
    return { kind: "id", template: undefined, isWritten: false };
  }
  list.assign({ [location.name]: "${'send.' + uuid()}" }, guard);
  return { kind: "id", template: `\${data.${location.name}}`, isWritten: true };
}

/** The data alone, or in a chart that asks for them beside the fields of the event. */
function carriedData(
  list: ActionList,
  route: Route,
  template: Json | undefined,
  id: string | undefined,
): Json | undefined {
  if (!list.conversion.names.carriesEventFields) return template;
  const fields = {
    type: route.kind === "internal" ? "internal" : "external",
    ...(route.kind === "internal" ? {} : { origin: `\${${SESSION_ADDRESS}}`, origintype: SCXML_PROCESSOR }),
    ...(id === undefined ? {} : { sendid: id }),
  };
  return template === undefined ? { scxml: fields } : { scxml: fields, data: template };
}
