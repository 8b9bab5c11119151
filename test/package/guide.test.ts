/** The guide to embedding works when it is followed: each file of it is written, run or compiled, in its order. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readDefinition } from "../../src/core/definition/read-definition.js";
import { printMachineTypes } from "../../src/typed/print/print-machine-types.js";
import { sharedSchemaCompiler } from "../../src/validation.js";
import { typeChecker } from "../types/type-checker.js";
import { type InstalledPackage, installPackage, isBuilt, ROOT } from "./installed-package.js";

const guide = readFileSync(join(ROOT, "docs/guides/embed-the-engine.md"), "utf8");

/** A fenced block whose info string is a language and a file name, and what the block after it says is printed. */
const files = [
  ...guide.matchAll(/^```(\w+) (\S+)\n([\s\S]*?)^```\n(?:\n```text prints\n([\s\S]*?)^```\n)?/gm),
]
  .filter(([, language]) => language !== "text")
  .map(([, language = "", name = "", text = "", prints]) => ({ language, name, text, prints }));
const programs = files.filter(({ language }) => language === "js");
const typed = files.filter(({ language }) => language === "ts");
const definition = files.find(({ name }) => name === "ticket.json")?.text ?? "";

test("the guide to embedding has programs to run and programs to compile", () => {
  expect(programs.length).toBeGreaterThan(3);
  expect(programs.every(({ prints }) => prints !== undefined)).toBe(true);
  expect(typed.length).toBe(2);
});

describe.skipIf(!isBuilt)("the programs of the guide to embedding", () => {
  let place: InstalledPackage;
  beforeAll(() => {
    place = installPackage();
    writeFileSync(join(place.project, "ticket.json"), definition);
  });
  afterAll(() => place.remove());

  test.each(programs)("print what it says: $name", ({ name, text, prints }) => {
    expect(place.run(name, text)).toBe(prints);
  });
});

describe("the typed programs of the guide to embedding", () => {
  const { definition: ticket } = readDefinition({ text: definition }, { schemas: sharedSchemaCompiler() });
  const local = (text: string) => text.replaceAll('"statewright"', '"../../src/index.js"');
  const checker = typeChecker({
    ...Object.fromEntries(typed.map(({ name, text }) => [name, local(text)])),
    "ticket.types.ts": ticket === undefined ? "" : local(printMachineTypes([ticket])),
  });

  test.each(typed)("compile: $name", ({ name }) => {
    expect(checker.diagnose(name)).toEqual([]);
  });
});
