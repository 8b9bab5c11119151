/** Event sub-processes, escalations, ends that end a whole scope, and signals for many. */
import { afterEach, describe, expect, test } from "vitest";
import { type EngineBench, STORE_KINDS } from "../../kit/engine-bench.js";
import {
  activeStates,
  comeToRest,
  expectNothingPending,
  openExamples,
  recordsOf,
  sendAll,
  startExample,
  visitedStates,
} from "./example-bench.js";

const DAY_MS = 86_400_000;

describe.each(STORE_KINDS)("a ticket, on %s", (kind) => {
  let bench: EngineBench;
  afterEach(() => bench.close());

  async function open(...events: readonly string[]) {
    bench = await openExamples(kind, "charts/ticket");
    const instanceId = await startExample(bench, "ticket", { subject: "The printer is on fire" });
    return { instanceId, document: await sendAll(bench, instanceId, ...events) };
  }

  test("an event sub-process that does not interrupt runs beside the work, as often as it is asked for", async () => {
    const { instanceId, document } = await open("ask", "ask");
    expect(activeStates(document)).toEqual(["work", "answering", "answering"]);
    // An event is for every token that waits for it.
    expect(activeStates(await sendAll(bench, instanceId, "answer"))).toEqual(["work"]);
    const end = await sendAll(bench, instanceId, "solve");
    expect(end).toMatchObject({ status: "completed", currentState: "closed" });
    expect(visitedStates(end).filter((state) => state === "answering")).toHaveLength(2);
    await expectNothingPending(bench);
  });

  test("the scope is not done while an answer is owed", async () => {
    const { instanceId } = await open("ask");
    expect(activeStates(await sendAll(bench, instanceId, "solve"))).toEqual(["answering"]);
    expect((await sendAll(bench, instanceId, "answer")).status).toBe("completed");
  });

  test("an event sub-process that interrupts ends the rest of the scope", async () => {
    const { instanceId, document } = await open("ask", "withdraw");
    expect(activeStates(document)).toEqual(["tidying"]);
    expect((await bench.engine.pending(instanceId)).timers).toEqual([]);
    await expect(bench.engine.send(instanceId, "solve")).rejects.toMatchObject({ code: "NOT_ENABLED" });
    // Neither does another one begin.
    await expect(bench.engine.send(instanceId, "ask")).rejects.toMatchObject({ code: "NOT_ENABLED" });
    const end = await sendAll(bench, instanceId, "tidyUp");
    expect(end).toMatchObject({ status: "completed", currentState: "closed" });
    expect(visitedStates(end)).not.toContain("solved");
    await expectNothingPending(bench);
  });

  test("an escalation is caught without interrupting: the work and the review go on side by side", async () => {
    const { instanceId } = await open();
    await bench.clock.advanceBy(2 * DAY_MS);
    const document = await bench.engine.get(instanceId);
    expect(activeStates(document)).toEqual(["work", "review"]);
    expect(await recordsOf(bench, instanceId, "thrown")).toMatchObject([
      { state: "overdue", escalation: "late" },
    ]);
    expect(activeStates(await sendAll(bench, instanceId, "solve"))).toEqual(["review"]);
    const end = await sendAll(bench, instanceId, "reviewDone");
    expect(end.status).toBe("completed");
    expect(visitedStates(end)).toEqual(expect.arrayContaining(["escalated", "solved", "closed", "reviewed"]));
    await expectNothingPending(bench);
  });

  test("a ticket that is solved in time is never escalated", async () => {
    const { instanceId } = await open("solve");
    await bench.clock.advanceBy(10 * DAY_MS);
    expect(visitedStates(await bench.engine.get(instanceId))).not.toContain("overdue");
    await expectNothingPending(bench);
  });
});

describe.each(STORE_KINDS)("an end that terminates its scope, on %s", (kind) => {
  let bench: EngineBench;
  afterEach(() => bench.close());

  async function call(...events: readonly string[]) {
    bench = await openExamples(kind, "charts/plumber");
    const instanceId = await startExample(bench, "plumber");
    return sendAll(bench, instanceId, ...events);
  }

  test("calls off everybody else in the scope, and the machine goes on after it", async () => {
    expect(activeStates(await call())).toEqual(["ann", "bert", "cleo"]);
    await bench.close();
    const end = await call("annDeclines", "cleoAccepts");
    expect(end).toMatchObject({ status: "completed", currentState: "repaired", data: { plumber: "Cleo" } });
    expect(end.history.find(({ state }) => state === "bert")?.exitedAt).toBeDefined();
    await expectNothingPending(bench);
  });

  test("an end that does not terminate waits for the others", async () => {
    expect(activeStates(await call("annDeclines", "bertDeclines"))).toEqual(["cleo"]);
    await bench.close();
    const end = await call("annDeclines", "bertDeclines", "cleoDeclines");
    expect(end).toMatchObject({ status: "completed", currentState: "bucket" });
    expect(visitedStates(end).filter((state) => state === "declined")).toHaveLength(3);
    await expectNothingPending(bench);
  });
});

describe.each(STORE_KINDS)("a signal, on %s", (kind) => {
  const CUSTOMERS = 300;
  let bench: EngineBench;
  afterEach(() => bench.close());

  test("releases all who wait for it, and nobody else", async () => {
    bench = await openExamples(kind, "charts/preorder", "charts/release");
    const order = (album: string) => (_: unknown, index: number) =>
      startExample(bench, "preorder", { album, customer: `c${index}` });
    const waiting = await Promise.all(Array.from({ length: CUSTOMERS }, order("Blue")));
    const others = await Promise.all(Array.from({ length: 3 }, order("Red")));
    const [first = "", second = ""] = waiting;
    await sendAll(bench, first, "cancel");
    const release = await startExample(bench, "release", { album: "Blue" });
    expect((await sendAll(bench, release, "release")).status).toBe("completed");
    for (const instanceId of waiting.slice(1)) await bench.engine.waitFor(instanceId, { state: "shipping" });
    for (const instanceId of others) {
      expect(await bench.engine.get(instanceId)).toMatchObject({ currentState: "waiting", seq: 1 });
    }
    expect((await bench.engine.get(first)).currentState).toBe("givenBack");
    const shipped = await sendAll(bench, second, "ship");
    expect(visitedStates(shipped)).toEqual(["ordered", "waiting", "shipping", "shipped"]);
    await expectNothingPending(bench);
    // Whoever orders now has missed it: it is not kept for anybody.
    const late = await startExample(bench, "preorder", { album: "Blue", customer: "late" });
    await comeToRest(bench);
    expect((await bench.engine.get(late)).currentState).toBe("waiting");
  });

  test("from outside says how many took it, and acts once under its key", async () => {
    bench = await openExamples(kind, "charts/preorder");
    const instanceId = await startExample(bench, "preorder", { album: "Blue", customer: "ada" });
    const release = () =>
      bench.engine.signal("albumReleased", { data: { released: "Blue" }, idempotencyKey: "blue" });
    expect(await release()).toEqual({ taken: 1, started: [] });
    await sendAll(bench, instanceId, "ship");
    await release();
    expect((await bench.engine.get(instanceId)).status).toBe("completed");
    await expectNothingPending(bench);
  });
});
