/**
 * What is known while one expression is compiled: its faults so far, its references, its local names.
 *
 * 1. Compiling goes on after a fault, so that all faults are told at once; a faulty node compiles to `ABSENT`.
 * 2. What a node needs of its children it asks here (`compile`), so the files of the nodes do not know each other.
 */
import type { AnyNode } from "acorn";
import type { Evaluator } from "../evaluation.js";
import { MAX_EXPRESSION_DEPTH } from "../limits.js";
import { isRootName, referenceText, staticPath } from "../reference.js";
import type { ExpressionFault, ReferencePath } from "../scope.js";

/** Stands where a node has a fault: the expression will not be run. */
export const ABSENT: Evaluator = () => undefined;

export class Compiling {
  readonly source: string;
  readonly faults: ExpressionFault[] = [];
  readonly functions = new Set<string>();
  readonly statesAsked = new Set<string>();
  /** Names of the arrow parameters in force, outermost first; the index is the slot in `Evaluation.locals`. */
  readonly locals: string[] = [];
  /** How many local values are alive at once at most. */
  localSlots = 0;
  /** Nodes compiled so far: what the evaluation pays at its start. */
  cost = 0;
  /** True when the expression makes lists or objects, whose size must be looked at. */
  builds = false;
  private depth = 0;
  private readonly referencesByText = new Map<string, ReferencePath>();
  private readonly compileNode: (node: AnyNode, compiling: Compiling) => Evaluator;

  constructor(source: string, compileNode: (node: AnyNode, compiling: Compiling) => Evaluator) {
    this.source = source;
    this.compileNode = compileNode;
  }

  get references(): readonly ReferencePath[] {
    return [...this.referencesByText.values()];
  }

  compile(node: AnyNode): Evaluator {
    this.cost += 1;
    if (this.depth >= MAX_EXPRESSION_DEPTH) {
      // Once is enough: a chain that is too deep would tell it again for each of its links.
      if (this.faults.some(({ code }) => code === "LIMIT")) return ABSENT;
      return this.fault(
        "LIMIT",
        node,
        `The expression is nested more than ${MAX_EXPRESSION_DEPTH} levels deep.`,
      );
    }
    this.depth += 1;
    const evaluator = this.compileNode(node, this);
    this.depth -= 1;
    return evaluator;
  }

  fault(
    code: ExpressionFault["code"],
    node: { readonly start: number },
    message: string,
    hint?: string,
  ): Evaluator {
    this.faults.push({ code, offset: node.start, message, ...(hint === undefined ? {} : { hint }) });
    return ABSENT;
  }

  addReference(path: ReferencePath): void {
    this.referencesByText.set(JSON.stringify(path), path);
  }

  /** The node's own text, short enough for a message. */
  textOf(node: { readonly start: number; readonly end: number }): string {
    const text = this.source.slice(node.start, node.end);
    return text.length > 60 ? `${text.slice(0, 57)}...` : text;
  }

  /** The path that a message names, when the node is a reference such as `data.order.id`. */
  pathOf(node: AnyNode): string | undefined {
    const path = staticPath(node);
    if (path === undefined || this.locals.includes(path[0])) return undefined;
    const [root, ...keys] = path;
    return isRootName(root) ? referenceText([root, ...keys]) : undefined;
  }
}
