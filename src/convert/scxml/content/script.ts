/** `<script>`: one that only sets variables becomes assignments; every other is refused. */
import { valueTemplate } from "../expression/value-template.js";
import { readScript } from "../read/read-script.js";
import type { XmlElement } from "../read/xml-element.js";
import type { ActionList, Guard } from "./action-list.js";

export function executeScript(list: ActionList, element: XmlElement, guard: Guard): boolean {
  const { report } = list.conversion;
  const { attributes, place, text } = element;
  if (attributes.has("src")) {
    report.add(
      "SCXML_SOURCE",
      place,
      `The script "${attributes.get("src") ?? ""}" is loaded from elsewhere, which is not done.`,
    );
    return true;
  }
  const script = readScript(text);
  if (!script.ok) {
    if (script.fault === "syntax") return list.fail(place, guard, `The script fails (${script.message})`);
    report.add(
      "SCXML_SCRIPT",
      place,
      `A script cannot be converted: ${script.message}.`,
      "Scripts that set variables can; for others write a function action.",
    );
    return true;
  }
  for (const { name, expression } of script.steps) {
    const rewritten = list.rewrite(expression, place, `The script's value of "${name}"`);
    if (rewritten.kind === "certain-error") {
      return list.fail(place, guard, `The script's value of "${name}" fails (${rewritten.message})`);
    }
    if (rewritten.kind === "expression") list.assign({ [name]: valueTemplate(rewritten.text) }, guard);
  }
  return true;
}
