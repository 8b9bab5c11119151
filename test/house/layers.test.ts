import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cruiseLayers, type LayerViolation, layerReasons, layerRules, ROOT } from "./cruise-layers.js";
import { INNOCENT, PACKAGES, PLANTED } from "./planted-violations.js";

/** Every folder and file at the top of src that has a place in the rules. */
const LAYERS = [
  "channels",
  "cli",
  "console",
  "convert",
  "core",
  "diagram",
  "engine.ts",
  "http",
  "index.ts",
  "platform",
  "ports",
  "runtime",
  "simulate",
  "stores",
  "testing.ts",
  "typed",
  "validation.ts",
];

describe("the layers of src", () => {
  it("are kept by every import, type imports included", async () => {
    const { modules, violations } = await cruiseLayers(ROOT);
    expect(modules).toBeGreaterThan(50);
    expect(violations.map(({ rule, from, to }) => `${rule}: ${from} → ${to}`)).toEqual([]);
  });

  it("are all the folders that src has", () => {
    const unknown = readdirSync(join(ROOT, "src")).filter((name) => !LAYERS.includes(name));
    expect(unknown, "give a new folder of src its rule in .dependency-cruiser.cjs and name it here").toEqual(
      [],
    );
  });
});

describe("each layer rule", () => {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "statewright-layers-")));
  let violations: readonly LayerViolation[] = [];

  beforeAll(async () => {
    plant(directory);
    ({ violations } = await cruiseLayers(directory));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it("has a reason and a planted violation", async () => {
    const reasons = await layerReasons();
    expect(Object.keys(PLANTED).sort()).toEqual([...(await layerRules())].sort());
    expect([...reasons].filter(([, reason]) => reason.length < 20)).toEqual([]);
  });

  it.each(Object.entries(PLANTED))("catches what breaks it: %s", (rule, { file }) => {
    expect(violations.filter((violation) => violation.from === file).map((found) => found.rule)).toContain(
      rule,
    );
  });

  it("leaves what keeps it alone", () => {
    const planted = new Set(Object.values(PLANTED).map(({ file }) => file));
    const wronged = violations.filter(({ from }) => !planted.has(from));
    expect(wronged).toEqual([]);
  });
});

function plant(directory: string): void {
  const manifest = {
    name: "planted",
    type: "module",
    dependencies: Object.fromEntries(PACKAGES.dependencies.map((name) => [name, "1.0.0"])),
    devDependencies: Object.fromEntries(PACKAGES.devDependencies.map((name) => [name, "1.0.0"])),
  };
  write(directory, "package.json", JSON.stringify(manifest));
  for (const name of Object.values(PACKAGES).flat()) {
    write(directory, `node_modules/${name}/package.json`, JSON.stringify({ name, main: "index.js" }));
    write(directory, `node_modules/${name}/index.js`, "module.exports = {};\n");
  }
  for (const [file, text] of Object.entries(INNOCENT)) write(directory, file, text);
  for (const { file, text } of Object.values(PLANTED)) write(directory, file, text);
}

function write(directory: string, file: string, text: string): void {
  mkdirSync(dirname(join(directory, file)), { recursive: true });
  writeFileSync(join(directory, file), text);
}
