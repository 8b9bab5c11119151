import { randomUUID } from "node:crypto";
import type { Ids } from "../ports/ids.js";

/** Names nobody else has: random UUIDs of version 4. */
export function uuidIds(): Ids {
  return { uuid: () => randomUUID() };
}
