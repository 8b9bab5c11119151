import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ajvSchemaCompiler } from "../../platform/ajv-schema-compiler.js";
import { readDefinition } from "./read-definition.js";
import { allParts, authoredSchema } from "./schema/definition-schema.js";
import { ACTION_TYPES, BASE_STATE_TYPES, TIMEOUT_STRATEGIES, TRIGGER_WORDS } from "./schema/word-list.js";

const page = readFileSync(new URL("../../../docs/reference/definition.md", import.meta.url), "utf8");
const schemas = ajvSchemaCompiler();
const examples = [...page.matchAll(/^```json ?(.*)\n([\s\S]*?)^```$/gm)].map(
  ([, kind = "", text = ""], at) => ({
    title: `example ${at + 1} (${kind})`,
    kind,
    text,
  }),
);

describe("the page about the language", () => {
  it.each(examples)("$title is valid", ({ kind, text }) => {
    const [use, part] = kind.split(" ");
    if (use === "validate") {
      const { definition, findings } = readDefinition({ text }, { schemas });
      expect(findings.filter((finding) => finding.severity === "error")).toEqual([]);
      expect(definition).toBeDefined();
      return;
    }
    expect(use).toBe("part");
    expect(allParts).toHaveProperty(String(part));
    const { definitions } = authoredSchema;
    const compiled = schemas.compile({
      allOf: [{ $ref: `#/definitions/${part}` }],
      definitions: definitions ?? {},
    });
    expect(compiled.ok && compiled.validate(JSON.parse(text))).toEqual([]);
  });

  it("says the same in its first two examples", () => {
    const [short, canonical] = examples.map(({ text }) => readDefinition({ text }, { schemas }).definition);
    expect(short).toEqual(canonical);
  });

  it("names every word of the closed lists", () => {
    const words = [...BASE_STATE_TYPES, ...ACTION_TYPES, ...TIMEOUT_STRATEGIES, ...TRIGGER_WORDS];
    expect(words.filter((word) => !page.includes(`\`${word}\``))).toEqual([]);
  });

  it("names every field of machines, states, transitions and actions", () => {
    const fields = [
      "CanonicalDefinition",
      "CanonicalState",
      "CanonicalTransition",
      "CanonicalAction",
    ].flatMap((name) => Object.keys(allParts[name]?.properties ?? {}));
    const missing = fields.filter(
      (field) => field !== "$schema" && !page.includes(`\`${field}`) && !page.includes(`${field}\``),
    );
    expect(missing).toEqual([]);
  });
});
