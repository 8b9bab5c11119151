/** `<log label expr>`. How a log looks is the platform's own affair, so what cannot be said is left out of it. */

import { shortened } from "../conversion.js";
import { rewriteExpression } from "../expression/rewrite-expression.js";
import { constantOf, literalTemplate } from "../expression/value-template.js";
import type { XmlElement } from "../read/xml-element.js";
import type { ActionList, Guard } from "./action-list.js";

export function executeLog(list: ActionList, element: XmlElement, guard: Guard): boolean {
  const label = element.attributes.get("label")?.trim();
  const source = element.attributes.get("expr");
  const rewritten =
    source === undefined || source.trim() === ""
      ? undefined
      : rewriteExpression(source, list.conversion.names);
  if (rewritten?.kind === "certain-error") {
    return list.fail(element.place, guard, `What is logged fails (${rewritten.message})`);
  }
  const texts: string[] = label === undefined || label === "" ? [] : [`${String(literalTemplate(label))}`];
  if (rewritten?.kind === "expression") texts.push(loggedText(rewritten.text, texts.length > 0));
  if (rewritten?.kind === "refused") {
    list.conversion.report.add(
      "SCXML_LEFT_OUT",
      element.place,
      `The log leaves out ${shortened(source ?? "")}: ${rewritten.message}`,
    );
  }
  list.add({ type: "log", config: { message: texts.join(": ") } }, guard);
  return true;
}

/** The value as text: a constant as it is, everything else when it is logged. */
function loggedText(text: string, hasLabel: boolean): string {
  const constant = constantOf(text);
  if (constant !== undefined) {
    return String(literalTemplate(typeof constant === "string" ? constant : JSON.stringify(constant)));
  }
  const present = /^[\w.]+$/.test(text) ? `${text} ?? null` : `(${text}) ?? null`;
  // Beside a label the value becomes text by itself.
  return hasLabel ? `\${${present}}` : `\${string(${present})}`;
}
