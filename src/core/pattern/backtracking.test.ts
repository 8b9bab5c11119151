import fc from "fast-check";
import { expect, it } from "vitest";
import { checkPattern } from "./check-pattern.js";

/** A pattern over a and b, small enough that a polynomial number of paths stays far below the step limit. */
type Tree =
  | { readonly kind: "char"; readonly char: string }
  | { readonly kind: "sequence" | "choice"; readonly parts: readonly Tree[] }
  | { readonly kind: "repeat"; readonly mark: "*" | "+" | "?"; readonly part: Tree };

function sourceOf(tree: Tree): string {
  switch (tree.kind) {
    case "char":
      return tree.char;
    case "sequence":
      return `(?:${tree.parts.map(sourceOf).join("")})`;
    case "choice":
      return `(?:${tree.parts.map(sourceOf).join("|")})`;
    case "repeat":
      return `(?:${sourceOf(tree.part)})${tree.mark}`;
  }
}

const STEP_LIMIT = 400_000;

class OutOfSteps extends Error {}

/** Steps of a backtracking matcher by ECMAScript's rules that tries all paths and fails at the end. */
function stepsToFail(tree: Tree, text: string): number {
  let steps = 0;
  type Rest = (at: number) => void;
  const match = (node: Tree, at: number, rest: Rest): void => {
    steps += 1;
    if (steps > STEP_LIMIT) throw new OutOfSteps();
    switch (node.kind) {
      case "char":
        if (at < text.length && (node.char === "." || node.char === text[at])) rest(at + 1);
        break;
      case "sequence":
        matchAll(node.parts, 0, at, rest);
        break;
      case "choice":
        for (const part of node.parts) match(part, at, rest);
        break;
      case "repeat":
        if (node.mark === "+") match(node.part, at, (next) => matchRounds(node.part, next, rest));
        else if (node.mark === "*") matchRounds(node.part, at, rest);
        else {
          match(node.part, at, (next) => {
            if (next !== at) rest(next);
          });
          rest(at);
        }
    }
  };
  const matchAll = (parts: readonly Tree[], index: number, at: number, rest: Rest): void => {
    const part = parts[index];
    if (part === undefined) rest(at);
    else match(part, at, (next) => matchAll(parts, index + 1, next, rest));
  };
  const matchRounds = (part: Tree, at: number, rest: Rest): void => {
    match(part, at, (next) => {
      if (next !== at) matchRounds(part, next, rest);
    });
    rest(at);
  };
  try {
    match(tree, 0, () => undefined);
  } catch (error) {
    if (error instanceof OutOfSteps) return Number.POSITIVE_INFINITY;
    throw error;
  }
  return steps;
}

function treeOf(depth: number): fc.Arbitrary<Tree> {
  const char: fc.Arbitrary<Tree> = fc.record({
    kind: fc.constant("char" as const),
    char: fc.constantFrom("a", "a", "b", "."),
  });
  if (depth === 0) return char;
  const inner = treeOf(depth - 1);
  return fc.oneof(
    { weight: 2, arbitrary: char },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constantFrom("sequence" as const, "choice" as const),
        parts: fc.array(inner, { minLength: 2, maxLength: 3 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("repeat" as const),
        mark: fc.constantFrom("*" as const, "+" as const, "?" as const),
        part: inner,
      }),
    },
  );
}

function repetitions(tree: Tree): number {
  if (tree.kind === "char") return 0;
  if (tree.kind === "repeat") return 1 + repetitions(tree.part);
  return tree.parts.reduce((sum, part) => sum + repetitions(part), 0);
}

const words = (letters: readonly string[], length: number): string[] =>
  length === 0 ? [""] : words(letters, length - 1).flatMap((word) => letters.map((letter) => word + letter));

const PREFIXES = ["", "a", "b", "ab", "ba", "aa", "bb"];

/** Looks for a word whose repetition makes the matcher run out of steps. */
function isExponential(tree: Tree, maxWordLength: number): boolean {
  for (let length = 1; length <= maxWordLength; length += 1) {
    for (const word of words(["a", "b"], length)) {
      const isSlow = PREFIXES.some(
        (prefix) => stepsToFail(tree, prefix + word.repeat(26)) === Number.POSITIVE_INFINITY,
      );
      if (isSlow) return true;
    }
  }
  return false;
}

it("exactly the patterns on which a backtracking matcher takes exponentially many steps are refused", () => {
  const small = treeOf(3).filter((tree) => repetitions(tree) <= 3);
  fc.assert(
    fc.property(small, (part) => {
      const tree: Tree = { kind: "repeat", mark: "*", part };
      const source = `^${sourceOf(tree)}$`;
      const { safe } = checkPattern(source);
      // A refusal is shown by a word, which may be long; that there is none is tried with short ones.
      expect({ source, safe }).toEqual({ source, safe: !isExponential(tree, safe ? 4 : 8) });
    }),
    // Few runs of a known seed: each counts up to hundreds of thousands of steps.
    { numRuns: 60, seed: 20 },
  );
});
