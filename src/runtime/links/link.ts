/** A link that is due, and what doing it needs and gives. */
import type { LinkEffect } from "../../core/message/effect.js";
import type { EffectRow } from "../../ports/store.js";
import type { StoredLink } from "../commit/prepare-commit.js";
import type { Instances } from "../instances.js";
import type { Machines } from "../machines.js";
import type { RuntimePorts } from "../runtime-ports.js";
import type { Starters } from "./starters.js";

type LinkKind = LinkEffect["kind"];

export type Link<Kind extends LinkKind = LinkKind> = Kind extends LinkKind
  ? { readonly row: EffectRow; readonly effect: Extract<StoredLink, { readonly kind: Kind }> }
  : never;

/**
 * - `asked`: what it asks is committed; its row is to be ended
 * - `ended`: its row went with a commit of its own instance
 * - `left`: the engine is stopping; it is done again by the next start
 */
export type LinkOutcome = "asked" | "ended" | "left";

export interface LinkWorld {
  readonly ports: Pick<RuntimePorts, "store" | "logger" | "sha256" | "faults">;
  readonly instances: Instances;
  readonly machines: Machines;
  readonly starters: Starters;
  readonly isStopping: () => boolean;
}

/** Who acts where an instance asks another. */
export const BY_ENGINE = { actor: "system", source: "engine" } as const;

/** The key under which something acts once in an instance: no key from outside can hold a line feed. */
export function internalKey(kind: "signal" | "message" | "callback" | "webhook", key: string): string {
  return `${kind}\n${key}`;
}
