/** Which elements are SCXML's. A chart whose root names no namespace at all is read as SCXML, because many do not. */
import type { XmlElement } from "./xml-element.js";

const SCXML_NAMESPACE = "http://www.w3.org/2005/07/scxml";

export function isScxml(element: XmlElement, name: string): boolean {
  return element.name === name && isOfScxml(element);
}

export function isOfScxml({ namespace }: XmlElement): boolean {
  return namespace === SCXML_NAMESPACE || namespace === "";
}
