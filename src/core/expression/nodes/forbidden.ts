/** What JavaScript has and the language has not, each with what to write instead. */
import type { AnyNode } from "acorn";
import type { Compiling } from "./compiling.js";

const NODES: { readonly [type: string]: readonly [what: string, hint: string] } = {
  ThisExpression: ["this", "Start from data, event, variables or another root."],
  NewExpression: ["new", "Dates are texts: use date(text) or now()."],
  AssignmentExpression: [
    "Assignment",
    "An expression only reads; compare with ===, and set data with assign.",
  ],
  UpdateExpression: ["++ and --", "An expression only reads; write + 1 and set data with assign."],
  SequenceExpression: ["The comma", "An expression has one value; combine conditions with && or ||."],
  ArrowFunctionExpression: [
    "A function",
    "An arrow such as x => x.amount > 0 stands only as the second argument of all, any, map and filter.",
  ],
  FunctionExpression: ["A function", "Use an arrow inside all, any, map or filter."],
  ClassExpression: ["A class", "An expression has values only."],
  TaggedTemplateExpression: ["A tagged template", "Write the text in quotes."],
  SpreadElement: ["Spread", "Write the elements out."],
  ImportExpression: ["import", "Nothing is loaded from an expression."],
  MetaProperty: ["import.meta and new.target", "Start from data, event, variables or another root."],
  AwaitExpression: ["await", "Nothing in an expression waits."],
  YieldExpression: ["yield", "An expression has one value."],
  Super: ["super", "Start from data, event, variables or another root."],
  PrivateIdentifier: ["A private name", "Start from data, event, variables or another root."],
};

export function forbid(node: AnyNode, compiling: Compiling): void {
  const [what, hint] = NODES[node.type] ?? [node.type, undefined];
  compiling.fault("FORBIDDEN", node, `${what} is not part of an expression.`, hint);
}

/** The function to use for a method of JavaScript. */
export const METHOD_HINTS: { readonly [method: string]: string } = {
  includes: "Use contains(value, part).",
  indexOf: "Use contains(value, part).",
  startsWith: "Use startsWith(text, part).",
  endsWith: "Use endsWith(text, part).",
  toLowerCase: "Use lower(text).",
  toUpperCase: "Use upper(text).",
  trim: "Use trim(text).",
  toString: "Use string(value).",
  some: "Use any(list, x => ...).",
  every: "Use all(list, x => ...).",
  map: "Use map(list, x => ...).",
  filter: "Use filter(list, x => ...).",
  find: "Use filter(list, x => ...)[0].",
  reduce: "Use sum, min or max.",
  hasOwnProperty: "Use exists(data.name) or 'name' in data.",
  round: "Use round(number, digits).",
  floor: "Use floor(number).",
  ceil: "Use ceil(number).",
  abs: "Use abs(number).",
  min: "Use min(a, b).",
  max: "Use max(a, b).",
  now: "Use now().",
  parse: "Use date(text) for a time.",
  test: "There are no regular expressions here; put a pattern into the schema of the data.",
  match: "There are no regular expressions here; put a pattern into the schema of the data.",
};
