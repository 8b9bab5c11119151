/** The validators that the build makes ahead of time (dist/) against what ajv makes of the source. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDefinition } from "../../src/core/definition/read-definition.js";
import { isJsonObject, type Json, type JsonObject } from "../../src/core/json/json.js";
import { ajvSchemaCompiler } from "../../src/platform/ajv-schema-compiler.js";

const DIST = new URL("../../dist/", import.meta.url);
const FIXTURES = new URL("./fixtures/", import.meta.url);
const MONEY = new URL("../../examples/money-transfer/money-transfer.json", import.meta.url);

const definitions: readonly JsonObject[] = [
  ...readdirSync(FIXTURES).map((name) => new URL(name, FIXTURES)),
  ...(existsSync(MONEY) ? [MONEY] : []),
].map((file) => JSON.parse(readFileSync(file, "utf8")) as JsonObject);

describe.skipIf(!existsSync(DIST))("what is built", () => {
  it("finds in definitions what the source finds, whatever is broken in them", {
    timeout: 60_000,
  }, async () => {
    const { readDefinitionSource } = (await import(
      pathToFileURL(fileURLToPath(new URL("validation.js", DIST))).href
    )) as typeof import("../../src/validation.js");
    const schemas = ajvSchemaCompiler();
    fc.assert(
      fc.property(
        fc.constantFrom(...definitions),
        fc.array(change, { maxLength: 3 }),
        (definition, changes) => {
          const document = changes.reduce<Json>((value, { at, put }) => changed(value, at, put), definition);
          expect(readDefinitionSource({ document })).toEqual(readDefinition({ document }, { schemas }));
        },
      ),
      { numRuns: 300, examples: definitions.map((definition): [JsonObject, []] => [definition, []]) },
    );
  });

  it("checks a definition without loading ajv", () => {
    const main = fileURLToPath(new URL("cli/main.js", DIST));
    const file = fileURLToPath(new URL("order.json", FIXTURES));
    const script = `
      import { createRequire } from "node:module";
      const { cache } = createRequire(${JSON.stringify(main)});
      process.argv = [process.execPath, ${JSON.stringify(main)}, "validate", ${JSON.stringify(file)}];
      process.on("exit", () => console.error(Object.keys(cache).filter((path) => /ajv.dist.(ajv|core)/.test(path)).join()));
      await import(${JSON.stringify(pathToFileURL(main).href)});
    `;
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      encoding: "utf8",
    });
    expect(stdout).toContain("Valid: 1 file");
    expect(stderr.trim()).toBe("");
    expect(status).toBe(0);
  });
});

const change = fc.record({
  at: fc.array(fc.nat(11), { minLength: 1, maxLength: 6 }),
  put: fc.constantFrom<Json | undefined>(
    undefined,
    null,
    true,
    -1,
    "",
    "x y",
    "PT",
    [],
    {},
    { x: 1 },
    ["a"],
    [{}],
  ),
});

/** The value with another part at the place that the numbers lead to; `undefined` takes the part away. */
function changed(value: Json, [first = 0, ...rest]: readonly number[], put: Json | undefined): Json {
  if (Array.isArray(value)) {
    const items = [...(value as readonly Json[])];
    const at = first % (items.length + 1);
    const item = items[at];
    const next = item !== undefined && rest.length > 0 ? changed(item, rest, put) : put;
    items.splice(at, 1, ...(next === undefined ? [] : [next]));
    return items;
  }
  if (!isJsonObject(value)) return put ?? value;
  const names = [...Object.keys(value), "unknown"];
  const name = names[first % names.length] ?? "unknown";
  const { [name]: part, ...others } = value;
  const next = part !== undefined && rest.length > 0 ? changed(part, rest, put) : put;
  return next === undefined ? others : { ...others, [name]: next };
}
