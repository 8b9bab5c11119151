/** A timer that comes again beside an open task, and a return to where a compound state was left. */
import { afterEach, describe, expect, test } from "vitest";
import { type EngineBench, STORE_KINDS } from "../../kit/engine-bench.js";
import {
  activeStates,
  expectNothingPending,
  openExamples,
  recordsOf,
  sendAll,
  startExample,
  visitedStates,
} from "./example-bench.js";

const DAY_MS = 86_400_000;

describe.each(STORE_KINDS)("a timer that does not interrupt, on %s", (kind) => {
  let bench: EngineBench;
  afterEach(() => bench.close());

  test("fires every day while the task stays open, and never after it", async () => {
    bench = await openExamples(kind, "charts/invoice");
    const instanceId = await startExample(bench, "invoice", { number: "17", amount: 120 });
    const { engine, clock } = bench;
    const { timers } = await engine.pending(instanceId);
    expect(timers.map(({ dueAtMs }) => dueAtMs)).toEqual([clock.now() + DAY_MS]);
    for (const day of [1, 2, 3]) {
      await clock.advanceBy(DAY_MS);
      const document = await engine.get(instanceId);
      expect(document).toMatchObject({ currentState: "approval", data: { reminders: day } });
      expect(activeStates(document)).toEqual(["approval"]);
    }
    const end = await sendAll(bench, instanceId, "approve");
    expect(end).toMatchObject({ status: "completed", currentState: "booked" });
    await expectNothingPending(bench);
    await clock.advanceBy(7 * DAY_MS);
    const after = await engine.get(instanceId);
    expect(after.data.reminders).toBe(3);
    expect(visitedStates(after).filter((state) => state === "reminder")).toHaveLength(3);
    // The task was open all the time: it was entered once, and its visit ends with the approval.
    expect(after.history.filter(({ state }) => state === "approval")).toMatchObject([
      { enteredAt: "2026-01-01T00:00:00.000Z", exitedAt: "2026-01-04T00:00:00.000Z" },
    ]);
    expect(await recordsOf(bench, instanceId, "timer-fired")).toHaveLength(3);
  });

  test("keeps its beat: reminders come at the same time of each day", async () => {
    bench = await openExamples(kind, "charts/invoice");
    const instanceId = await startExample(bench, "invoice", { number: "18", amount: 1 });
    await bench.clock.advanceBy(2.5 * DAY_MS);
    const reminders = (await bench.engine.get(instanceId)).history.filter(
      ({ state }) => state === "reminder",
    );
    expect(reminders.map(({ enteredAt }) => enteredAt)).toEqual([
      "2026-01-02T00:00:00.000Z",
      "2026-01-03T00:00:00.000Z",
    ]);
  });
});

describe.each(STORE_KINDS)("history, on %s", (kind) => {
  let bench: EngineBench;
  afterEach(() => bench.close());

  async function apply(...events: readonly string[]) {
    bench = await openExamples(kind, "charts/mortgage");
    const instanceId = await startExample(bench, "mortgage", { applicant: "ada" });
    return { instanceId, document: await sendAll(bench, instanceId, ...events) };
  }

  test("deep history comes back into every region, however deep", async () => {
    const { instanceId, document } = await apply("papersComplete", "salaryProven");
    expect(activeStates(document)).toEqual(["debts", "valuation"]);
    expect(activeStates(await sendAll(bench, instanceId, "hold"))).toEqual(["onHold"]);
    expect(activeStates(await sendAll(bench, instanceId, "goOn"))).toEqual(["debts", "valuation"]);
    const end = await sendAll(bench, instanceId, "debtsChecked", "valued", "registerRead", "offerMade");
    expect(end).toMatchObject({ status: "completed", currentState: "granted" });
    await expectNothingPending(bench);
  });

  test("a region that was done is done after the return", async () => {
    const { instanceId } = await apply("papersComplete", "salaryProven", "debtsChecked", "hold");
    expect(activeStates(await sendAll(bench, instanceId, "goOn"))).toEqual(["personChecked", "valuation"]);
    expect((await sendAll(bench, instanceId, "valued", "registerRead")).currentState).toBe("offer");
  });

  test("shallow history comes back into the stage, which begins again", async () => {
    const { instanceId } = await apply("papersComplete", "salaryProven", "valued", "hold");
    const document = await sendAll(bench, instanceId, "beginStageAgain");
    expect(activeStates(document)).toEqual(["salary", "valuation"]);
    expect(visitedStates(document).slice(-5)).toEqual([
      "onHold",
      "examination",
      "checks",
      "salary",
      "valuation",
    ]);
  });

  test("both come back to a simple state inside", async () => {
    const { instanceId } = await apply("hold");
    expect((await sendAll(bench, instanceId, "goOn")).currentState).toBe("papers");
    expect((await sendAll(bench, instanceId, "hold", "beginStageAgain")).currentState).toBe("papers");
  });

  test("what is left last counts", async () => {
    const { instanceId } = await apply("papersComplete", "hold", "goOn", "salaryProven", "hold");
    expect(activeStates(await sendAll(bench, instanceId, "goOn"))).toEqual(["debts", "valuation"]);
  });

  test("a state that is left for good leaves nothing behind", async () => {
    const { instanceId } = await apply("papersComplete", "withdraw");
    expect(await bench.engine.get(instanceId)).toMatchObject({
      status: "completed",
      currentState: "withdrawn",
    });
    await expectNothingPending(bench);
  });
});
