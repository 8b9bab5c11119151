import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { blocksOf, type DocumentBlock, isExpectedOutput } from "./document-blocks.js";
import { type DocumentPlace, documentPlace } from "./document-place.js";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const CLI = join(ROOT, "dist/cli/main.js");
const isBuilt = existsSync(CLI);
if (!isBuilt) console.warn("dist/ is absent: the documents are not run. Run: npm run build");

const documents = [
  ...(existsSync(join(ROOT, "README.md")) ? ["README.md"] : []),
  ...readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name))
    .sort(),
].map((path) => ({ path, blocks: blocksOf(readFileSync(join(ROOT, path), "utf8")) }));

describe("what the documents say", () => {
  for (const { path, blocks } of documents) {
    if (blocks.length === 0) {
      it(`has nothing to run in ${path}`, () => expect(blocks).toEqual([]));
      continue;
    }
    it.skipIf(!isBuilt)(
      `is what happens: ${path}, blocks: ${blocks.length}`,
      { timeout: 300_000 },
      async () => {
        const place = documentPlace(ROOT, CLI);
        try {
          for (const block of blocks) await check(place, path, block);
        } finally {
          place.close();
        }
      },
    );
  }
});

describe("the place of a document", () => {
  const inPlace = async (act: (place: DocumentPlace) => Promise<void>): Promise<void> => {
    const place = documentPlace(ROOT, CLI);
    try {
      await act(place);
    } finally {
      place.close();
    }
  };

  it("keeps files from one script to the next and stops at the first failing command", async () => {
    await inPlace(async (place) => {
      expect(await place.run("echo 1 > one && ls -d examples")).toMatchObject({
        exitCode: 0,
        stdout: "examples\n",
      });
      expect(await place.run("cat one; false; echo 2")).toMatchObject({ exitCode: 1, stdout: "1\n" });
    });
  });

  it("fails a document whose output differs, whose script fails or whose script should have failed", async () => {
    const run = { kind: "run", line: 7, script: "echo b", exitCode: 0 } as const;
    await inPlace(async (place) => {
      await check(place, "x.md", { ...run, output: "b" });
      await expect(check(place, "x.md", { ...run, output: "a" })).rejects.toThrow("x.md:7");
      await expect(check(place, "x.md", { ...run, script: "exit 3" })).rejects.toThrow("x.md:7");
      await expect(check(place, "x.md", { ...run, exitCode: 1 })).rejects.toThrow("x.md:7");
    });
  });

  it("ends what a script left running", async () => {
    let pid = 0;
    await inPlace(async (place) => {
      pid = Number((await place.run("sleep 1000 & echo $!")).stdout);
      expect(isRunning(pid)).toBe(true);
    });
    await expect.poll(() => isRunning(pid)).toBe(false);
  });
});

async function check(place: DocumentPlace, path: string, block: DocumentBlock): Promise<void> {
  const isRun = block.kind === "run";
  const script = isRun
    ? block.script
    : `statewright validate ${place.write("snippet.json", block.definition)}`;
  const result = await place.run(script);
  const expectedCode = isRun ? block.exitCode : 0;
  const about = `${path}:${block.line}\n${script}\n--- stdout\n${result.stdout}--- stderr\n${result.stderr}`;
  if (result.exitCode !== expectedCode) {
    throw new Error(`${about}--- exit code ${result.exitCode}, expected ${expectedCode}`);
  }
  if (isRun && block.output !== undefined && !isExpectedOutput(block.output, result.stdout)) {
    throw new Error(`${about}--- expected\n${block.output}`);
  }
}

/** A killed process may wait as a zombie for its new parent, which nobody else can do anything about. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return existsSync("/proc/self/stat") ? !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8")) : true;
  } catch {
    return false;
  }
}
