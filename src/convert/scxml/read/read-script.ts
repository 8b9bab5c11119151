/** Reads a script that does nothing but set variables, one after the other. Every other script needs a JavaScript engine. */
import { type AnyNode, type Program, parse } from "acorn";

/** One variable is set; `expression` is ECMAScript's text of the value. */
export interface ScriptStep {
  readonly name: string;
  readonly expression: string;
}

export type ReadScript =
  | { readonly ok: true; readonly steps: readonly ScriptStep[] }
  | { readonly ok: false; readonly fault: "syntax" | "too-much"; readonly message: string };

const MAX_SCRIPT_CHARS = 16_384;

export function readScript(source: string): ReadScript {
  if (source.length > MAX_SCRIPT_CHARS) return tooMuch("the script is too long");
  let program: Program;
  try {
    program = parse(source, { ecmaVersion: 2022, sourceType: "script" });
  } catch (error) {
    // Deeper brackets than the stack has room for are no syntax error.
    if (error instanceof RangeError) return tooMuch("the script is nested too deeply");
    if (error instanceof SyntaxError) return { ok: false, fault: "syntax", message: error.message };
    throw error;
  }
  const steps: ScriptStep[] = [];
  for (const statement of program.body) {
    const found = stepsOf(statement, source);
    if (found === undefined) {
      return tooMuch(
        `"${source.slice(statement.start, statement.end).split("\n")[0]?.trim()}" does more than set variables`,
      );
    }
    steps.push(...found);
  }
  return { ok: true, steps };
}

function stepsOf(statement: AnyNode, source: string): ScriptStep[] | undefined {
  const text = (node: AnyNode) => source.slice(node.start, node.end);
  if (statement.type === "EmptyStatement") return [];
  if (statement.type === "VariableDeclaration") {
    const steps: ScriptStep[] = [];
    for (const { id, init } of statement.declarations) {
      if (id.type !== "Identifier") return undefined;
      if (init !== null && init !== undefined) steps.push({ name: id.name, expression: text(init) });
    }
    return steps;
  }
  if (statement.type !== "ExpressionStatement") return undefined;
  const { expression } = statement;
  if (expression.type === "UpdateExpression" && expression.argument.type === "Identifier") {
    const { name } = expression.argument;
    return [{ name, expression: `${name} ${expression.operator[0]} 1` }];
  }
  if (expression.type !== "AssignmentExpression" || expression.left.type !== "Identifier") return undefined;
  const { name } = expression.left;
  const value = text(expression.right);
  if (expression.operator === "=") return [{ name, expression: value }];
  return [{ name, expression: `${name} ${expression.operator.slice(0, -1)} (${value})` }];
}

function tooMuch(message: string): ReadScript {
  return { ok: false, fault: "too-much", message };
}
