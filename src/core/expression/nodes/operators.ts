/**
 * Operators.
 *
 * 1. Arithmetic is decimal (`values/decimal.ts`); operands of the wrong kind, a division by zero and results out of
 *    range are errors.
 * 2. `< <= > >=` compare two numbers, or two texts by UTF-16 code units; any other pair, also with something absent,
 *    is false.
 * 3. `==` is `===`, and `!=` is its exact negation.
 * 4. `&&`, `||`, `!` and `?:` go by JavaScript's truthiness and give, like there, the operand itself.
 */
import type { AnyNode, BinaryExpression, LogicalExpression, UnaryExpression } from "acorn";
import type { Evaluation, Evaluator } from "../evaluation.js";
import { EvaluationError } from "../evaluation-error.js";
import type { Value } from "../scope.js";
import {
  addDecimals,
  divideDecimals,
  multiplyDecimals,
  remainderOfDecimals,
  subtractDecimals,
} from "../values/decimal.js";
import { includesEqual, isEqual, isTrue } from "../values/equality.js";
import { valueKind } from "../values/value-kind.js";
import { ABSENT, type Compiling } from "./compiling.js";
import { forbid } from "./forbidden.js";

export function compileUnary(node: UnaryExpression, compiling: Compiling): Evaluator {
  const { operator } = node;
  const argument = compiling.compile(node.argument);
  switch (operator) {
    case "!":
      return (evaluation) => !isTrue(argument(evaluation));
    case "-":
    case "+": {
      const asNumber = numberOperand(operator, "a number", node.argument, compiling);
      if (operator === "+") return (evaluation) => asNumber(argument(evaluation));
      return (evaluation) => 0 - asNumber(argument(evaluation));
    }
    default: {
      const hint = operator === "typeof" ? "Use exists(value) to ask whether something is there." : undefined;
      return compiling.fault("FORBIDDEN", node, `${operator} is not part of an expression.`, hint);
    }
  }
}

export function compileBinary(node: BinaryExpression, compiling: Compiling): Evaluator {
  if (node.left.type === "PrivateIdentifier") {
    forbid(node.left, compiling);
    return ABSENT;
  }
  const left = compiling.compile(node.left);
  const right = compiling.compile(node.right);
  switch (node.operator) {
    case "==":
    case "===":
      return (evaluation) => isEqual(left(evaluation), right(evaluation), evaluation);
    case "!=":
    case "!==":
      return (evaluation) => !isEqual(left(evaluation), right(evaluation), evaluation);
    case "<":
    case "<=":
    case ">":
    case ">=":
      return compileComparison(node.operator, left, right);
    case "+":
      return compileAddition(node, left, right, compiling);
    case "-":
      return compileArithmetic(node, left, right, compiling, subtractDecimals);
    case "*":
      return compileArithmetic(node, left, right, compiling, multiplyDecimals);
    case "/":
      return compileArithmetic(node, left, right, compiling, divideDecimals);
    case "%":
      return compileArithmetic(node, left, right, compiling, remainderOfDecimals);
    case "in":
      return (evaluation) => isIn(left(evaluation), right(evaluation), evaluation);
    default:
      return compiling.fault(
        "FORBIDDEN",
        node,
        `The operator ${node.operator} is not part of an expression.`,
      );
  }
}

/** A chain of one operator is flattened, so that a long list of alternatives is not a deep expression. */
export function compileLogical(node: LogicalExpression, compiling: Compiling): Evaluator {
  const { operator } = node;
  const nodes: AnyNode[] = [];
  let current: AnyNode = node;
  while (current.type === "LogicalExpression" && current.operator === operator) {
    nodes.push(current.right);
    current = current.left;
  }
  nodes.push(current);
  const [first = ABSENT, second = ABSENT, ...others] = nodes.reverse().map((part) => compiling.compile(part));
  const goesOn = GOES_ON[operator];
  if (others.length > 0) {
    return (evaluation) => {
      let value = first(evaluation);
      if (goesOn(value)) value = second(evaluation);
      for (const other of others) {
        if (!goesOn(value)) return value;
        value = other(evaluation);
      }
      return value;
    };
  }
  switch (operator) {
    case "&&":
      return (evaluation) => {
        const value = first(evaluation);
        return isTrue(value) ? second(evaluation) : value;
      };
    case "||":
      return (evaluation) => {
        const value = first(evaluation);
        return isTrue(value) ? value : second(evaluation);
      };
    case "??":
      return (evaluation) => first(evaluation) ?? second(evaluation);
  }
}

const GOES_ON: { readonly [operator in LogicalExpression["operator"]]: (value: Value) => boolean } = {
  "&&": isTrue,
  "||": (value) => !isTrue(value),
  "??": (value) => value === undefined || value === null,
};

function compileComparison(operator: "<" | "<=" | ">" | ">=", left: Evaluator, right: Evaluator): Evaluator {
  switch (operator) {
    case "<":
      return (evaluation) => {
        const a = left(evaluation);
        const b = right(evaluation);
        return isNumber(a) ? isNumber(b) && a < b : isText(a) && isText(b) && a < b;
      };
    case "<=":
      return (evaluation) => {
        const a = left(evaluation);
        const b = right(evaluation);
        return isNumber(a) ? isNumber(b) && a <= b : isText(a) && isText(b) && a <= b;
      };
    case ">":
      return (evaluation) => {
        const a = left(evaluation);
        const b = right(evaluation);
        return isNumber(a) ? isNumber(b) && a > b : isText(a) && isText(b) && a > b;
      };
    case ">=":
      return (evaluation) => {
        const a = left(evaluation);
        const b = right(evaluation);
        return isNumber(a) ? isNumber(b) && a >= b : isText(a) && isText(b) && a >= b;
      };
  }
}

function isNumber(value: Value): value is number {
  return typeof value === "number";
}

function isText(value: Value): value is string {
  return typeof value === "string";
}

function compileAddition(
  node: BinaryExpression,
  left: Evaluator,
  right: Evaluator,
  compiling: Compiling,
): Evaluator {
  const add = arithmetic(node, compiling, addDecimals);
  return (evaluation) => {
    const a = left(evaluation);
    const b = right(evaluation);
    if ((isText(a) && isJoinable(b)) || (isText(b) && isJoinable(a))) return evaluation.madeText(`${a}${b}`);
    return add(a, b);
  };
}

function isJoinable(value: Value): value is string | number | boolean {
  return isText(value) || isNumber(value) || typeof value === "boolean";
}

type NumberOperation = (left: number, right: number) => number | undefined;

function compileArithmetic(
  node: BinaryExpression,
  left: Evaluator,
  right: Evaluator,
  compiling: Compiling,
  operation: NumberOperation,
): Evaluator {
  const apply = arithmetic(node, compiling, operation);
  return (evaluation) => apply(left(evaluation), right(evaluation));
}

function arithmetic(
  node: BinaryExpression,
  compiling: Compiling,
  operation: NumberOperation,
): (left: Value, right: Value) => number {
  const { operator } = node;
  const takes = operator === "+" ? "numbers, or a text and a text, number or boolean" : "numbers";
  const leftNumber = numberOperand(operator, takes, node.left, compiling);
  const rightNumber = numberOperand(operator, takes, node.right, compiling);
  const text = compiling.textOf(node);
  return (left, right) => {
    const a = leftNumber(left);
    const b = rightNumber(right);
    const result = operation(a, b);
    if (result !== undefined) return result;
    const why = b === 0 && (operator === "/" || operator === "%") ? "divides by zero" : "is out of range";
    throw new EvaluationError(`${text} ${why}.`);
  };
}

/** The operand, or an error that names its place and kind. */
function numberOperand(
  operator: string,
  takes: string,
  node: AnyNode,
  compiling: Compiling,
): (value: Value) => number {
  const text = compiling.textOf(node);
  const path = compiling.pathOf(node);
  return (value) => {
    if (typeof value === "number") return value;
    throw new EvaluationError(`${text} is ${valueKind(value)}; "${operator}" takes ${takes}.`, path);
  };
}

/** A key among an object's own, or an equal element of a list; false for every other holder. */
function isIn(value: Value, holder: Value, evaluation: Evaluation): boolean {
  if (typeof holder !== "object" || holder === null) return false;
  if (Array.isArray(holder)) return includesEqual(holder, value, evaluation);
  return (isText(value) || isNumber(value)) && Object.hasOwn(holder, value);
}
