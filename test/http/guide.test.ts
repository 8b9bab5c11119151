import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type HttpBench, openHttpBench } from "../kit/http-bench.js";

const guide = readFileSync(new URL("../../docs/guides/run-a-server.md", import.meta.url), "utf8");
const run = promisify(execFile);

let bench: HttpBench;
beforeAll(async () => {
  bench = await openHttpBench();
});
afterAll(() => bench.close());

it("the curl commands of the guide publish, start and send", async () => {
  const blocks = [...guide.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text = ""]) => text);
  const commands = blocks.filter((text) => text.startsWith("curl -s")).join("\n");
  const { stdout } = await run("bash", [
    "-ec",
    commands.replaceAll("http://127.0.0.1:7400", bench.server.url),
  ]);
  expect(stdout).toContain('"outcome":"published"');
  expect(stdout).toContain('"outcome":"started"');
  expect(stdout).toContain('"outcome":"taken"');
  expect((await bench.engine.get("d-1")).status).toBe("completed");
});
