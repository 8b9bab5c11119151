// Writes what is generated from the source of the definition language (src/core/definition/schema):
//   schema/definition.schema.json, the published JSON Schema, and
//   src/core/definition/definition-document.generated.ts, the TypeScript types.
// With --check it writes nothing and fails when a file is not what the source gives.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { compile } from "json-schema-to-typescript";
import ts from "typescript";

const root = fileURLToPath(new URL("..", import.meta.url));
const BANNER = `// Generated from src/core/definition/schema by scripts/generate.mjs. Do not edit.
import type { Json, JsonObject } from "../json/json.js";
`;

const { allParts, publishedSchema } = await loadSource();
const outputs = {
  "schema/definition.schema.json": `${JSON.stringify(publishedSchema, null, 2)}\n`,
  "src/core/definition/definition-document.generated.ts": await typesOf(allParts),
};

const stale = Object.entries(outputs).filter(([path, text]) => text !== readIfThere(join(root, path)));
if (process.argv.includes("--check")) {
  for (const [path] of stale)
    console.error(`${path} is not what its source gives. Run: node scripts/generate.mjs`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const [path, text] of stale) {
    writeFileSync(join(root, path), text);
    console.log(`wrote ${path}`);
  }
}

/** The schema's source is TypeScript that imports nothing but itself: it is transpiled aside and loaded. */
async function loadSource() {
  const directory = mkdtempSync(join(tmpdir(), "statewright-generate-"));
  try {
    const from = join(root, "src/core/definition/schema");
    const to = join(directory, "definition/schema");
    mkdirSync(to, { recursive: true });
    writeFileSync(join(directory, "package.json"), '{ "type": "module" }');
    for (const name of readdirSync(from).filter(
      (file) => file.endsWith(".ts") && !file.endsWith(".test.ts"),
    )) {
      const { outputText } = ts.transpileModule(readFileSync(join(from, name), "utf8"), {
        compilerOptions: {
          module: ts.ModuleKind.ESNext,
          target: ts.ScriptTarget.ES2022,
          verbatimModuleSyntax: true,
        },
      });
      writeFileSync(join(to, name.replace(/\.ts$/, ".js")), outputText);
    }
    return await import(pathToFileURL(join(to, "definition-schema.js")).href);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/**
 * One type for each named shape. References become names, choices become unions, `x-` properties are left out. Aliases
 * instead of interfaces, because only an alias of an object type passes for a JSON object.
 */
async function typesOf(parts) {
  const definitions = Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, forTypes(part)]));
  const text = await compile({ definitions, type: "object", additionalProperties: false }, "Unused", {
    bannerComment: BANNER,
    unreachableDefinitions: true,
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
    style: { printWidth: 110 },
  });
  return text
    .replace(/^export interface Unused \{\s*\}\n/m, "")
    .replace(/^export interface (\w+) \{/gm, "export type $1 = {")
    .replace(/\/\*\*\n(?: \*.*\n)*? \* This interface was referenced by[\s\S]*?\*\/\n/g, (comment) =>
      keepDescription(comment),
    );
}

/** The generator notes who refers to a type; only what the schema says about it is kept. */
function keepDescription(comment) {
  const lines = comment
    .split("\n")
    .filter((line) => /^ \* \S/.test(line) && !/referenced by|via the `definition|`undefined`/.test(line));
  return lines.length > 0 ? `/**\n${lines.join("\n")}\n */\n` : "";
}

function forTypes(schema) {
  if (typeof schema !== "object" || schema === null) return schema;
  const described = schema.description === undefined ? {} : { description: schema.description };
  const reference = referenceOf(schema);
  if (reference !== undefined) return { ...described, tsType: reference };
  if (schema.tsType !== undefined) return { ...described, tsType: schema.tsType };
  const choices = choicesOf(schema);
  if (choices !== undefined) return { ...described, anyOf: choices.map(forTypes) };
  const { type, enum: words, properties, required, items, additionalProperties } = schema;
  return {
    ...described,
    ...(type === undefined ? {} : { type }),
    ...(words === undefined ? {} : { enum: words }),
    ...(required === undefined ? {} : { required }),
    ...(items === undefined ? {} : { items: forTypes(items) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: forTypes(additionalProperties) }),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, part]) => [name, forTypes(part)]),
          ),
        }),
  };
}

function referenceOf(schema) {
  const target = schema.$ref ?? (schema.allOf?.length === 1 ? schema.allOf[0].$ref : undefined);
  return target?.slice("#/definitions/".length);
}

/** The shapes of a chain of `if … then … else`, or of a list of conditions that each lead to a named shape. */
function choicesOf(schema) {
  if (schema.if !== undefined && schema.else !== undefined) {
    return [schema.then, ...(choicesOf(schema.else) ?? [schema.else])];
  }
  if (schema.allOf?.length > 1 && schema.allOf.every((part) => part.then?.$ref !== undefined)) {
    return schema.allOf.map((part) => part.then);
  }
  return undefined;
}

function readIfThere(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
