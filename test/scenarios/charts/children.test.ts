/** A child instance that brings its result, fails into its parent's error route, or is called off. */
import { afterEach, describe, expect, test } from "vitest";
import { type EngineBench, STORE_KINDS } from "../../kit/engine-bench.js";
import {
  childrenOf,
  comeToRest,
  expectNothingPending,
  openExamples,
  recordsOf,
  sendAll,
  startExample,
  visitedStates,
} from "./example-bench.js";

describe.each(STORE_KINDS)("a child, on %s", (kind) => {
  let bench: EngineBench;
  afterEach(() => bench.close());

  /** An order whose payment has begun. */
  async function order() {
    bench = await openExamples(kind, "children/shop-order", "children/payment");
    const instanceId = await startExample(bench, "shopOrder", { amount: 80 });
    return { instanceId, paymentId: await runningPayment(instanceId) };
  }

  async function runningPayment(instanceId: string): Promise<string> {
    await comeToRest(bench);
    const childId = (await bench.engine.snapshot(instanceId))?.tokens[0]?.child?.childId ?? "";
    expect((await bench.engine.get(childId)).currentState).toBe("authorising");
    return childId;
  }

  test("begins with the input and brings the output", async () => {
    const { instanceId, paymentId } = await order();
    expect(await bench.engine.get(paymentId)).toMatchObject({
      stateMachineId: "payment",
      parent: instanceId,
      data: { amount: 80 },
    });
    await bench.engine.send(paymentId, "authorise", { data: { authorisation: "A-1" } });
    const end = await bench.engine.waitFor(instanceId, { status: "completed" });
    expect(end).toMatchObject({ currentState: "paid", data: { amount: 80, authorisation: "A-1" } });
    expect(visitedStates(end)).toEqual(["placed", "payment", "paid"]);
    await expectNothingPending(bench);
  });

  test("that fails takes its parent's error route, and can be begun again", async () => {
    const { instanceId, paymentId } = await order();
    await bench.engine.send(paymentId, "decline");
    expect(await bench.engine.get(paymentId)).toMatchObject({ status: "error", currentState: "declined" });
    const asked = await bench.engine.waitFor(instanceId, { state: "otherMeans" });
    expect(asked).toMatchObject({
      status: "active",
      variables: { lastError: { errorCode: "CARD_DECLINED", failedState: "payment" } },
    });
    await bench.engine.send(instanceId, "tryAgain");
    const second = await runningPayment(instanceId);
    expect(second).not.toBe(paymentId);
    await bench.engine.send(second, "authorise", { data: { authorisation: "A-2" } });
    const end = await bench.engine.waitFor(instanceId, { status: "completed" });
    expect(end.data.authorisation).toBe("A-2");
    expect(visitedStates(end)).toEqual(["placed", "payment", "otherMeans", "payment", "paid"]);
    await expectNothingPending(bench);
  });

  test("that ends or fails at once needs nobody, and one that fails again takes the route again", async () => {
    bench = await openExamples(kind, "children/shop-order", "children/payment");
    const small = await startExample(bench, "shopOrder", { amount: 30 });
    const paid = await bench.engine.waitFor(small, { status: "completed" });
    expect(paid.data.authorisation).toBe("small-30");
    const large = await startExample(bench, "shopOrder", { amount: 5_000 });
    await bench.engine.waitFor(large, { state: "otherMeans" });
    await bench.engine.send(large, "tryAgain");
    await comeToRest(bench);
    expect(visitedStates(await bench.engine.get(large))).toEqual([
      "placed",
      "payment",
      "otherMeans",
      "payment",
      "otherMeans",
    ]);
    await expectNothingPending(bench);
  });

  test("is cancelled when its parent leaves, and cannot bring anything any more", async () => {
    const { instanceId, paymentId } = await order();
    const end = await sendAll(bench, instanceId, "cancel");
    expect(end).toMatchObject({ status: "completed", currentState: "cancelled" });
    await bench.engine.waitFor(paymentId, { status: "cancelled" });
    const late = bench.engine.send(paymentId, "authorise", { data: { authorisation: "late" } });
    await expect(late).rejects.toMatchObject({ code: "INSTANCE_ENDED" });
    await expectNothingPending(bench);
    // It still tells how it ended; nobody waits for that.
    expect(await recordsOf(bench, instanceId, "late-result")).toMatchObject([{ outcome: "failed" }]);
    expect(await bench.engine.get(instanceId)).toMatchObject({ status: "completed", data: end.data });
  });

  test("that an operator cancels fails for its parent, which is held by no error route for that code", async () => {
    const { instanceId, paymentId } = await order();
    await bench.engine.cancel(paymentId, { reason: "the bank is closed" });
    const end = await bench.engine.waitFor(instanceId, { status: "error" });
    expect(end).toMatchObject({
      currentState: "payment",
      variables: { lastError: { errorCode: "CHILD_CANCELLED" } },
    });
    await expectNothingPending(bench);
  });
});

describe.each(STORE_KINDS)("a list of children, on %s", (kind) => {
  const PEOPLE = ["ada", "bob", "cleo", "dan", "eve", "fay", "gus"].map((name, index) => ({
    name,
    gross: 1_000 + index,
  }));
  let bench: EngineBench;
  afterEach(() => bench.close());

  async function payroll(people = PEOPLE) {
    bench = await openExamples(kind, "children/payroll", "children/payslip");
    return startExample(bench, "payroll", { people });
  }

  /** The ids of the payslips that are being checked, in the order of their items. */
  async function underCheck(instanceId: string): Promise<readonly string[]> {
    await comeToRest(bench);
    const running = (await bench.engine.snapshot(instanceId))?.tokens[0]?.each?.running ?? [];
    const ids = running.map(({ childId }) => childId);
    for (const childId of ids) expect((await bench.engine.get(childId)).currentState).toBe("checking");
    return ids;
  }

  test("begins as many as may run at once, and the next when one is over", async () => {
    const instanceId = await payroll();
    const first = await underCheck(instanceId);
    expect(first).toHaveLength(3);
    expect(await childrenOf(bench, instanceId)).toHaveLength(3);
    await bench.engine.send(first[1] ?? "", "approve");
    const second = await underCheck(instanceId);
    expect(second).toHaveLength(3);
    expect(second.slice(0, 2)).toEqual([first[0], first[2]]);
    expect((await bench.engine.get(second[2] ?? "")).data.person).toBe("dan");
  });

  test("gives the results in the order of the items, whoever was over first", async () => {
    const instanceId = await payroll();
    for (
      let running = await underCheck(instanceId);
      running.length > 0;
      running = await underCheck(instanceId)
    ) {
      await bench.engine.send(running.at(-1) ?? "", "approve");
    }
    const end = await bench.engine.waitFor(instanceId, { status: "completed" });
    expect(end).toMatchObject({
      currentState: "transferred",
      data: { names: PEOPLE.map(({ name }) => name), paid: PEOPLE.map(({ gross }) => gross), total: 7_021 },
    });
    expect(await childrenOf(bench, instanceId)).toHaveLength(PEOPLE.length);
    await expectNothingPending(bench);
  });

  test("of which one fails beyond what is tolerated calls off the rest and begins no more", async () => {
    const instanceId = await payroll();
    const [first = "", ...others] = await underCheck(instanceId);
    await bench.engine.send(first, "reject");
    const end = await bench.engine.waitFor(instanceId, { status: "completed" });
    expect(end).toMatchObject({
      currentState: "stopped",
      variables: { lastError: { errorCode: "PAYSLIP_REJECTED" } },
    });
    await expectNothingPending(bench);
    for (const other of others) expect((await bench.engine.get(other)).status).toBe("cancelled");
    expect(await childrenOf(bench, instanceId)).toHaveLength(3);
  });

  test("that is empty is done at once, with empty results", async () => {
    const instanceId = await payroll([]);
    expect(await bench.engine.get(instanceId)).toMatchObject({
      status: "completed",
      data: { names: [], paid: [], total: 0 },
    });
    await expectNothingPending(bench);
  });
});

describe.each(STORE_KINDS)("a list with failures that are tolerated, on %s", (kind) => {
  let bench: EngineBench;
  afterEach(() => bench.close());

  /** Every third address of the first ones is too short. */
  const addresses = (count: number, wrong: number): readonly string[] =>
    Array.from({ length: count }, (_, index) =>
      index % 3 === 0 && index < 3 * wrong ? "?" : `street ${index}`,
    );

  test("goes on, with null in their places", async () => {
    bench = await openExamples(kind, "children/mailing", "children/letter");
    const list = addresses(400, 100);
    const instanceId = await startExample(bench, "mailing", { addresses: [...list] });
    const end = await bench.engine.waitFor(instanceId, { status: "completed" });
    expect(end.currentState).toBe("done");
    expect(end.data.receipts).toEqual(list.map((address) => (address === "?" ? null : `R-${address}`)));
    const failed = await bench.engine.list({ parentId: instanceId, status: "error", limit: 1_000 });
    expect(failed).toHaveLength(100);
    await expectNothingPending(bench);
  });

  test("ends with the first failure too many", async () => {
    bench = await openExamples(kind, "children/mailing", "children/letter");
    const instanceId = await startExample(bench, "mailing", { addresses: [...addresses(400, 101)] });
    const end = await bench.engine.waitFor(instanceId, { status: "error" });
    expect(end).toMatchObject({ currentState: "stopped", data: { errorCode: "ADDRESS_INCOMPLETE" } });
    await expectNothingPending(bench);
    const rows = await childrenOf(bench, instanceId);
    expect(rows.length).toBeLessThan(400);
    expect(rows.filter(({ status }) => status === "active")).toEqual([]);
  });
});
