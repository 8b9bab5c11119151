/**
 * Says an ECMAScript expression of a chart in the language of conditions.
 *
 * 1. The text is taken apart by a parser, and only the places of its nodes are replaced: strings, spaces and brackets
 *    stay as they were written.
 * 2. What comes out compiles; what the language of conditions does not have is refused with its own sentence.
 * 3. Where the two languages agree only on ordinary values, the reference of the conversion says so.
 */
import { compileExpression } from "../../../core/expression/compile-expression.js";
import { parseExpression } from "../../../core/expression/parse-expression.js";
import type { ChartNames } from "./chart-names.js";
import { NodeRewriter } from "./node-rewriter.js";
import { CannotRewrite, type Rewritten } from "./rewritten.js";

/** As long as an expression may be here. */
const MAX_SOURCE_CHARS = 4096;

export function rewriteExpression(source: string, names: ChartNames): Rewritten {
  if (source.length > MAX_SOURCE_CHARS) return refused(`it has more than ${MAX_SOURCE_CHARS} characters`);
  const parsed = parseExpression(source, 0);
  if (!parsed.ok) {
    const { code, message } = parsed.fault;
    return code === "SYNTAX" ? { kind: "certain-error", message } : refused(message);
  }
  if (source.slice(parsed.end).trim() !== "") {
    return { kind: "certain-error", message: "There is something after the end of the expression." };
  }
  try {
    const rewriter = new NodeRewriter(source, names);
    const inner = rewriter.rewrite(parsed.node);
    const text = (
      source.slice(0, parsed.node.start) +
      inner +
      source.slice(parsed.node.end, parsed.end)
    ).trim();
    const compiled = compileExpression(text);
    if (compiled.ok) return { kind: "expression", text, reads: rewriter.reads };
    return refused(compiled.faults[0]?.message ?? "it does not compile");
  } catch (error) {
    if (error instanceof CannotRewrite) return error.outcome;
    throw error;
  }
}

function refused(message: string): Rewritten {
  return { kind: "refused", code: "SCXML_EXPRESSION", message };
}
