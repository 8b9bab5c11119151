import type { Json } from "../json/json.js";

/** A value while an expression is evaluated: JSON, or `undefined` for what is absent. */
export type Value = Json | undefined;

/** The names an expression may start from. */
export const ROOT_NAMES = [
  "data",
  "event",
  "variables",
  "instance",
  "state",
  "actions",
  "response",
  "message",
  "file",
] as const;

export type RootName = (typeof ROOT_NAMES)[number];

/**
 * What an expression sees. Roots are plain JSON; a root that does not apply is simply absent and reads as
 * `undefined`. Time, identifiers and the configuration come with the command, so that evaluation is pure.
 */
export interface Scope {
  readonly roots: { readonly [name in RootName]?: Value };
  /** The command's time, milliseconds since 1970 UTC. */
  readonly nowMs: number;
  /** The next identifier of the command: a fresh UUID at each call, the same sequence for the same command. */
  readonly uuid: () => string;
  /** True when a token is in the state or inside it. */
  readonly inState: (stateId: string) => boolean;
}

/** A path that an expression or template reads, for example `["data", "order", "id"]`; ends at the first computed index. */
export type ReferencePath = readonly [RootName, ...string[]];

/** A fault found while an expression or template is compiled. */
export interface ExpressionFault {
  readonly code: "SYNTAX" | "UNKNOWN_ROOT" | "UNKNOWN_FUNCTION" | "FORBIDDEN" | "ARGUMENTS" | "LIMIT";
  /** Zero-based offset into the expression's own text. */
  readonly offset: number;
  readonly message: string;
  readonly hint?: string;
}
