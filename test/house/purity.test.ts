import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ROOT } from "./cruise-layers.js";
import { findImpurities, type Purity } from "./find-impurities.js";

/** What stands inside the ports; folders that are not there yet are held to it from their first file. */
const PURE = [
  "src/core",
  "src/ports",
  "src/runtime",
  "src/convert",
  "src/diagram",
  "src/simulate",
  "src/engine.ts",
];
const TEST_SUPPORT = /(\.test|-fixture|-arbitrary)\.ts$/;
const CALENDAR = "src/core/instant.ts";

describe("the layers inside the ports", () => {
  it("know no clock, no randomness and nothing of the world but through ports, and the core is not asynchronous", () => {
    const files = PURE.flatMap(sourcesOf);
    expect(files.length).toBeGreaterThan(50);
    const impurities = findImpurities(
      files.map((file) => join(ROOT, file)),
      (file) => purityOf(relative(ROOT, file)),
    );
    expect(impurities.map(({ file, line, found }) => `${relative(ROOT, file)}:${line} ${found}`)).toEqual([]);
  });
});

describe("the search for impurities", () => {
  const directory = mkdtempSync(join(tmpdir(), "statewright-purity-"));
  afterAll(() => rmSync(directory, { recursive: true }));

  const search = (text: string, purity: Purity = { mayBeAsync: true, mayUseCalendar: false }): string[] => {
    const file = join(directory, "sample.ts");
    writeFileSync(file, text);
    return findImpurities([file], () => purity).map(({ line, found }) => `${line} ${found}`);
  };

  it.each([
    ["const a = 1;\nexport const now = Date.now();", ["2 Date.now"]],
    ["export const now = new Date();", ["1 Date"]],
    ["export const at: Date | undefined = undefined;", ["1 Date"]],
    ["export const roll = Math.random();", ["1 Math.random"]],
    ['export const roll = Math["random"]();', ["1 Math.random"]],
    ["export const { random } = Math;", ["1 Math.random"]],
    ["const host = globalThis as { Date: unknown };\nexport const clock = host.Date;", ["1 globalThis"]],
    ["export const wait = (f: () => void) => setTimeout(f, 1);", ["1 setTimeout"]],
    ["export const later = { setImmediate };", ["1 setImmediate"]],
    ["export const id = crypto.randomUUID();", ["1 crypto.randomUUID"]],
    ["export const home = process.env.HOME;", ["1 process.env"]],
    ["export const page = (fetcher = fetch) => fetcher;", ["1 fetch"]],
    ['import { readFileSync } from "node:fs";\nexport const read = readFileSync;', ["1 node:fs"]],
    ['export const os = import("node:os");', ["1 node:os"]],
    ['export type Server = import("node:net").Server;', ["1 node:net"]],
    ['export * from "node:path";', ["1 node:path"]],
    ['export const run = new Function("return 1");', ["1 Function"]],
  ])("finds %j", (text, expected) => {
    expect(search(text)).toEqual(expected);
  });

  it.each([
    "export const most = Math.max(1, 2);",
    "export const read = (process: { env: string }) => process.env;",
    "export const shape = { crypto: 1, fetch: 2, Date: 3 };\nexport const sum = shape.crypto + shape.fetch + shape.Date;",
    "export interface Clock { performance(): number; setTimeout: string }",
    'export const sentence = "new Date() and Math.random()"; // Date.now()',
    "const { fetch } = { fetch: 1 };\nexport const fetched = fetch;",
  ])("leaves %j alone", (text) => {
    expect(search(text)).toEqual([]);
  });

  it("lets a calendar read and write instants, but never ask for the present", () => {
    const calendar: Purity = { mayBeAsync: false, mayUseCalendar: true };
    expect(search("export const text = (ms: number) => new Date(ms).toISOString();", calendar)).toEqual([]);
    expect(search("export const now = new Date();", calendar)).toEqual(["1 Date"]);
    expect(search("export const now = Date.now();", calendar)).toEqual(["1 Date.now"]);
    expect(search("export const clock = Date;", calendar)).toEqual(["1 Date"]);
  });

  it.each([
    "export async function load() {}",
    "export const done = Promise.resolve(1);",
    "export const done = (f: () => Promise<void>) => f;",
    'export const late = import("./other.js");',
  ])("finds asynchrony in %j where there must be none", (text) => {
    expect(search(text, { mayBeAsync: false, mayUseCalendar: false })).toEqual(["1 asynchrony"]);
    expect(search(text)).toEqual([]);
  });
});

function purityOf(file: string): Purity {
  return { mayBeAsync: !file.startsWith("src/core/"), mayUseCalendar: file === CALENDAR };
}

function sourcesOf(path: string): string[] {
  const place = join(ROOT, path);
  if (!existsSync(place)) return [];
  if (statSync(place).isFile()) return [path];
  return readdirSync(place, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !TEST_SUPPORT.test(name))
    .map((name) => join(path, name))
    .sort();
}
