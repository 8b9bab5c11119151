import { basename, dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { findMachineTraces } from "./machine-traces.js";
import { textOf, trackedFiles } from "./repository-files.js";

/** Source files that may be longer than the house likes, each with its reason. */
const LONG_FILES: { readonly [path: string]: string } = {};

const MOST_LINES = 400;
const MOST_FILES_IN_A_FOLDER = 15;
const EMPTY_NAMES = ["base", "common", "helpers", "manager", "types", "utils"];
const SOURCE = /\.(ts|mjs|cjs|js)$/;
const GENERATED = /\.generated\.ts$/;

const files = trackedFiles();
const sources = (files ?? []).filter((path) => SOURCE.test(path) && !GENERATED.test(path));

describe.skipIf(files === undefined)("the files of the repository", () => {
  it("hold no path of a machine, no registry host and no note of unfinished work", () => {
    expect((files ?? []).length).toBeGreaterThan(50);
    const traces = (files ?? []).flatMap((path) =>
      findMachineTraces(path, textOf(path) ?? "").map(({ line, found }) => `${path}:${line} ${found}`),
    );
    expect(traces).toEqual([]);
  });

  it(`have at most ${MOST_LINES} lines where they are source, apart from the exceptions with a reason`, () => {
    const long = sources
      .map((path) => ({ path, lines: (textOf(path) ?? "").split("\n").length - 1 }))
      .filter(({ path, lines }) => lines > MOST_LINES && !Object.hasOwn(LONG_FILES, path));
    expect(long).toEqual([]);
  });

  it("that are excepted from a rule are still there and still need it", () => {
    const lines = (path: string) =>
      sources.includes(path) ? (textOf(path) ?? "").split("\n").length - 1 : 0;
    expect(Object.keys(LONG_FILES).filter((path) => lines(path) <= MOST_LINES)).toEqual([]);
  });

  it(`stand in folders of src with at most ${MOST_FILES_IN_A_FOLDER} files, tests not counted`, () => {
    const counts = new Map<string, number>();
    for (const path of sources) {
      if (!path.startsWith("src/") || path.endsWith(".test.ts")) continue;
      counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
    }
    expect([...counts].filter(([, count]) => count > MOST_FILES_IN_A_FOLDER)).toEqual([]);
  });

  it("are named in kebab-case, and by what they hold", () => {
    const names = sources.map((path) => ({ path, name: basename(path).split(".")[0] ?? "" }));
    const wrong = names.filter(({ path, name }) => {
      if (basename(path).startsWith(".")) return false;
      return !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || EMPTY_NAMES.includes(name);
    });
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });
});

describe("the search for traces of a machine", () => {
  const lines = (text: string, path = "src/x.ts") => findMachineTraces(path, text).map(({ line }) => line);
  const at = (...parts: string[]) => ["", ...parts].join("/");

  it("finds homes and working directories by line", () => {
    expect(lines(`a\nopen("${at("home", "ada", "x")}")`)).toEqual([2]);
    expect(lines(at("Users", "ada", "x"))).toEqual([1]);
    expect(lines(`see ${at("root", "x")}`)).toEqual([1]);
    expect(lines(at("work", "x"))).toEqual([1]);
    expect(lines(`C:${"\\"}Users${"\\"}ada`)).toEqual([1]);
  });

  it("leaves addresses and relative paths alone", () => {
    expect(lines(`http://bank.example${at("home", "x")}`)).toEqual([]);
    expect(lines(`..${at("work", "x")}`)).toEqual([]);
    expect(lines(`docs${at("root", "x")}`)).toEqual([]);
  });

  it("finds registry hosts and notes of unfinished work", () => {
    expect(lines(`see https://registry.${"npmjs"}.org/a`, "docs/x.md")).toEqual([1]);
    expect(lines(`"resolved": "http://10.0.0.1/a.tgz"`, "package-lock.json")).toEqual([1]);
    expect(lines(`// ${["TO", "DO"].join("")}: later`)).toEqual([1]);
    expect(lines(`// ${["FIX", "ME"].join("")}`)).toEqual([1]);
    expect(lines("// a to-do list, a todo item")).toEqual([]);
  });

  it("asks the lock file alone where packages come from", () => {
    expect(lines('"resolved": "http://10.0.0.1/a.tgz"', "docs/x.md")).toEqual([]);
  });
});
