/**
 * Whether a regular expression of a schema can be given to a backtracking matcher. A pattern that can backtrack
 * exponentially is refused; polynomial ones are allowed.
 *
 * 1. Only what repeats many times can be exponential: every outermost repetition without a bound, or with one of ten
 *    and more, is checked as a loop. Repetitions of fewer rounds multiply the work by a constant.
 * 2. A loop over a plain sequence of characters has one path; it is safe without further looking.
 * 3. What cannot be checked within bounds is refused: checking takes less than a second for any pattern.
 */
import { type AST, RegExpParser } from "@eslint-community/regexpp";
import { CheckBudget, TooComplexError } from "./check-budget.js";
import { isExponentiallyAmbiguous } from "./exponential-ambiguity.js";
import { PositionAutomaton } from "./position-automaton.js";

export type PatternCheck = { readonly safe: true } | { readonly safe: false; readonly reason: string };

const MAX_SOURCE_CHARS = 4096;
const MAX_GROUPS = 250;
const MAX_PROPERTIES = 8;
/** From so many rounds on a repetition counts as one without a bound. */
const MANY_ROUNDS = 10;

const parser = new RegExpParser({ ecmaVersion: 2024 });

/** `source` is a pattern of JSON Schema: a regular expression with the flag `u`, found anywhere in the text. */
export function checkPattern(source: string): PatternCheck {
  if (source.length > MAX_SOURCE_CHARS) {
    return unsafe(`It has more than ${MAX_SOURCE_CHARS} characters.`);
  }
  if (source.split("(").length - 1 > MAX_GROUPS) return unsafe(`It has more than ${MAX_GROUPS} groups.`);
  if (new Set(source.match(/\\[pP]\{[^}]*\}/g)).size > MAX_PROPERTIES) {
    return unsafe(`It names more than ${MAX_PROPERTIES} properties of Unicode.`);
  }
  try {
    // The engine has the last word on what is a pattern; its parser is not one that backtracks.
    new RegExp(source, "u");
    const pattern = parser.parsePattern(source, 0, source.length, { unicode: true });
    const budget = new CheckBudget();
    for (const repetition of repetitionsOf(pattern)) {
      const reason = faultOf(repetition, budget);
      if (reason !== undefined) return unsafe(reason);
    }
    return { safe: true };
  } catch (error) {
    if (error instanceof SyntaxError) return unsafe(`It is not a regular expression: ${error.message}.`);
    if (error instanceof TooComplexError) return unsafe(`It is too complex to be checked. ${error.message}`);
    throw error;
  }
}

function unsafe(reason: string): PatternCheck {
  return { safe: false, reason };
}

function faultOf(repetition: AST.Quantifier, budget: CheckBudget): string | undefined {
  const { element, min, raw } = repetition;
  const shown = raw.length > 60 ? `${raw.slice(0, 57)}...` : raw;
  if (isSome(element, (node) => node.type === "Backreference")) {
    return `${shown} repeats a back-reference, whose matching cannot be bounded.`;
  }
  if (!isSome(element, hasChoice)) return undefined;
  // Rounds that are required may take nothing, so that it is open which of them did.
  const rounds = min > 1 && canBeEmpty(element) ? 2 : 1;
  const automaton = PositionAutomaton.ofLoop(element, rounds, budget);
  if (!isExponentiallyAmbiguous(automaton, budget)) return undefined;
  return `${shown} can match one text in exponentially many ways. Let each repetition begin or end with a character that nothing else in it takes.`;
}

/** The outermost repetitions of many rounds; those inside lookarounds too, because each is matched on its own. */
function repetitionsOf(pattern: AST.Pattern): AST.Quantifier[] {
  const found: AST.Quantifier[] = [];
  const visit = (node: AST.Node, isInside: boolean): void => {
    const isMany = node.type === "Quantifier" && (node.max >= MANY_ROUNDS || node.min >= MANY_ROUNDS);
    if (isMany && !isInside) found.push(node);
    const isApart = node.type === "Assertion";
    for (const child of childrenOf(node)) visit(child, !isApart && (isInside || isMany));
  };
  visit(pattern, false);
  return found;
}

function hasChoice(node: AST.Node): boolean {
  if (node.type === "Quantifier") return node.min !== 1 || node.max !== 1;
  return (node.type === "Group" || node.type === "CapturingGroup") && node.alternatives.length > 1;
}

function canBeEmpty(node: AST.Element): boolean {
  switch (node.type) {
    case "Group":
    case "CapturingGroup":
      return node.alternatives.some(({ elements }) => elements.every(canBeEmpty));
    case "Quantifier":
      return node.min === 0 || canBeEmpty(node.element);
    case "Assertion":
    case "Backreference":
      return true;
    default:
      return false;
  }
}

function isSome(node: AST.Node, holds: (node: AST.Node) => boolean): boolean {
  return holds(node) || childrenOf(node).some((child) => isSome(child, holds));
}

function childrenOf(node: AST.Node): readonly AST.Node[] {
  switch (node.type) {
    case "Pattern":
    case "Group":
    case "CapturingGroup":
      return node.alternatives;
    case "Assertion":
      return node.kind === "lookahead" || node.kind === "lookbehind" ? node.alternatives : [];
    case "Alternative":
      return node.elements;
    case "Quantifier":
      return [node.element];
    default:
      return [];
  }
}
