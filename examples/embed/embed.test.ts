import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const PROGRAM = fileURLToPath(new URL("./embed.mjs", import.meta.url));
const isBuilt = existsSync(new URL("../../dist/index.js", import.meta.url));
if (!isBuilt) console.warn("dist/ is absent: the example is not run. Run: npm run build");

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "statewright-embed-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

async function run(orderId: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, orderId], { cwd: directory });
  return stdout;
}

describe.skipIf(!isBuilt)("the example of embedding", () => {
  test("prints what its README says, and the second time does nothing again", async () => {
    const readme = readFileSync(new URL("./README.md", import.meta.url), "utf8");
    const said = /^prints\n\n((?: {4}.*\n)+)/m.exec(readme)?.[1]?.replace(/^ {4}/gm, "");
    expect(await run("order-1")).toBe(said);
    expect(await run("order-1")).toBe("completed: 120 for lamp × 3\n");
  });

  test("runs any number of orders in one file", async () => {
    expect(await run("a")).toContain("completed");
    expect(await run("b")).toContain("pricing, key b/2.0/price");
  });
});
