/** Calls: the functions and methods of JavaScript for which the language of conditions has one of its own. */
import type { AnyNode, CallExpression } from "acorn";
import type { Rewriting } from "./rewriting.js";
import { certainError, notSayable } from "./rewritten.js";

/** Methods of a text or a list that take the value first. */
const METHODS: { readonly [method: string]: string } = {
  includes: "contains",
  startsWith: "startsWith",
  endsWith: "endsWith",
  toLowerCase: "lower",
  toUpperCase: "upper",
  trim: "trim",
};

const ARROW_METHODS: { readonly [method: string]: string } = {
  some: "any",
  every: "all",
  map: "map",
  filter: "filter",
};

const FUNCTIONS: { readonly [name: string]: string } = {
  String: "string",
  Number: "number",
  "Math.floor": "floor",
  "Math.ceil": "ceil",
  "Math.abs": "abs",
  "Math.min": "min",
  "Math.max": "max",
};

/** A power is written out as a product up to this exponent. */
const MAX_EXPONENT = 16;

export function rewriteCall(node: CallExpression, rewriter: Rewriting): string {
  const { callee } = node;
  const name = rewriter.textOf(callee).replace(/\s+/g, "");
  const parameters = node.arguments.map((argument) => {
    if (argument.type === "SpreadElement")
      throw notSayable(`"${rewriter.textOf(argument)}": values are not spread.`);
    return argument;
  });
  if (name === "In") return inState(parameters, rewriter);
  const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (known !== undefined) return `${known}(${parameters.map((each) => rewriter.rewrite(each)).join(", ")})`;
  if (name === "Math.pow") return power(node, parameters, rewriter);
  if (callee.type === "Identifier" && !rewriter.isDeclared(callee.name)) {
    throw certainError(`nothing declares the function "${callee.name}"`);
  }
  if (
    callee.type === "MemberExpression" &&
    callee.property.type === "Identifier" &&
    callee.object.type !== "Super"
  ) {
    return method(node, callee.property.name, callee.object, parameters, rewriter);
  }
  throw notSayable(`"${rewriter.textOf(node)}" calls a function of the chart.`, "SCXML_SCRIPT");
}

function method(
  node: CallExpression,
  name: string,
  holder: AnyNode,
  parameters: readonly AnyNode[],
  rewriter: Rewriting,
): string {
  if (holder.type === "Identifier" && holder.name === "Math" && name === "round" && parameters.length === 1) {
    return `floor((${rewriter.rewrite(parameters[0] ?? node)}) + 0.5)`;
  }
  const plain = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  if (plain !== undefined) {
    return `${plain}(${[holder, ...parameters].map((each) => rewriter.rewrite(each)).join(", ")})`;
  }
  const withArrow = Object.hasOwn(ARROW_METHODS, name) ? ARROW_METHODS[name] : undefined;
  const [arrow] = parameters;
  if (withArrow !== undefined && arrow?.type === "ArrowFunctionExpression" && parameters.length === 1) {
    const [parameter] = arrow.params;
    if (
      arrow.params.length === 1 &&
      parameter?.type === "Identifier" &&
      arrow.body.type !== "BlockStatement"
    ) {
      const body = rewriter.withLocal(parameter.name, arrow.body);
      return `${withArrow}(${rewriter.rewrite(holder)}, ${parameter.name} => ${body})`;
    }
  }
  throw notSayable(`"${rewriter.textOf(node)}": values have no method "${name}".`);
}

function inState(parameters: readonly AnyNode[], rewriter: Rewriting): string {
  const [id] = parameters;
  if (id?.type !== "Literal" || typeof id.value !== "string") {
    throw notSayable("In() is asked with a state's id in quotes only.");
  }
  const stateId = rewriter.names.activeStateId(id.value);
  return stateId === undefined ? "false" : `inState(${JSON.stringify(stateId)})`;
}

function power(node: CallExpression, parameters: readonly AnyNode[], rewriter: Rewriting): string {
  const [base, exponent] = parameters;
  const times = exponent?.type === "Literal" && typeof exponent.value === "number" ? exponent.value : -1;
  if (base === undefined || !Number.isInteger(times) || times < 0 || times > MAX_EXPONENT) {
    throw notSayable(`"${rewriter.textOf(node)}": powers have a whole exponent from 0 to ${MAX_EXPONENT}.`);
  }
  if (times === 0) return "1";
  return `(${new Array<string>(times).fill(`(${rewriter.rewrite(base)})`).join(" * ")})`;
}
