import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/core/json/json.js";
import {
  createEngine,
  DefinitionInvalidError,
  type EngineEvents,
  memory,
  RefusedError,
  StatewrightError,
} from "../../src/index.js";
import { webhookAction, workMachine } from "../kit/definitions.js";
import { type EngineBench, openBench, STORE_KINDS } from "../kit/engine-bench.js";
import { failed, never, ok } from "../kit/scripted-channel.js";

/** init --go--> work (entry action `work`) --also--> side; automatically to `rest` or `done` as the variable `next` says. */
const busy: JsonObject = {
  id: "busy",
  states: {
    init: { type: "initial", transitions: [{ target: "work", event: "go" }] },
    work: {
      type: "task",
      entryActions: [webhookAction("work")],
      transitions: [
        { target: "rest", condition: "variables.next == 'rest'" },
        { target: "done", condition: "variables.next == 'done'" },
        { target: "side", event: "also" },
      ],
    },
    rest: { type: "userTask", transitions: [{ target: "side", event: "leave" }] },
    side: { type: "userTask", transitions: [{ target: "done", event: "leave" }] },
    done: { type: "final" },
  },
};

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StatewrightError);
  return (error as StatewrightError).code;
}

describe.each(STORE_KINDS)("the library on the %s store", (kind) => {
  let bench: EngineBench;
  const open = async (...machines: Parameters<typeof openBench>[1]) => {
    bench = await openBench(kind, machines);
    return bench;
  };
  afterEach(() => bench.close());

  test("waits for a status and gives the instance as it was then, with its history", async () => {
    const { engine, clock } = await open(workMachine());
    const { instanceId } = await engine.start("workMachine");
    const waiting = engine.waitFor(instanceId, { status: "completed" });
    await engine.send(instanceId, "go");
    await clock.advanceBy(0);
    const done = await waiting;
    expect(done).toMatchObject({ status: "completed", currentState: "done" });
    expect(done.history.map(({ state }) => state)).toEqual(["init", "work", "done"]);
    expect(await engine.history(instanceId)).toEqual(done.history);
  });

  test("waits for a state, and gives the history up to it although the instance has gone on", async () => {
    const { engine, clock } = await open(workMachine());
    const { instanceId } = await engine.start("workMachine");
    const waiting = engine.waitFor(instanceId, { state: ["work", "failed"] });
    await engine.send(instanceId, "go");
    await clock.advanceBy(0);
    const there = await waiting;
    expect(there.currentState).toBe("work");
    expect(there.history.map(({ state, exitedAt }) => [state, exitedAt === undefined])).toEqual([
      ["init", false],
      ["work", true],
    ]);
  });

  test("rejects a wait whose time is up, and says where the instance is", async () => {
    const { engine, clock } = await open(workMachine());
    const { instanceId } = await engine.start("workMachine");
    const waiting = engine.waitFor(instanceId, { status: "completed", timeoutMs: 5_000 });
    const outcome = expect(waiting).rejects.toMatchObject({
      code: "WAIT_TIMEOUT",
      message: expect.stringMatching(
        /status "completed" did not come within 5000 ms; it is active in state "init"/,
      ),
    });
    await clock.advanceBy(5_000);
    await outcome;
    expect(clock.pending()).toBeLessThan(3);
  });

  test("rejects a wait for what cannot come any more, as soon as the instance has ended otherwise", async () => {
    const { engine, clock, channel } = await open(workMachine());
    channel.on("/work", () => failed("no money", true));
    const { instanceId } = await engine.start("workMachine");
    const waiting = engine.waitFor(instanceId, { status: "completed", timeoutMs: Number.POSITIVE_INFINITY });
    const outcome = expect(waiting).rejects.toMatchObject({
      code: "INSTANCE_ENDED",
      message: expect.stringContaining('it is error in state "failed"'),
    });
    await engine.send(instanceId, "go");
    await clock.advanceBy(0);
    await outcome;
    expect(await codeOf(engine.waitFor(instanceId, { state: "init" }))).toBe("INSTANCE_ENDED");
    expect((await engine.waitFor(instanceId, { status: ["completed", "error"] })).status).toBe("error");
  });

  test("does not wait for an instance that is not there, for nothing, or in an engine that has stopped", async () => {
    const { engine } = await open(workMachine());
    expect(await codeOf(engine.waitFor("nobody", { status: "completed" }))).toBe("INSTANCE_UNKNOWN");
    expect(await codeOf(engine.waitFor("nobody", {}))).toBe("USAGE");
    const { instanceId } = await engine.start("workMachine");
    const other = await createEngine({ store: memory(), definitions: [workMachine()] });
    const there = await other.start("workMachine");
    const waiting = codeOf(other.waitFor(there.instanceId, { status: "completed" }));
    await other[Symbol.asyncDispose]();
    expect(await waiting).toBe("ENGINE_STOPPED");
    expect((await engine.waitFor(instanceId, { settled: true })).currentState).toBe("init");
  });

  /** Sends `also` while `work` is under way, and lets `work` end. */
  async function sendWhileBusy(next: string) {
    const { engine, clock, channel } = await open(busy);
    let finish: () => void = () => {};
    channel.on(
      "/work",
      () =>
        new Promise((resolve) => {
          finish = () => resolve(ok());
        }),
    );
    const { instanceId } = await engine.start("busy", { variables: { next } });
    await engine.send(instanceId, "go");
    const request = { wait: "settled", idempotencyKey: "k" } as const;
    const sending = engine.send(instanceId, "also", request);
    sending.catch(() => undefined);
    await clock.advanceBy(0);
    finish();
    await clock.advanceBy(0);
    return { instanceId, sending, again: () => engine.send(instanceId, "also", request) };
  }

  test("answers an event that was kept with the transition it took, when it is waited for, also when it is sent again", async () => {
    const { sending, again } = await sendWhileBusy("nowhere");
    const answer = { outcome: "taken", transitionId: "workToSide", from: "work", to: "side", seq: 4 };
    expect(await sending).toEqual({ isRepeated: false, answer });
    expect(await again()).toEqual({ isRepeated: true, answer });
  });

  test("refuses an event that was kept and discarded, when it is waited for, also when it is sent again", async () => {
    const { sending, again } = await sendWhileBusy("rest");
    for (const refused of [sending, again()]) {
      await expect(refused).rejects.toBeInstanceOf(RefusedError);
      await expect(refused).rejects.toMatchObject({
        code: "NOT_ENABLED",
        message: expect.stringContaining('Event "also" was kept, and discarded when its turn came'),
      });
    }
  });

  test("refuses an event that was kept when the instance ends before its turn", async () => {
    const { sending } = await sendWhileBusy("done");
    await expect(sending).rejects.toMatchObject({ code: "INSTANCE_ENDED" });
  });

  test("leaves an event sent when the wait for it is over", async () => {
    const { engine, clock, channel } = await open(busy);
    channel.on("/work", never);
    const { instanceId } = await engine.start("busy");
    await engine.send(instanceId, "go");
    const late = codeOf(engine.send(instanceId, "also", { wait: "settled", timeoutMs: 1_000 }));
    await clock.advanceBy(1_000);
    expect(await late).toBe("WAIT_TIMEOUT");
    expect((await engine.snapshot(instanceId))?.kept).toMatchObject([{ eventId: "also" }]);
  });

  test("tells listeners of transitions, ends and incidents after the commit, in order, until they are ended", async () => {
    const { engine, clock, channel } = await open(workMachine({ onError: "notify" }));
    channel.on("/work", (attempt) => (attempt === 1 ? failed("closed", true) : ok()));
    const told: string[] = [];
    const off = [
      engine.on("transition", ({ transitionId, from, to, event }) =>
        told.push(`${transitionId} ${from} ${to} ${event}`),
      ),
      engine.on("incident", ({ change, incident }) => told.push(`${change} ${incident.code}`)),
      engine.on("completed", ({ state, seq, actor }) => told.push(`completed ${state} ${seq} ${actor}`)),
      engine.on("committed", ({ snapshot }) => told.push(`seq ${snapshot.seq}`)),
    ];
    const { instanceId } = await engine.start("workMachine", { actor: "ada" });
    await engine.send(instanceId, "go");
    await clock.advanceBy(0);
    await engine.retry(instanceId);
    await clock.advanceBy(0);
    expect(told).toEqual([
      "seq 1",
      "go init work go",
      "seq 2",
      "opened ACTION_FAILED",
      "seq 3",
      "closed ACTION_FAILED",
      "seq 4",
      "finish work done undefined",
      "completed done 5 system",
      "seq 5",
    ]);
    for (const end of off) end();
    await engine.start("workMachine");
    expect(told).toHaveLength(10);
  });

  test("tells of an instance that ended in error, with the code", async () => {
    const { engine, clock, channel } = await open(workMachine());
    channel.on("/work", () => failed("no money", true));
    const errors: EngineEvents["error"][] = [];
    engine.on("error", (event) => errors.push(event));
    const { instanceId } = await engine.start("workMachine");
    await engine.send(instanceId, "go");
    await clock.advanceBy(0);
    expect(errors).toMatchObject([
      { instanceId, state: "failed", code: "ACTION_FAILED", stateMachineId: "workMachine" },
    ]);
  });

  test("is not harmed by a listener that throws or rejects", async () => {
    const { engine, clock } = await open(workMachine());
    const told: string[] = [];
    engine.on("transition", () => {
      throw new Error("listener");
    });
    engine.on("transition", () => Promise.reject(new Error("listener")));
    engine.on("transition", ({ transitionId }) => told.push(transitionId));
    const { instanceId } = await engine.start("workMachine");
    await engine.send(instanceId, "go");
    await clock.advanceBy(0);
    expect(told).toEqual(["go", "finish"]);
  });

  test("lists 100 instances where no limit is given", async () => {
    const { engine } = await open(workMachine());
    await engine.start("workMachine");
    expect(await engine.list()).toHaveLength(1);
    expect(await engine.list({ stateMachineId: "other" })).toEqual([]);
  });
});

describe("definitions that an engine is given", () => {
  let directory = "";
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "statewright-library-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  test("may be a path, a file address, a text or parsed JSON", async () => {
    const path = join(directory, "a.json");
    const named = (stateMachineId: string) => ({ ...workMachine(), stateMachineId });
    writeFileSync(path, JSON.stringify(named("a")));
    const other = join(directory, "b.json");
    writeFileSync(other, JSON.stringify(named("b")));
    await using engine = await createEngine({
      store: memory(),
      definitions: [path, pathToFileURL(other), `\n ${JSON.stringify(named("c"))}`, named("d")],
    });
    expect((await engine.definitions()).map(({ stateMachineId }) => stateMachineId)).toEqual([
      "a",
      "b",
      "c",
      "d",
    ]);
  });

  test("are named when they cannot be read or are not valid", async () => {
    const absent = createEngine({ store: memory(), definitions: [join(directory, "absent.json")] });
    await expect(absent).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringContaining("absent.json"),
    });
    const path = join(directory, "wrong.json");
    writeFileSync(path, '{ "id": "wrong" }');
    const wrong = createEngine({ store: memory(), definitions: [path] });
    await expect(wrong).rejects.toBeInstanceOf(DefinitionInvalidError);
    await expect(wrong).rejects.toThrow("wrong.json");
  });
});
