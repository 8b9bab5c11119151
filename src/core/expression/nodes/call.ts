/** Calls of the language's functions, by name only: there are no methods. */
import type { AnyNode, ArrowFunctionExpression, CallExpression } from "acorn";
import { closest } from "fastest-levenshtein";
import type { Evaluator } from "../evaluation.js";
import { ARROW_FUNCTIONS, type ArrowFunctionRule } from "../functions/arrow-functions.js";
import { type CallSite, type FunctionRule, isList, wrongKind } from "../functions/call-site.js";
import { FUNCTION_NAMES, FUNCTIONS } from "../functions/function-names.js";
import { isRootName } from "../reference.js";
import { ABSENT, type Compiling } from "./compiling.js";
import { forbid, METHOD_HINTS } from "./forbidden.js";

export function compileCall(node: CallExpression, compiling: Compiling): Evaluator {
  const { callee } = node;
  if (callee.type !== "Identifier") return refuseMethod(node, compiling);
  const { name } = callee;
  if (!FUNCTION_NAMES.includes(name)) {
    compileArguments(node, compiling);
    const hint = `Did you mean ${closest(name, [...FUNCTION_NAMES])}?`;
    return compiling.fault("UNKNOWN_FUNCTION", node, `There is no function "${name}".`, hint);
  }
  compiling.functions.add(name);
  if (name === "inState") return compileInState(node, compiling);
  if (name === "exists") return compileExists(node, compiling);
  const arrowRule = Object.hasOwn(ARROW_FUNCTIONS, name) ? ARROW_FUNCTIONS[name] : undefined;
  if (arrowRule !== undefined) return compileArrowCall(name, arrowRule, node, compiling);
  const rule = FUNCTIONS.get(name);
  return rule === undefined ? ABSENT : compilePlainCall(name, rule, node, compiling);
}

function compilePlainCall(
  name: string,
  rule: FunctionRule,
  node: CallExpression,
  compiling: Compiling,
): Evaluator {
  const parameters = compileArguments(node, compiling);
  const { length } = parameters;
  if (length < rule.minArguments || length > rule.maxArguments)
    return wrongArity(name, rule.usage, node, compiling);
  const site = callSite(name, node.arguments, compiling);
  const { body } = rule;
  return (evaluation) =>
    body(
      parameters.map((parameter) => parameter(evaluation)),
      evaluation,
      site,
    );
}

function compileExists(node: CallExpression, compiling: Compiling): Evaluator {
  const [parameter, ...others] = compileArguments(node, compiling);
  if (parameter === undefined || others.length > 0)
    return wrongArity("exists", "exists(value)", node, compiling);
  return (evaluation) => parameter(evaluation) !== undefined;
}

/** The id must be a literal, so that validation can look it up. */
function compileInState(node: CallExpression, compiling: Compiling): Evaluator {
  const [argument, ...others] = node.arguments;
  if (argument === undefined || others.length > 0 || argument.type !== "Literal") {
    return wrongArity("inState", 'inState("stateId"), with the id in quotes', node, compiling);
  }
  const { value: stateId } = argument;
  if (typeof stateId !== "string") {
    return wrongArity("inState", 'inState("stateId"), with the id in quotes', node, compiling);
  }
  compiling.statesAsked.add(stateId);
  return (evaluation) => evaluation.scope.inState(stateId);
}

function compileArrowCall(
  name: string,
  rule: ArrowFunctionRule,
  node: CallExpression,
  compiling: Compiling,
): Evaluator {
  const [listNode, arrow, ...others] = node.arguments;
  if (listNode === undefined || arrow?.type !== "ArrowFunctionExpression" || others.length > 0) {
    for (const argument of node.arguments) compileArgument(argument, compiling);
    return wrongArity(name, `${name}(list, x => expression)`, node, compiling);
  }
  compiling.builds ||= name === "map" || name === "filter";
  const list = compileArgument(listNode, compiling);
  const site = callSite(name, node.arguments, compiling);
  const slot = compiling.locals.length;
  const costBefore = compiling.cost;
  const body = compileArrow(arrow, compiling);
  const stepsPerElement = compiling.cost - costBefore + 1;
  compiling.cost = costBefore;
  return (evaluation) => {
    const value = list(evaluation);
    if (value === undefined) return rule.ofAbsent;
    if (!isList(value)) throw wrongKind(site, 0, value, "a list");
    return rule.apply(
      value,
      (element) => {
        evaluation.charge(stepsPerElement);
        evaluation.locals[slot] = element;
        return body(evaluation);
      },
      evaluation,
    );
  };
}

function compileArrow(arrow: ArrowFunctionExpression, compiling: Compiling): Evaluator {
  const [parameter, ...others] = arrow.params;
  const { body } = arrow;
  if (
    parameter?.type !== "Identifier" ||
    others.length > 0 ||
    body.type === "BlockStatement" ||
    arrow.async
  ) {
    return compiling.fault(
      "FORBIDDEN",
      arrow,
      "An arrow has one plain name and an expression: x => x.amount > 0.",
    );
  }
  const { name } = parameter;
  if (isRootName(name) || name === "undefined") {
    compiling.fault(
      "FORBIDDEN",
      parameter,
      `An arrow cannot call its element ${name}.`,
      "Choose another name.",
    );
  }
  compiling.locals.push(name);
  compiling.localSlots = Math.max(compiling.localSlots, compiling.locals.length);
  const evaluator = compiling.compile(body);
  compiling.locals.pop();
  return evaluator;
}

function compileArguments(node: CallExpression, compiling: Compiling): Evaluator[] {
  return node.arguments.map((argument) => compileArgument(argument, compiling));
}

function compileArgument(argument: CallExpression["arguments"][number], compiling: Compiling): Evaluator {
  if (argument.type !== "SpreadElement") return compiling.compile(argument);
  forbid(argument, compiling);
  return ABSENT;
}

function wrongArity(name: string, usage: string, node: CallExpression, compiling: Compiling): Evaluator {
  const hint = `Write ${usage}.`;
  return compiling.fault("ARGUMENTS", node, `${name} is not called with the arguments that it takes.`, hint);
}

function callSite(name: string, nodes: readonly AnyNode[], compiling: Compiling): CallSite {
  const parameters = nodes.map((node) => ({ text: compiling.textOf(node), path: compiling.pathOf(node) }));
  return { name, parameters };
}

function refuseMethod(node: CallExpression, compiling: Compiling): Evaluator {
  const { callee } = node;
  compileArguments(node, compiling);
  if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") {
    return compiling.fault("FORBIDDEN", node, "Only the functions of the language can be called, by name.");
  }
  const { name } = callee.property;
  const hint = Object.hasOwn(METHOD_HINTS, name) ? METHOD_HINTS[name] : undefined;
  return compiling.fault("FORBIDDEN", node, `Values have no methods: ${name} cannot be called.`, hint);
}
