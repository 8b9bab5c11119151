import type { DatabaseOptions } from "../cli-command.js";
import type { LineWord } from "./line-items.js";

/** The options of `run`, as commander gives them. */
export interface RunOptions extends DatabaseOptions {
  readonly instance?: string;
  readonly data?: string;
  readonly event?: readonly LineWord[];
  readonly update?: readonly LineWord[];
  readonly until: "settled" | "done";
  readonly timeout: string;
  readonly rewrite?: readonly string[];
  readonly instances?: string;
  readonly actor?: string;
  readonly group?: readonly string[];
}
