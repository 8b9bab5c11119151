/** The bounds of expressions and templates. Passing one is an error with a sentence, never a hang. */

/** Characters (UTF-16 code units) of one expression's text. */
export const MAX_SOURCE_CHARS = 4096;

/** Levels of nesting of one expression; a chain of `&&` or of `||` is one level however long it is. */
export const MAX_EXPRESSION_DEPTH = 64;

/** Steps of one evaluation: about one for each node, each element of a list and each KiB of text that is touched. */
export const MAX_STEPS = 10_000;

/** Characters (UTF-16 code units) of a text that an expression makes. */
export const MAX_TEXT_CHARS = 64 * 1024;

/** Elements of a list that an expression makes. */
export const MAX_LIST_LENGTH = 10_000;

/** Characters of canonical JSON of the value that a template renders, or that an expression builds. */
export const MAX_RESULT_CHARS = 256 * 1024;

/** Levels of nesting of a template, and of values that are compared. */
export const MAX_VALUE_DEPTH = 64;

/** Interpolations in one text of a template. */
export const MAX_INTERPOLATIONS = 1000;
