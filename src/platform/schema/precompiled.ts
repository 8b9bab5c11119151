/**
 * Validators made ahead of time. In the source there are none, and ajv compiles what is asked for; the build writes this
 * module anew (scripts/precompile.mjs), with the code that ajv makes of the same schemas under the same options, because
 * compiling the schema of the language is most of what checking a small file costs.
 */
import type { ValidateFunction } from "ajv";

/** The schema of the language (`authoredSchema`). */
export const languageValidator: ValidateFunction | undefined = undefined;

/** The meta-schema of draft-07. */
export const draft07Validator: ValidateFunction | undefined = undefined;
