import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Running, Workspace } from "./cli-process.js";
import { RecordingServer } from "./recording-server.js";

const ORDER_ID = "7d0e4f0a-5f0f-4f5e-9a58-0d2c1b3a4e5f";

let workspace: Workspace;
let server: RecordingServer;

beforeEach(async () => {
  workspace = new Workspace();
  server = await RecordingServer.listen();
});

afterEach(async () => {
  await workspace.dispose();
  await server.close();
});

function wholeLine(): string[] {
  return [
    "run",
    workspace.fixture("order.json"),
    ...server.rewrite,
    ...["--instance", "o-1", "--data", JSON.stringify({ orderId: ORDER_ID })],
    ...[
      "--event",
      'submit={"amount":10}',
      "--update",
      '{"approved":true,"approver":"ada"}',
      "--event",
      "arrive",
    ],
    ...["--actor", "eve", "--json"],
  ];
}

describe("the same line again", () => {
  test("repeats nothing: an instance that has ended is just printed", async () => {
    const first = await workspace.run(wholeLine());
    const requests = server.requests.length;
    const second = await workspace.run(wholeLine());
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(JSON.parse(second.stdout)).toEqual(JSON.parse(first.stdout));
    expect(server.requests).toHaveLength(requests);
  });

  test("tells which items were answered before, and sends what is new at its end", async () => {
    const line = wholeLine();
    const withoutArrive = line.filter((word, index) => word !== "arrive" && line[index + 1] !== "arrive");
    await workspace.run(withoutArrive);
    const second = await workspace.run(wholeLine());
    expect(second.code).toBe(0);
    expect(second.stderr).toMatch(/sent +event "submit", answered before: submit taken/);
    expect(second.stderr).toMatch(/sent +event "arrive": arrive taken/);
    expect(server.at("/check")).toHaveLength(1);
  });

  test("with another item at a place that was used says so", async () => {
    await workspace.run(wholeLine());
    const line = [
      "run",
      "order.json",
      ...server.rewrite,
      "--instance",
      "o-2",
      "--data",
      `{"orderId":"${ORDER_ID}"}`,
    ];
    await workspace.run([...line, "--update", '{"note":"a"}']);
    const finished = await workspace.run([...line, "--update", '{"note":"b"}', "--json"]);
    expect(finished.code).toBe(1);
    expect(JSON.parse(finished.stdout)).toMatchObject({ error: { code: "IDEMPOTENCY_MISMATCH" } });
  });

  test.each(["/check", "/ship", "/ship/done", "/thank", "/changed"])(
    "goes on where it was when the process was killed while %s was being called",
    async (path) => {
      server.behaviour = (request, count) => (request.path === path && count === 1 ? "hang" : 200);
      const killed = workspace.start(wholeLine());
      await Promise.race([server.seen(path), endedTooEarly(killed)]);
      killed.child.kill("SIGKILL");
      expect((await killed.finished).signal).toBe("SIGKILL");
      const finished = await workspace.run(wholeLine());
      expect(finished.code, finished.stderr).toBe(0);
      const document = JSON.parse(finished.stdout);
      expect(document).toMatchObject({ status: "completed", data: { amount: 10, approver: "ada" } });
      const states = (document.history as { state: string }[]).map(({ state }) => state);
      expect(states).toEqual(["draft", "checking", "approval", "shipping", "delivered"]);
      for (const action of ["/check", "/ship", "/thank"]) {
        const keys = new Set(server.at(action).map(({ idempotencyKey }) => idempotencyKey));
        expect(keys.size, `${action} under one key`).toBe(1);
      }
      // What had not been answered is sent again; what had been is not.
      expect(server.at(path).length).toBeGreaterThanOrEqual(2);
      if (path === "/ship" || path === "/thank") expect(server.at("/check")).toHaveLength(1);
      if (path === "/thank") expect(server.at("/ship")).toHaveLength(1);
      const verified = await workspace.run(["audit", "verify", "--json"]);
      expect(verified.code, verified.stdout + verified.stderr).toBe(0);
    },
  );

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s ends the run in order, with the line that goes on with it", async (signal, code) => {
    let release: (status: number) => void = () => {};
    server.behaviour = ({ path }) =>
      path === "/check"
        ? new Promise<number>((resolve) => {
            release = resolve;
          })
        : 200;
    const running = workspace.start(wholeLine());
    await Promise.race([server.seen("/check"), endedTooEarly(running)]);
    running.child.kill(signal);
    release(200);
    const stopped = await running.finished;
    expect(stopped.code).toBe(code);
    expect(JSON.parse(stopped.stdout)).toMatchObject({
      instanceId: "o-1",
      error: { code: "ENGINE_STOPPED" },
    });
    expect(stopped.stderr).toContain("Go on with: statewright run order.json");
    server.behaviour = () => 200;
    const finished = await workspace.run(wholeLine());
    expect(finished.code).toBe(0);
    expect(server.at("/ship")).toHaveLength(1);
  });
});

/** Fails with what the process said, instead of waiting for a request that cannot come any more. */
async function endedTooEarly({ finished }: Running): Promise<never> {
  const { code, stderr } = await finished;
  throw new Error(`The process ended before its time, with ${code}: ${stderr}`);
}
