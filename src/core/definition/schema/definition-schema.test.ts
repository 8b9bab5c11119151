import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { isJsonObject, type Json } from "../../json/json.js";
import { allParts, authoredSchema, publishedSchema } from "./definition-schema.js";

const repository = fileURLToPath(new URL("../../../..", import.meta.url));

describe("the schema of the language", () => {
  it("is what the published file and the generated types hold", () => {
    const check = () =>
      execFileSync(process.execPath, ["scripts/generate.mjs", "--check"], {
        cwd: repository,
        encoding: "utf8",
      });
    expect(check).not.toThrow();
  });

  it("is valid draft-07", () => {
    const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false });
    expect(() => ajv.compile(publishedSchema)).not.toThrow();
  });

  it("describes every property of every shape", () => {
    const silent: string[] = [];
    for (const [name, part] of Object.entries(allParts)) findSilent(name, part, silent);
    expect(silent).toEqual([]);
  });

  it("publishes no notes for the generation of types", () => {
    expect(JSON.stringify(authoredSchema)).not.toContain("tsType");
  });
});

function findSilent(path: string, part: Json, silent: string[]): void {
  if (!isJsonObject(part)) return;
  const { properties } = part;
  if (properties === undefined || !isJsonObject(properties)) return;
  for (const [name, property] of Object.entries(properties)) {
    if (!isJsonObject(property) || typeof property.description !== "string") silent.push(`${path}.${name}`);
    else findSilent(`${path}.${name}`, property, silent);
  }
}
