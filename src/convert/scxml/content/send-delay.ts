/** The delay of a `<send>`, as a template of an ISO 8601 duration. */
import type { Json } from "../../../core/json/json.js";
import { constantOf } from "../expression/value-template.js";
import type { XmlElement } from "../read/xml-element.js";
import type { ActionList } from "./action-list.js";
import { isoDuration } from "./css-time.js";

export type SendDelay =
  | { readonly kind: "data"; readonly template: string | undefined }
  | { readonly kind: "certain-error"; readonly message: string };

export function sendDelay(list: ActionList, element: XmlElement): SendDelay {
  const { attributes, place } = element;
  const text = attributes.get("delay");
  if (text !== undefined) return constantDelay(text);
  const source = attributes.get("delayexpr")?.trim();
  if (source === undefined) return { kind: "data", template: undefined };
  const rewritten = list.rewrite(source, place, "The delay");
  if (rewritten.kind === "certain-error") return { kind: "certain-error", message: rewritten.message };
  if (rewritten.kind === "refused") return { kind: "data", template: undefined };
  const constant = constantOf(rewritten.text);
  if (constant !== undefined) return constantDelay(constant);
  const chosen = chosenDelay(list, source, rewritten.text);
  if (chosen !== undefined) return { kind: "data", template: chosen };
  list.conversion.report.add(
    "SCXML_SEND",
    place,
    `The delay "${source}" is worked out at run time; it can be a variable that holds only times that are written out.`,
  );
  return { kind: "data", template: undefined };
}

function constantDelay(value: Json): SendDelay {
  const duration = typeof value === "string" ? isoDuration(value) : undefined;
  if (duration === undefined) return { kind: "certain-error", message: `"${String(value)}" is no time` };
  return { kind: "data", template: duration === "PT0S" ? undefined : duration };
}

/** A choice among the times that the variable can hold. */
function chosenDelay(list: ActionList, source: string, text: string): string | undefined {
  const use = list.conversion.data.get(source);
  if (use === undefined || use.isOpen || use.values.length === 0) return undefined;
  const choices: string[] = [];
  for (const value of new Set(use.values)) {
    const duration = typeof value === "string" ? isoDuration(value) : undefined;
    if (duration !== undefined) choices.push(`${text} === ${JSON.stringify(value)} ? '${duration}' : `);
  }
  return choices.length === 0 ? undefined : `\${${choices.join("")}'PT0S'}`;
}
