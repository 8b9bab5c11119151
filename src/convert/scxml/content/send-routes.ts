/** Where a `<send>` goes: by its type and its target, as far as they are known before anything runs. */
import type { Json } from "../../../core/json/json.js";
import { SCXML_PROCESSOR, SESSION_ADDRESS } from "../expression/system-variables.js";
import { constantOf } from "../expression/value-template.js";
import { COMMUNICATION_ERROR, EXECUTION_ERROR } from "../map/event-descriptors.js";
import type { XmlElement } from "../read/xml-element.js";
import type { ActionList } from "./action-list.js";

export type Route =
  | { readonly kind: "internal" | "external"; readonly condition: string | undefined }
  | { readonly kind: "error"; readonly event: string; readonly condition: string };

export type Routes =
  | { readonly kind: "routes"; readonly routes: readonly Route[] }
  | { readonly kind: "refused" }
  /** With an event: nothing after it is skipped. */
  | { readonly kind: "certain-error"; readonly message: string; readonly event?: string };

/** A constant, or a text of the language of conditions; nothing where the attribute is not there. */
type Known =
  | { readonly kind: "nothing" }
  | { readonly kind: "constant"; readonly value: Json }
  | { readonly kind: "dynamic"; readonly text: string }
  | { readonly kind: "refused" }
  | { readonly kind: "certain-error"; readonly message: string };

const SCXML_TYPES: readonly string[] = [
  SCXML_PROCESSOR,
  "http://www.w3.org/TR/scxml",
  "http://www.w3.org/TR/scxml/",
  "scxml",
];

export function routesOf(list: ActionList, element: XmlElement): Routes {
  const type = known(list, element, "type");
  const target = known(list, element, "target");
  for (const part of [type, target]) {
    if (part.kind === "refused" || part.kind === "certain-error") return part;
  }
  const typeFault = type.kind === "constant" ? constantType(list, element, String(type.value)) : undefined;
  if (typeFault !== undefined) return typeFault;
  const typeHolds =
    type.kind === "dynamic"
      ? `[${[...SCXML_TYPES.map((each) => JSON.stringify(each)), "null"].join(", ")}]`
      : undefined;
  const isOurs =
    type.kind === "dynamic" && typeHolds !== undefined
      ? `contains(${typeHolds}, ${type.text} ?? null)`
      : undefined;
  const errors: Route[] =
    isOurs === undefined ? [] : [{ kind: "error", event: EXECUTION_ERROR, condition: `!${isOurs}` }];
  const under = (condition: string | undefined): string | undefined =>
    isOurs === undefined ? condition : condition === undefined ? isOurs : `${isOurs} && ${condition}`;
  if (target.kind === "nothing") {
    if (isOurs !== undefined) tellDynamic(list, element, "type");
    return { kind: "routes", routes: [{ kind: "external", condition: under(undefined) }, ...errors] };
  }
  if (target.kind === "constant") {
    const fault = constantTarget(list, element, String(target.value));
    if (fault !== undefined) return fault;
    const kind = target.value === "#_internal" ? "internal" : "external";
    return { kind: "routes", routes: [{ kind, condition: under(undefined) }, ...errors] };
  }
  if (target.kind !== "dynamic") return { kind: "refused" };
  tellDynamic(list, element, "target");
  const text = `(${target.text})`;
  const isSelf = `(${text} === ${SESSION_ADDRESS} || (${text} ?? null) === null)`;
  const isSession = `startsWith(${text}, '#_scxml_')`;
  const routes: Route[] = [
    { kind: "internal", condition: under(`${text} === '#_internal'`) },
    { kind: "external", condition: under(isSelf) },
    { kind: "error", event: COMMUNICATION_ERROR, condition: under(`!${isSelf} && ${isSession}`) ?? "false" },
    {
      kind: "error",
      event: EXECUTION_ERROR,
      condition: under(`!${isSelf} && !${isSession} && ${text} !== '#_internal'`) ?? "false",
    },
  ];
  return { kind: "routes", routes: [...routes, ...errors] };
}

function known(list: ActionList, element: XmlElement, name: "type" | "target"): Known {
  const value = element.attributes.get(name);
  if (value !== undefined) return { kind: "constant", value };
  const source = element.attributes.get(`${name}expr`);
  if (source === undefined) return { kind: "nothing" };
  if (/basichttp/i.test(source)) {
    transport(list, element, `${name} ${source}`);
    return { kind: "refused" };
  }
  const rewritten = list.rewrite(source, element.place, `The ${name}`);
  if (rewritten.kind === "refused") return { kind: "refused" };
  if (rewritten.kind === "certain-error") {
    return { kind: "certain-error", message: `The ${name} of <send> fails (${rewritten.message})` };
  }
  const constant = constantOf(rewritten.text);
  return constant === undefined
    ? { kind: "dynamic", text: rewritten.text }
    : { kind: "constant", value: constant };
}

function constantType(list: ActionList, element: XmlElement, type: string): Routes | undefined {
  if (type === "" || SCXML_TYPES.includes(type)) return undefined;
  if (/^[a-z][a-z0-9+.-]*:/i.test(type) || /^[a-z]/i.test(type)) {
    transport(list, element, `type "${type}"`);
    return { kind: "refused" };
  }
  return { kind: "certain-error", message: `The type "${type}" of <send> is no type` };
}

function constantTarget(list: ActionList, element: XmlElement, target: string): Routes | undefined {
  if (target === "" || target === "#_internal") return undefined;
  if (target.startsWith("#_scxml_")) {
    return {
      kind: "certain-error",
      message: `The session "${target}" cannot be reached`,
      event: COMMUNICATION_ERROR,
    };
  }
  if (target.startsWith("#_") || /^[a-z][a-z0-9+.-]*:/i.test(target)) {
    transport(list, element, `target "${target}"`);
    return { kind: "refused" };
  }
  return { kind: "certain-error", message: `The target "${target}" of <send> is no target` };
}

function transport(list: ActionList, element: XmlElement, what: string): void {
  list.conversion.report.add(
    "SCXML_TRANSPORT",
    element.place,
    `<send> with the ${what} leaves this machine, which is not converted.`,
    "Write a webhook action, or a subMachine.",
  );
}

function tellDynamic(list: ActionList, element: XmlElement, what: string): void {
  list.conversion.report.add(
    "SCXML_DYNAMIC_TARGET",
    element.place,
    `The ${what} of <send> is worked out at run time: one that is not this machine itself raises an error.`,
  );
}
