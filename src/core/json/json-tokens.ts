/**
 * Walks over the tokens of a text that is known to be JSON (`JSON.parse` has taken it). It finds places, it judges
 * nothing. It exists beside the parser of syntax errors because that one builds a tree with places for everything,
 * which costs ten times as much as reading does; places are wanted only where something is to be said.
 */

/** `{`, `}`, `[`, `]`, a string (key or value), or any other scalar. Commas and colons are not told. */
export type JsonTokenKind = "{" | "}" | "[" | "]" | "string" | "number" | "word";

/** Calls `visit` for each token in order, with zero-based offsets; `end` is exclusive. */
export function forEachJsonToken(
  text: string,
  visit: (kind: JsonTokenKind, start: number, end: number) => void,
): void {
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code === COMMA || code === COLON) {
      at += 1;
    } else if (code === QUOTE) {
      const end = endOfString(text, at);
      visit("string", at, end);
      at = end;
    } else if (code === 0x7b || code === 0x7d || code === 0x5b || code === 0x5d) {
      visit(text.charAt(at) as "{" | "}" | "[" | "]", at, at + 1);
      at += 1;
    } else {
      const end = endOfScalar(text, at);
      visit(code === MINUS || (code >= 0x30 && code <= 0x39) ? "number" : "word", at, end);
      at = end;
    }
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const MINUS = 0x2d;

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    at += code === BACKSLASH ? 2 : 1;
  }
  return at;
}

function endOfScalar(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code === COMMA || code === 0x7d || code === 0x5d) return at;
    at += 1;
  }
  return at;
}
