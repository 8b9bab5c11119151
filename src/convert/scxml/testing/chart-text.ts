/** Charts of tests: the text around what a test is about, and what comes of it. */
import type { CanonicalDefinition } from "../../../core/definition/definition-document.generated.js";
import { type ConvertScxmlOptions, convertScxml } from "../convert-scxml.js";

/** A chart of the given elements, one a line, so that the first of them stands in line 2. */
export function chartOf(...elements: readonly string[]): string {
  return [`<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0">`, ...elements, "</scxml>"].join(
    "\n",
  );
}

/** The definition of a chart; fails where it is refused. */
export function definitionOf(text: string, options: ConvertScxmlOptions = {}): CanonicalDefinition {
  const { definition, findings } = convertScxml(text, options);
  if (definition === undefined) throw new Error(findings.map(({ message }) => message).join("\n"));
  return definition;
}

/** `line CODE` of every finding, or only of those with the severity. */
export function codesOf(text: string, severity?: "error" | "warning"): string[] {
  return convertScxml(text)
    .findings.filter((finding) => severity === undefined || finding.severity === severity)
    .map(({ line, code }) => `${line} ${code}`);
}

/** The entry actions that come of executable content, without their ids. */
export function actionsOf(content: string, data = ""): object[] {
  const text = chartOf(
    `<datamodel>${data}</datamodel>`,
    `<state id="s"><onentry>${content}</onentry><transition event="go" target="end"/></state>`,
    `<final id="end"/>`,
  );
  const state = definitionOf(text).states.find(({ stateId }) => stateId === "s");
  return (state?.entryActions ?? []).map(({ actionId: _, ...action }) => action);
}
