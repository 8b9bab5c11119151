/**
 * Reads XML into elements with their places.
 *
 * 1. A document type is refused, and with it every entity but the five of XML: nothing is expanded, nothing is loaded.
 * 2. At most 10 MiB of text and 100 levels of elements.
 * 3. Namespaces are resolved; the local name and the namespace say what an element is, never its prefix.
 */
import { SaxesParser, type SaxesTagNS } from "saxes";
import type { Place, Report } from "../report.js";

export interface XmlElement {
  readonly name: string;
  readonly namespace: string;
  readonly place: Place;
  /** Attributes without a namespace, by name. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The text directly inside, CDATA included, in order, without that of the elements inside. */
  readonly text: string;
}

const MAX_CHARS = 10 * 1024 * 1024;
const MAX_LEVELS = 100;

interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

/** Ends reading: the first fault of the syntax is the only one that is certain. */
class Unreadable extends Error {
  readonly place: Place;
  readonly hint: string | undefined;

  constructor(place: Place, message: string, hint?: string) {
    super(message);
    this.place = place;
    this.hint = hint;
  }
}

/** The root element; `undefined`, with a finding, when the text is not XML that is read. */
export function readXml(text: string, report: Report): XmlElement | undefined {
  const refuse = (place: Place, message: string, hint?: string) => {
    report.add("XML_INVALID", place, message, hint);
    return undefined;
  };
  if (text.length > MAX_CHARS) {
    return refuse({ line: 1, column: 1 }, "The chart has more than 10 MiB, which is the most that is read.");
  }
  try {
    return parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    if (error instanceof Unreadable) return refuse(error.place, error.message, error.hint);
    throw error;
  }
}

function parse(text: string): XmlElement {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  let startsAt: Place = { line: 1, column: 1 };
  const here = (): Place => ({ line: parser.line, column: parser.columnIndex + 1 });
  parser.on("error", (error) => {
    const message = error.message.replace(/^\d+:\d+: /, "").replace(/\.$/, "");
    throw new Unreadable(here(), `This is not well-formed XML: ${message}.`);
  });
  parser.on("doctype", () => {
    throw new Unreadable(
      here(),
      "A document type (DOCTYPE) is not read.",
      "Remove it; SCXML needs none, and entities are never expanded.",
    );
  });
  parser.on("opentagstart", ({ name }) => {
    const end = here();
    // The parser stands behind the name and the character after it.
    startsAt = { line: end.line, column: Math.max(1, end.column - name.length - 2) };
    if (open.length >= MAX_LEVELS) {
      throw new Unreadable(startsAt, `Elements are nested more than ${MAX_LEVELS} levels deep.`);
    }
  });
  parser.on("opentag", (tag) => {
    open.push(openElement(tag, startsAt));
  });
  parser.on("text", (part) => append(open, part));
  parser.on("cdata", (part) => append(open, part));
  parser.on("closetag", () => {
    const closed = open.pop();
    if (closed === undefined) return;
    const parent = open.at(-1);
    if (parent === undefined) root = closed;
    else parent.children.push(closed);
  });
  parser.write(text).close();
  if (root === undefined) throw new Unreadable(startsAt, "There is no element in the text.");
  return root;
}

function openElement(tag: SaxesTagNS, place: Place): OpenElement {
  const attributes = new Map<string, string>();
  for (const { local, uri, value } of Object.values(tag.attributes)) {
    if (uri === "") attributes.set(local, value);
  }
  return { name: tag.local, namespace: tag.uri, place, attributes, children: [], text: "" };
}

function append(open: readonly OpenElement[], part: string): void {
  const element = open.at(-1);
  if (element !== undefined) element.text += part;
}
