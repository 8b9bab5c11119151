/** Rewrites one node of an expression after the other; what needs no change keeps its text. */
import type { AnyNode, BinaryExpression, Expression, Identifier, MemberExpression } from "acorn";
import type { ChartNames } from "./chart-names.js";
import { isBoolean } from "./condition-text.js";
import { rewriteCall } from "./rewrite-call.js";
import type { Rewriting } from "./rewriting.js";
import { certainError, notSayable } from "./rewritten.js";
import { EVENT_FIELDS, eventField, SYSTEM_VARIABLES, systemVariable } from "./system-variables.js";

/** Nodes that do something, or make a function: a chart with them needs a JavaScript engine. */
const SCRIPTING: ReadonlySet<string> = new Set([
  "AssignmentExpression",
  "UpdateExpression",
  "FunctionExpression",
  "ClassExpression",
  "NewExpression",
  "ThisExpression",
  "SequenceExpression",
  "AwaitExpression",
  "YieldExpression",
  "TaggedTemplateExpression",
]);

const GLOBALS: ReadonlySet<string> = new Set([
  ...[
    "Array",
    "Boolean",
    "Date",
    "Infinity",
    "JSON",
    "Math",
    "NaN",
    "Number",
    "Object",
    "RegExp",
    "String",
    "Symbol",
  ],
  ...[
    "Error",
    "In",
    "Map",
    "Set",
    "console",
    "decodeURIComponent",
    "encodeURIComponent",
    "globalThis",
    "isFinite",
  ],
  ...["isNaN", "parseFloat", "parseInt"],
]);

export class NodeRewriter implements Rewriting {
  readonly reads = new Set<string>();
  readonly #locals: string[] = [];

  constructor(
    readonly source: string,
    readonly names: ChartNames,
  ) {}

  rewrite(node: AnyNode): string {
    if (SCRIPTING.has(node.type)) {
      throw notSayable(`"${this.textOf(node)}" needs a script.`, "SCXML_SCRIPT");
    }
    switch (node.type) {
      case "Identifier":
        return this.#identifier(node);
      case "MemberExpression":
        return this.#member(node);
      case "UnaryExpression":
        if (node.operator === "typeof")
          throw notSayable(`"${this.textOf(node)}": kinds of values are not told apart.`);
        return this.splice(node, [node.argument]);
      case "BinaryExpression":
        return this.#binary(node);
      case "LogicalExpression":
        return this.splice(node, [node.left, node.right]);
      case "ConditionalExpression":
        return this.splice(node, [node.test, node.consequent, node.alternate]);
      case "ArrayExpression":
        return this.splice(
          node,
          node.elements.filter((element) => element !== null),
        );
      case "ObjectExpression":
        return this.splice(node, node.properties);
      case "Property":
        return this.#property(node);
      case "SpreadElement":
        throw notSayable(`"${this.textOf(node)}": values are not spread.`);
      case "ChainExpression":
        return this.rewrite(node.expression);
      case "CallExpression":
        return rewriteCall(node, this);
      case "TemplateLiteral":
        return this.#template(
          node.quasis.map(({ value }) => value.cooked ?? value.raw),
          node.expressions,
        );
      default:
        return this.textOf(node);
    }
  }

  textOf(node: AnyNode): string {
    return this.source.slice(node.start, node.end);
  }

  /** The text of a node with those of its parts in place, which must stand in their order. */
  splice(node: AnyNode, parts: readonly AnyNode[]): string {
    let text = "";
    let at = node.start;
    for (const part of parts) {
      text += this.source.slice(at, part.start) + this.rewrite(part);
      at = part.end;
    }
    return text + this.source.slice(at, node.end);
  }

  withLocal(name: string, body: AnyNode): string {
    this.#locals.push(name);
    const text = this.rewrite(body);
    this.#locals.pop();
    return text;
  }

  isDeclared(name: string): boolean {
    return this.#locals.includes(name) || this.names.data.has(name) || SYSTEM_VARIABLES.has(name);
  }

  #identifier({ name }: Identifier): string {
    if (this.#locals.includes(name) || name === "undefined") return name;
    if (SYSTEM_VARIABLES.has(name)) return systemVariable(name, this.names);
    if (this.names.data.has(name)) {
      this.reads.add(name);
      return `data.${name}`;
    }
    if (GLOBALS.has(name)) throw notSayable(`"${name}" of JavaScript is not there.`);
    throw certainError(`nothing declares "${name}"`);
  }

  #member(node: MemberExpression): string {
    const key = staticKey(node);
    if (key !== undefined && node.object.type === "Identifier" && node.object.name === "_event") {
      return eventField(key, this.names);
    }
    if (key === "length" && node.object.type !== "Super") return `size(${this.rewrite(node.object)})`;
    return this.splice(node, node.computed ? [node.object, node.property] : [node.object]);
  }

  #binary(node: BinaryExpression): string {
    const { left, right, operator } = node;
    const typeTest =
      this.#typeTest(node) ?? this.#typeTest({ ...node, left: right, right: left as Expression });
    if (typeTest !== undefined) return typeTest;
    if (
      operator === "in" &&
      right.type === "Identifier" &&
      right.name === "_event" &&
      left.type === "Literal"
    ) {
      return String(EVENT_FIELDS.has(String(left.value)));
    }
    const isLoose = operator === "==" || operator === "!=";
    const isNothing = (side: AnyNode) =>
      isUndefined(side) || (isLoose && side.type === "Literal" && side.value === null && side.raw === "null");
    if (isLoose || operator === "===" || operator === "!==") {
      const other = isNothing(right) ? left : isNothing(left) ? right : undefined;
      // What is undefined is kept as null, so the two are one here.
      if (other !== undefined) {
        return `((${this.rewrite(other)} ?? undefined) ${operator.startsWith("!") ? "!==" : "==="} undefined)`;
      }
    }
    if ((operator === "|" || operator === "&") && isBoolean(left) && isBoolean(right)) {
      return `((${this.rewrite(left)}) ${operator}${operator} (${this.rewrite(right)}))`;
    }
    return this.splice(node, [left, right]);
  }

  /** `typeof x === "undefined"` and its kin. */
  #typeTest({
    left,
    right,
    operator,
  }: Pick<BinaryExpression, "left" | "right" | "operator">): string | undefined {
    if (left.type !== "UnaryExpression" || left.operator !== "typeof") return undefined;
    if (right.type !== "Literal" || right.value !== "undefined") return undefined;
    if (!/^[!=]==?$/.test(operator)) return undefined;
    const { argument } = left;
    const isNegated = operator.startsWith("!");
    if (argument.type === "Identifier" && !this.isDeclared(argument.name)) return String(!isNegated);
    return `((${this.rewrite(argument)} ?? undefined) ${isNegated ? "!==" : "==="} undefined)`;
  }

  #property(node: Extract<AnyNode, { readonly type: "Property" }>): string {
    if (node.shorthand) return `${this.textOf(node.key)}: ${this.rewrite(node.value)}`;
    return this.splice(node, [node.value]);
  }

  #template(texts: readonly string[], expressions: readonly Expression[]): string {
    const parts = texts.map((text, at) => {
      const expression = expressions[at];
      return expression === undefined
        ? JSON.stringify(text)
        : `${JSON.stringify(text)} + (${this.rewrite(expression)})`;
    });
    return `(${parts.join(" + ")})`;
  }
}

function staticKey({ property, computed }: MemberExpression): string | undefined {
  if (!computed) return property.type === "Identifier" ? property.name : undefined;
  return property.type === "Literal" && typeof property.value === "string" ? property.value : undefined;
}

function isUndefined(node: AnyNode): boolean {
  return node.type === "Identifier" && node.name === "undefined";
}
