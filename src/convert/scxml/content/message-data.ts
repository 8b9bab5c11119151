/**
 * What an event carries: `namelist`, `<param>` and `<content>`, of `<send>` and `<donedata>` alike. Values are worked out
 * when the element is executed. An evaluation that fails leaves the whole message without data.
 */
import type { Json, JsonObject } from "../../../core/json/json.js";
import { literalTemplate, valueTemplate } from "../expression/value-template.js";
import { inlineValue } from "../read/inline-value.js";
import { isScxml } from "../read/scxml-element.js";
import type { XmlElement } from "../read/xml-element.js";
import type { ActionList } from "./action-list.js";

export type MessageData =
  | { readonly kind: "data"; readonly template: Json | undefined }
  | { readonly kind: "certain-error"; readonly message: string };

export function messageData(list: ActionList, element: XmlElement): MessageData {
  const content = element.children.find((child) => isScxml(child, "content"));
  if (content !== undefined) return contentData(list, content);
  const entries = new Map<string, Json>();
  const sources = [
    ...(element.attributes.get("namelist") ?? "")
      .split(/\s+/)
      .flatMap((name) => (name === "" ? [] : [[name, name] as const])),
    ...element.children
      .filter((child) => isScxml(child, "param"))
      .map(
        ({ attributes }) =>
          [attributes.get("name") ?? "", attributes.get("expr") ?? attributes.get("location") ?? ""] as const,
      ),
  ];
  for (const [name, source] of sources) {
    const rewritten = list.rewrite(source, element.place, `The value of "${name}"`);
    if (rewritten.kind === "certain-error") {
      return { kind: "certain-error", message: `the value of "${name}": ${rewritten.message}` };
    }
    if (entries.has(name)) {
      list.conversion.report.add(
        "SCXML_LEFT_OUT",
        element.place,
        `"${name}" is there twice; the last value is sent.`,
      );
    }
    if (rewritten.kind === "expression") entries.set(name, valueTemplate(rewritten.text));
  }
  const template: JsonObject = Object.fromEntries(entries);
  return { kind: "data", template: sources.length === 0 ? undefined : template };
}

function contentData(list: ActionList, content: XmlElement): MessageData {
  const source = content.attributes.get("expr");
  if (source !== undefined) {
    const rewritten = list.rewrite(source, content.place, "The content");
    if (rewritten.kind === "certain-error") return { kind: "certain-error", message: rewritten.message };
    return {
      kind: "data",
      template: rewritten.kind === "expression" ? valueTemplate(rewritten.text) : undefined,
    };
  }
  const value = inlineValue(content);
  if (value.kind === "xml") {
    list.conversion.report.add(
      "SCXML_DATA",
      content.place,
      "The content is XML, which data here cannot hold.",
    );
    return { kind: "data", template: undefined };
  }
  return {
    kind: "data",
    template: value.kind === "value" ? literalTemplate(value.value ?? null) : undefined,
  };
}
