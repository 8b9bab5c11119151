/**
 * A value that stands as text inside an element, by the rules of SCXML's ECMAScript data model: JSON where it is JSON,
 * else the text with its white space made plain. XML inside has no counterpart here.
 */
import type { Json } from "../../../core/json/json.js";
import type { XmlElement } from "./xml-element.js";

export type InlineValue =
  | { readonly kind: "nothing" }
  | { readonly kind: "value"; readonly value: Json | undefined }
  | { readonly kind: "xml" };

export function inlineValue(element: XmlElement): InlineValue {
  if (element.children.length > 0) return { kind: "xml" };
  const text = element.text.trim();
  if (text === "") return { kind: "nothing" };
  try {
    return { kind: "value", value: JSON.parse(text) as Json };
  } catch {
    return { kind: "value", value: text.replace(/\s+/g, " ") };
  }
}
