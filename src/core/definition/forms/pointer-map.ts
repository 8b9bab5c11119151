import { appendPointer } from "../../json/pointer.js";

/**
 * Leads from places in one document to places in another that it was made from. Only places whose way changed are
 * noted; everything below a noted place follows it.
 */
export class PointerMap {
  readonly #origins = new Map<string, string>();

  /** Notes that what stands at `pointer` came from `origin`. */
  note(pointer: string, origin: string): void {
    this.#origins.set(pointer, origin);
  }

  /** Where the thing at `pointer` came from. */
  resolve(pointer: string): string {
    let prefix = pointer;
    for (;;) {
      const origin = this.#origins.get(prefix);
      if (origin !== undefined) return origin + pointer.slice(prefix.length);
      if (prefix === "") return pointer;
      prefix = prefix.slice(0, prefix.lastIndexOf("/"));
    }
  }
}

/** Where the parts of an object came from: its own pointer, and those of properties that had another name or place. */
export interface Origin {
  readonly pointer: string;
  readonly properties?: { readonly [name: string]: string };
}

/** Notes an object's origin, and those of its properties that are not simply below it. */
export function noteOrigin(map: PointerMap, pointer: string, origin: Origin): void {
  map.note(pointer, origin.pointer);
  for (const [name, from] of Object.entries(origin.properties ?? {}))
    map.note(appendPointer(pointer, name), from);
}
