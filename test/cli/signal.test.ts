import { afterEach, beforeEach, expect, test } from "vitest";
import { Workspace } from "./cli-process.js";

let workspace: Workspace;

beforeEach(async () => {
  workspace = new Workspace();
  const files = [workspace.fixture("trader.json"), workspace.fixture("closing-report.json")];
  expect((await workspace.run(["publish", ...files])).code).toBe(0);
});

afterEach(() => workspace.dispose());

async function json(...words: string[]) {
  const { code, stdout } = await workspace.run([...words, "--json"]);
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

test("a signal reaches every instance that waits for it and starts what begins with it, once for a key", async () => {
  await json("start", "trader", "--instance", "t-1");
  await json("start", "trader", "--instance", "t-2");
  const data = '{"rate":4}';
  const first = await json("signal", "marketClosed", "--data", data, "--key", "k", "--actor", "ada");
  expect(first).toEqual({ signal: "marketClosed", taken: 2, started: [expect.any(String)] });
  expect(await json("show", "t-2")).toMatchObject({ status: "completed", data: { rate: 4 } });
  expect((await json("history", "t-2")).at(-1)).toMatchObject({ actor: "ada" });
  expect(await json("show", first.started[0])).toMatchObject({ status: "completed" });
  expect(await json("signal", "marketClosed", "--data", data, "--key", "k")).toEqual({
    signal: "marketClosed",
    taken: 0,
    started: first.started,
  });
  expect(await json("instances", "--machine", "closingReport")).toHaveLength(1);
});

test("for people it says how many took it and what began", async () => {
  await json("start", "trader", "--instance", "t-1");
  const { code, stdout } = await workspace.run(["signal", "marketClosed"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^marketClosed {2}taken by 1 instance\nmarketClosed {2}started \S+\n$/);
});

test("nobody who waits for it is no error, and what is no name is refused", async () => {
  expect(await json("signal", "unheardOf")).toEqual({ signal: "unheardOf", taken: 0, started: [] });
  const refused = await workspace.run(["signal", "", "--json"]);
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: "VALIDATION_FAILED" } });
  expect((await workspace.run(["signal"])).code).toBe(2);
});
