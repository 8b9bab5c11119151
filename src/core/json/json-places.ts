import { forEachJsonToken } from "./json-tokens.js";
import { pointerParts } from "./pointer.js";

/** Where a value stands in its text: zero-based offsets, `end` exclusive; `keyStart` where it is a property. */
export interface JsonPlace {
  readonly start: number;
  readonly end: number;
  readonly keyStart: number | undefined;
}

interface PlaceNode {
  start: number;
  end: number;
  keyStart: number | undefined;
  members: Map<string, PlaceNode> | undefined;
  elements: PlaceNode[] | undefined;
}

/** Finds the places of values by pointer. The text must be JSON. The tree of places is made at the first question. */
export class JsonPlaces {
  readonly #text: string;
  #root: PlaceNode | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** The place of the value, or of the nearest thing that holds it where there is no such value. */
  nearest(pointer: string): JsonPlace {
    return this.#walk(pointer).node;
  }

  /** The place of the value; undefined where there is no such value. */
  find(pointer: string): JsonPlace | undefined {
    const { node, isExact } = this.#walk(pointer);
    return isExact ? node : undefined;
  }

  #walk(pointer: string): { node: PlaceNode; isExact: boolean } {
    this.#root ??= buildPlaces(this.#text);
    let node = this.#root;
    for (const part of pointerParts(pointer)) {
      const child = node.members?.get(part) ?? node.elements?.[/^\d+$/.test(part) ? Number(part) : -1];
      if (child === undefined) return { node, isExact: false };
      node = child;
    }
    return { node, isExact: true };
  }
}

function buildPlaces(text: string): PlaceNode {
  const root = makeNode(0, text.length, undefined);
  const open: PlaceNode[] = [];
  let key: { name: string; start: number } | undefined;
  let document: PlaceNode | undefined;

  const place = (start: number, end: number): PlaceNode => {
    const node = makeNode(start, end, key?.start);
    const holder = open.at(-1);
    if (holder === undefined) document = node;
    else if (holder.elements !== undefined) holder.elements.push(node);
    else if (key !== undefined) holder.members?.set(key.name, node);
    key = undefined;
    return node;
  };
  forEachJsonToken(text, (kind, start, end) => {
    if (kind === "}" || kind === "]") {
      const closed = open.pop();
      if (closed !== undefined) closed.end = end;
    } else if (kind === "string" && key === undefined && open.at(-1)?.members !== undefined) {
      key = { name: JSON.parse(text.slice(start, end)) as string, start };
    } else {
      const node = place(start, end);
      if (kind === "{") node.members = new Map();
      if (kind === "[") node.elements = [];
      if (kind === "{" || kind === "[") open.push(node);
    }
  });
  return document ?? root;
}

function makeNode(start: number, end: number, keyStart: number | undefined): PlaceNode {
  return { start, end, keyStart, members: undefined, elements: undefined };
}
