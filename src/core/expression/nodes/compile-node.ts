/**
 * The closed list of nodes that an expression may have. Everything that is not on it is a fault with a hint; nothing
 * is ever handed to the host's own evaluation.
 */
import type { AnyNode } from "acorn";
import type { Evaluator } from "../evaluation.js";
import { isTrue } from "../values/equality.js";
import { compileCall } from "./call.js";
import { ABSENT, type Compiling } from "./compiling.js";
import { forbid } from "./forbidden.js";
import { compileArray, compileLiteral, compileObject, compileTemplateLiteral } from "./literals.js";
import { compileIdentifier, compileMember } from "./member.js";
import { compileBinary, compileLogical, compileUnary } from "./operators.js";

export function compileNode(node: AnyNode, compiling: Compiling): Evaluator {
  switch (node.type) {
    case "Literal":
      return compileLiteral(node, compiling);
    case "TemplateLiteral":
      return compileTemplateLiteral(node, compiling);
    case "ArrayExpression":
      return compileArray(node, compiling);
    case "ObjectExpression":
      return compileObject(node, compiling);
    case "Identifier":
      return compileIdentifier(node, compiling);
    case "MemberExpression":
      return compileMember(node, compiling);
    case "ChainExpression":
      return compiling.compile(node.expression);
    case "UnaryExpression":
      return compileUnary(node, compiling);
    case "BinaryExpression":
      return compileBinary(node, compiling);
    case "LogicalExpression":
      return compileLogical(node, compiling);
    case "ConditionalExpression": {
      const test = compiling.compile(node.test);
      const consequent = compiling.compile(node.consequent);
      const alternate = compiling.compile(node.alternate);
      return (evaluation) => (isTrue(test(evaluation)) ? consequent(evaluation) : alternate(evaluation));
    }
    case "CallExpression":
      return compileCall(node, compiling);
    default:
      forbid(node, compiling);
      return ABSENT;
  }
}
