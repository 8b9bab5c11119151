import { ARROW_FUNCTIONS } from "./arrow-functions.js";
import type { FunctionRule } from "./call-site.js";
import { NUMBER_FUNCTIONS } from "./number-functions.js";
import { TEXT_FUNCTIONS } from "./text-functions.js";
import { TIME_FUNCTIONS } from "./time-functions.js";

/** The functions that take values; those with an arrow, `exists` and `inState` are compiled apart. */
export const FUNCTIONS: ReadonlyMap<string, FunctionRule> = new Map(
  Object.entries({ ...TEXT_FUNCTIONS, ...NUMBER_FUNCTIONS, ...TIME_FUNCTIONS }),
);

/** Every function of the language. */
export const FUNCTION_NAMES: readonly string[] = [
  ...FUNCTIONS.keys(),
  ...Object.keys(ARROW_FUNCTIONS),
  "exists",
  "inState",
];
