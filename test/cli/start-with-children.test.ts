import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Workspace } from "./cli-process.js";

const example = (name: string) =>
  fileURLToPath(new URL(`../../examples/children/${name}.json`, import.meta.url));

let workspace: Workspace;

beforeEach(() => {
  workspace = new Workspace();
});

afterEach(() => workspace.dispose());

test("an instance whose child waits for somebody is settled: start, send and run say so at once", async () => {
  await workspace.run(["publish", example("shop-order"), example("payment")]);
  const line = ["start", "shopOrder", "--instance", "o-1", "--data", '{"amount":80}', "--json"];
  const started = await workspace.run(line);
  expect(started.code).toBe(0);
  expect(JSON.parse(started.stdout)).toMatchObject({ isSettled: true });
  const ran = await workspace.run(["run", example("shop-order"), "--instance", "o-1"]);
  expect(ran.stderr).toContain(
    "or for its child o-1.1.0 (which waits for one of the events authorise, decline)",
  );
  const done = await workspace.run(["send", "o-1.1.0", "authorise", "--data", '{"authorisation":"A"}']);
  expect(done.code).toBe(0);
  const parent = await workspace.run(["show", "o-1", "--json"]);
  expect(JSON.parse(parent.stdout)).toMatchObject({ status: "completed", currentState: "paid" });
});
