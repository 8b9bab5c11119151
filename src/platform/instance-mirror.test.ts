import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { workMachine } from "../../test/kit/definitions.js";
import { openBench } from "../../test/kit/engine-bench.js";
import { memory, memoryTables } from "../stores/memory/memory-store.js";

describe("the mirror of instances", () => {
  let directory = "";

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "statewright-mirror-"));
  });

  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  const files = (folder: string) => readdirSync(join(directory, folder));

  test("an instance stands in the folder of its status alone, and its file is its document", async () => {
    const bench = await openBench("memory", [workMachine()], { instancesDirectory: directory });
    await bench.engine.start("workMachine", { instanceId: "i1" });
    await expect.poll(() => files("active")).toEqual(["i1.json"]);
    await bench.engine.send("i1", "go");
    await bench.settle();
    await bench.close();
    expect([files("active"), files("completed"), files("error")]).toEqual([[], ["i1.json"], []]);
    const document = JSON.parse(readFileSync(join(directory, "completed", "i1.json"), "utf8")) as {
      status: string;
    };
    expect(document.status).toBe("completed");
  });

  test.each(["a/../b", "ä".repeat(120), "..", "x y"])(
    "an id such as %s makes one file inside the folder",
    async (instanceId) => {
      const bench = await openBench("memory", [workMachine()], { instancesDirectory: directory });
      await bench.engine.start("workMachine", { instanceId });
      await bench.close();
      expect(files("active").length).toBe(1);
      expect(readdirSync(directory).sort()).toEqual(["active", "completed", "error"]);
    },
  );

  test("what a crash left out or behind is brought up to date at the start, and strange files harm nobody", async () => {
    const tables = memoryTables();
    const first = await openBench("memory", [workMachine()], { store: memory(tables) });
    await first.engine.start("workMachine", { instanceId: "i1" });
    await first.engine.start("workMachine", { instanceId: "i2" });
    await first.engine.send("i2", "go");
    await first.settle();
    await first.close();
    mkdirSync(join(directory, "active"), { recursive: true });
    writeFileSync(join(directory, "active", "100%.json"), "{}");
    writeFileSync(join(directory, "active", "i2.json"), "{}");
    const second = await openBench("memory", [], { store: memory(tables), instancesDirectory: directory });
    await second.close();
    expect(existsSync(join(directory, "active", "i1.json"))).toBe(true);
    expect(existsSync(join(directory, "active", "i2.json"))).toBe(false);
    expect(files("completed")).toEqual(["i2.json"]);
  });
});
