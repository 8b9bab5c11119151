// Makes the validators that the build puts into dist/platform/schema/precompiled.js: ajv's own code for the schema of
// the language and for the meta-schema of draft-07, made with the options of ajv-instance.ts. What is read is the
// JavaScript that the compiler wrote just before, so that the result is always that of the source.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { default: standaloneCode } = createRequire(import.meta.url)("ajv/dist/standalone");
/** ajv asks for the few functions that its code calls by `require`, which a module has to make itself. */
const HEAD = `// Made by scripts/precompile.mjs from the schemas of the language and of draft-07.
import { createRequire } from "node:module";
import { isSameJson } from "./is-same-json.js";
const require = createRequire(import.meta.url);
`;

/** The text of the module; `built` is the folder into which the source was compiled. */
export async function precompiledModule(built) {
  const load = (path) => import(pathToFileURL(join(built, path)).href);
  const { newAjv } = await load("platform/schema/ajv-instance.js");
  const { authoredSchema } = await load("core/definition/schema/definition-schema.js");
  const ajv = newAjv({ source: true, esm: true });
  const { $schema: _, ...language } = authoredSchema;
  ajv.addSchema(language, "language");
  const code = standaloneCode(ajv, {
    languageValidator: "language",
    draft07Validator: "http://json-schema.org/draft-07/schema",
  });
  return `${HEAD}${code}\n`;
}
