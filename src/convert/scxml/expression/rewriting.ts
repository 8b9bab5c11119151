/** What the rewriting of one kind of node needs of the whole. */
import type { AnyNode } from "acorn";
import type { ChartNames } from "./chart-names.js";

export interface Rewriting {
  readonly names: ChartNames;
  rewrite(node: AnyNode): string;
  /** As it was written. */
  textOf(node: AnyNode): string;
  /** The body of a function of one list element. */
  withLocal(name: string, body: AnyNode): string;
  /** True for data, system variables and list elements. */
  isDeclared(name: string): boolean;
}
