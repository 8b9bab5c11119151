import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join, relative } from "node:path";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type InstalledPackage, installPackage, isBuilt, ROOT } from "./installed-package.js";

if (!isBuilt) console.warn("dist/ is absent: what is installed is not checked. Run: npm run build");

const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  readonly exports: { readonly [subpath: string]: string | { readonly default: string } };
};
const subpaths = Object.keys(manifest.exports);
const modules = subpaths.filter((subpath) => !subpath.endsWith(".json"));

/** What each module must at least have. */
const NAMES: { readonly [subpath: string]: readonly string[] } = {
  ".": ["createEngine", "sqlite", "memory", "typedEngine", "StatewrightError", "RefusedError"],
  "./http": ["createServer", "openGate"],
  "./core": ["step", "compileMachine", "readDefinition", "replay", "verifyAudit"],
  "./scxml": ["convertScxml"],
  "./testing": ["testEngine", "virtualClock", "seededRandom", "memory", "scriptedChannel"],
};

describe.skipIf(!isBuilt)("the installed package", () => {
  let place: InstalledPackage;
  beforeAll(() => {
    place = installPackage();
  });
  afterAll(() => place.remove());

  test.each(Object.entries(NAMES))("has its names under %s", (subpath, names) => {
    const name = `statewright${subpath.slice(1)}`;
    const printed = place.run(
      "names.js",
      `console.log(JSON.stringify(Object.keys(await import("${name}"))));`,
    );
    expect(JSON.parse(printed)).toEqual(expect.arrayContaining([...names]));
  });

  test.each(subpaths.filter((subpath) => subpath.endsWith(".json")))("gives %s as JSON", (subpath) => {
    const script = `import { createRequire } from "node:module";
console.log(typeof createRequire(import.meta.url)("statewright${subpath.slice(1)}"));`;
    expect(place.run("json.js", script)).toBe("object\n");
  });

  test("lets nothing be imported that is not published", () => {
    const script = `console.log((await import("statewright/dist/engine.js").catch((error) => error)).code);`;
    expect(place.run("hidden.js", script)).toBe("ERR_PACKAGE_PATH_NOT_EXPORTED\n");
  });

  test("runs a machine in memory on a virtual year, by its testing kit alone", () => {
    const script = `import { testEngine, completed } from "statewright/testing";
const { engine, clock, webhooks, close } = await testEngine({ definitions: [{ id: "year", states: {
  begin: { type: "initial", transitions: [{ target: "call", after: "P1Y" }] },
  call: { type: "task", entryActions: [{ actionId: "tell", trigger: { webhook: { url: "https://bank.example/tell" } },
    output: { told: "$response.body.told" } }], transitions: [{ target: "end" }] },
  end: { type: "final" } } }] });
webhooks.on("/tell", completed({ told: "yes" }));
const { instanceId } = await engine.start("year");
await clock.advanceBy(366 * 86_400_000);
const { status, data, lastUpdated } = await engine.get(instanceId);
console.log(status, data.told, lastUpdated.slice(0, 4), webhooks.requests.length);
await close();`;
    expect(place.run("year.js", script)).toBe("completed yes 2027 1\n");
  });
});

describe.skipIf(!isBuilt)("what the modules of the package pull in", () => {
  const graphs = new Map<string, readonly string[]>();
  beforeAll(async () => {
    for (const subpath of modules) graphs.set(subpath, await modulesBehind(subpath));
  });

  test("is known for each of them", () => {
    expect([...graphs.keys()].sort()).toEqual(Object.keys(NAMES).sort());
  });

  test.each(["./core", "./scxml"])("is no module of Node for %s, so that it runs in a browser", (subpath) => {
    const reached = graphs.get(subpath) ?? [];
    expect(reached.some((path) => path.startsWith("node_modules/acorn/"))).toBe(true);
    expect(reached.filter(isBuiltin)).toEqual([]);
  });

  test("is found when it is there: the engine reads files", () => {
    expect((graphs.get(".") ?? []).filter(isBuiltin)).toContain("fs/promises");
  });
});

/** Every module that can be reached from a subpath, through packages too, by its path. */
async function modulesBehind(subpath: string): Promise<readonly string[]> {
  const target = manifest.exports[subpath];
  const file = typeof target === "object" ? target.default : String(target);
  const { output } = await cruise([relative(".", file)], {
    baseDir: ROOT,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "require", "default"] },
  });
  const { modules: found } = output as ICruiseResult;
  return found.map(({ source }) => source);
}
