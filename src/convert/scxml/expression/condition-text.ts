/**
 * Conditions hold here when they are true, in ECMAScript when they are anything but false, 0, "", null and undefined. So
 * what may give something else than true and false is turned into one of the two.
 */
import type { AnyNode } from "acorn";
import { parseExpression } from "../../../core/expression/parse-expression.js";

/** A text of the language of conditions, as the condition of a transition or an action. */
export function conditionText(text: string): string {
  const parsed = parseExpression(text, 0);
  return parsed.ok && isBoolean(parsed.node) ? text : `!!(${text})`;
}

const BOOLEAN_FUNCTIONS: ReadonlySet<string> = new Set([
  "contains",
  "startsWith",
  "endsWith",
  "exists",
  "inState",
  "all",
  "any",
]);

/** True for what can give nothing but true and false. */
export function isBoolean(node: AnyNode): boolean {
  switch (node.type) {
    case "Literal":
      return typeof node.value === "boolean";
    case "UnaryExpression":
      return node.operator === "!";
    case "BinaryExpression":
      return /^([!=]==?|[<>]=?|in|instanceof)$/.test(node.operator);
    case "LogicalExpression":
      return isBoolean(node.left) && isBoolean(node.right);
    case "ConditionalExpression":
      return isBoolean(node.consequent) && isBoolean(node.alternate);
    case "CallExpression":
      return node.callee.type === "Identifier" && BOOLEAN_FUNCTIONS.has(node.callee.name);
    default:
      return false;
  }
}

/** True for what always gives something: what it gives needs no stand-in for nothing. */
export function isAlwaysThere(node: AnyNode): boolean {
  switch (node.type) {
    case "Literal":
    case "TemplateLiteral":
    case "ArrayExpression":
    case "ObjectExpression":
    case "UnaryExpression":
    case "BinaryExpression":
      return true;
    case "LogicalExpression":
      return node.operator !== "&&" && isAlwaysThere(node.right);
    case "ConditionalExpression":
      return isAlwaysThere(node.consequent) && isAlwaysThere(node.alternate);
    default:
      return isBoolean(node);
  }
}
