/** Which secrets a definition names, and where. */
import { isJsonObject, type Json } from "../json/json.js";
import { appendPointer } from "../json/pointer.js";

export interface NamedSecret {
  readonly name: string;
  /** JSON Pointer of the place that names it. */
  readonly pointer: string;
}

/** What can hold secrets. Elsewhere, in a payload for instance, `{ "secret": … }` is plain data. */
const HOLDER = /\/(webhook\/(auth|sign)|verify)$/;
const PLAIN_DATA = /\/(payload|data|config)\//;

/** In the order of the document; of a canonical definition. */
export function namedSecrets(definition: Json): readonly NamedSecret[] {
  const found: NamedSecret[] = [];
  const walk = (value: Json, pointer: string, isHeld: boolean): void => {
    if (typeof value !== "object" || value === null) return;
    const isHolder = HOLDER.test(pointer) && !PLAIN_DATA.test(pointer);
    // `sign` and `verify` have a property `secret` themselves, which is no name.
    if (isHeld && isJsonObject(value) && typeof value.secret === "string") {
      found.push({ name: value.secret, pointer });
    }
    for (const [name, item] of Object.entries(value))
      walk(item, appendPointer(pointer, name), isHeld || isHolder);
  };
  walk(definition, "", false);
  return found;
}
