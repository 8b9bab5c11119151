/**
 * Reads the text of an expression with acorn, as a JavaScript expression in strict mode.
 *
 * 1. The parser's own recursion is bounded, so that no text can overflow the stack.
 * 2. Only one syntax error can be told: after it nothing is certain.
 */
import { type Expression, Parser, type Token } from "acorn";
import type { ExpressionFault } from "./scope.js";

export type ParsedExpression =
  | { readonly ok: true; readonly node: Expression; readonly end: number }
  | { readonly ok: false; readonly fault: ExpressionFault };

/** Deeper than the 64 levels that compile, because brackets do not count there. */
const MAX_PARSER_CALLS = 400;

class NestedTooDeeply extends Error {
  readonly pos: number;

  constructor(pos: number) {
    super();
    this.pos = pos;
  }
}

interface ParserState {
  readonly start: number;
  nesting?: number;
}

/**
 * Everything that nests passes through one of these methods of acorn's: brackets, prefixes, branches and arrows; and
 * what is refused only afterwards, such as blocks in functions and patterns in parameters.
 */
const NESTING_METHODS = [
  "parseMaybeAssign",
  "parseMaybeUnary",
  "parseStatement",
  "parseNew",
  "parseBindingAtom",
];

const BoundedParser = Parser.extend((Base) => {
  class Bounded extends Base {}
  for (const name of NESTING_METHODS) {
    // Plugins override methods that acorn's types do not show.
    const inherited = Reflect.get(Base.prototype, name) as (...parameters: unknown[]) => unknown;
    Reflect.set(
      Bounded.prototype,
      name,
      function bounded(this: ParserState, ...parameters: unknown[]): unknown {
        this.nesting = (this.nesting ?? 0) + 1;
        if (this.nesting > MAX_PARSER_CALLS) throw new NestedTooDeeply(this.start);
        const node = inherited.apply(this, parameters);
        this.nesting -= 1;
        return node;
      },
    );
  }
  return Bounded;
});

/**
 * The expression that begins at `start` in the text; `end` is the offset after its last token, brackets included.
 * What follows is for the caller to judge.
 */
export function parseExpression(text: string, start: number): ParsedExpression {
  let end = start;
  let commentAt: number | undefined;
  try {
    const node = BoundedParser.parseExpressionAt(text, start, {
      ecmaVersion: 2022,
      sourceType: "module",
      onToken: (token: Token) => {
        end = token.end;
      },
      onComment: (_isBlock, _text, commentStart) => {
        commentAt ??= commentStart;
      },
    });
    if (commentAt !== undefined) return refused("FORBIDDEN", commentAt, "An expression has no comments.");
    return { ok: true, node, end };
  } catch (error) {
    if (error instanceof NestedTooDeeply) {
      return refused("LIMIT", error.pos, "The expression is nested too deeply.");
    }
    // A caller may have left little of the stack.
    if (error instanceof RangeError) return refused("LIMIT", start, "The expression is nested too deeply.");
    if (error instanceof SyntaxError)
      return refused("SYNTAX", positionOf(error, start), sentence(text, error, start));
    throw error;
  }
}

function refused(code: ExpressionFault["code"], offset: number, message: string): ParsedExpression {
  return { ok: false, fault: { code, offset, message } };
}

function positionOf(error: SyntaxError, start: number): number {
  const pos: unknown = Reflect.get(error, "pos");
  return typeof pos === "number" ? pos : start;
}

function sentence(text: string, error: SyntaxError, start: number): string {
  const told = error.message.replace(/ \(\d+:\d+\)$/, "");
  if (told !== "Unexpected token") return `${told}.`;
  const found = text.slice(positionOf(error, start)).match(/^(\w+|[^\s\w])/)?.[0];
  return found === undefined ? "The expression ends too early." : `"${found}" cannot stand here.`;
}
