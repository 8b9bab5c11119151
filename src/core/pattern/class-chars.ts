/** The code points that a character, a class or an escape of a pattern stands for, with the flag `u` and no other. */
import type { AST } from "@eslint-community/regexpp";
import { type CharRange, type CharSet, charSet, complement } from "./char-set.js";

const DIGITS: CharSet = [[0x30, 0x39]];
const WORD: CharSet = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];
const LINE_ENDS: CharSet = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
];
const SPACES: CharSet = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];

const MAX_CODE_POINT = 0x10ffff;

/** Reading one property looks at every code point, so that each is read once and few are read for one pattern. */
const propertyCache = new Map<string, CharSet>();

/** A node that takes exactly one code point. */
export type CharNode = AST.Character | AST.CharacterClass | AST.CharacterSet;

export function charsOf(node: CharNode): CharSet {
  switch (node.type) {
    case "Character":
      return [[node.value, node.value]];
    case "CharacterSet":
      return escapeChars(node);
    case "CharacterClass": {
      const ranges: CharRange[] = [];
      for (const element of node.elements) {
        if (element.type === "CharacterClassRange") ranges.push([element.min.value, element.max.value]);
        else if (element.type === "Character") ranges.push([element.value, element.value]);
        // Classes within classes and strings exist only with the flag v.
        else if (element.type === "CharacterSet") ranges.push(...escapeChars(element));
      }
      const set = charSet(ranges);
      return node.negate ? complement(set) : set;
    }
  }
}

function escapeChars(node: AST.CharacterSet): CharSet {
  switch (node.kind) {
    case "any":
      return complement(LINE_ENDS);
    case "digit":
      return node.negate ? complement(DIGITS) : DIGITS;
    case "word":
      return node.negate ? complement(WORD) : WORD;
    case "space":
      return node.negate ? complement(SPACES) : SPACES;
    case "property": {
      const set = propertyChars(node.value === null ? node.key : `${node.key}=${node.value}`);
      return node.negate ? complement(set) : set;
    }
  }
}

/** The host knows the tables of Unicode; it is asked for each code point, about 40 ms for one property. */
function propertyChars(name: string): CharSet {
  const cached = propertyCache.get(name);
  if (cached !== undefined) return cached;
  const isMember = new RegExp(`^\\p{${name}}$`, "u");
  const ranges: CharRange[] = [];
  let from = -1;
  for (let codePoint = 0; codePoint <= MAX_CODE_POINT + 1; codePoint += 1) {
    const isIn = codePoint <= MAX_CODE_POINT && isMember.test(String.fromCodePoint(codePoint));
    if (isIn && from < 0) from = codePoint;
    if (isIn || from < 0) continue;
    ranges.push([from, codePoint - 1]);
    from = -1;
  }
  propertyCache.set(name, ranges);
  return ranges;
}
