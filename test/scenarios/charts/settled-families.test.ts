import { afterEach, describe, expect, test } from "vitest";
import { type EngineBench, openBench, STORE_KINDS } from "../../kit/engine-bench.js";
import { type ExampleName, exampleDefinition } from "./example-bench.js";

const CHILD_LATER = {
  id: "later",
  states: {
    waiting: { type: "initial", transitions: [{ target: "over", after: "PT1H" }] },
    over: { type: "final" },
  },
};
const GRANDPARENT = {
  id: "grand",
  states: {
    begin: { type: "initial", transitions: [{ target: "ordering", event: "go" }] },
    ordering: {
      type: "task",
      subMachine: { stateMachineId: "shopOrder", input: { amount: 80 } },
      transitions: [{ target: "end" }],
    },
    end: { type: "final" },
  },
};
const HOLDER = {
  id: "holder",
  states: {
    begin: { type: "initial", transitions: [{ target: "held", event: "go" }] },
    held: { type: "task", subMachine: { stateMachineId: "later" }, transitions: [{ target: "end" }] },
    end: { type: "final" },
  },
};

describe.each(STORE_KINDS)("on %s, an instance with children", (kind) => {
  let bench: EngineBench | undefined;

  async function open(...names: readonly ExampleName[]): Promise<EngineBench> {
    bench = await openBench(kind, [...names.map(exampleDefinition), CHILD_LATER, HOLDER, GRANDPARENT]);
    return bench;
  }

  afterEach(async () => {
    await bench?.close();
    bench = undefined;
  });

  test("is settled when its child waits for somebody, and theirs do", async () => {
    const { engine } = await open("children/shop-order", "children/payment");
    await engine.start("grand", { instanceId: "g" });
    await engine.send("g", "go", { wait: "settled", timeoutMs: 1000 });
    const [order] = await engine.list({ parentId: "g" });
    const [payment] = await engine.list({ parentId: order?.instanceId ?? "" });
    expect(payment).toMatchObject({ currentState: "authorising", status: "active" });
  });

  test("is settled when its child waits for its time", async () => {
    const { engine } = await open();
    await engine.start("holder", { instanceId: "h" });
    await engine.send("h", "go", { wait: "settled", timeoutMs: 1000 });
    expect(await engine.list({ parentId: "h" })).toHaveLength(1);
  });

  test("is not settled before its child has begun, worked and been counted", async () => {
    const { engine } = await open("children/shop-order", "children/payment");
    await engine.start("shopOrder", { instanceId: "o", data: { amount: 20 } });
    expect(await engine.waitFor("o", { settled: true })).toMatchObject({ status: "completed" });
    await engine.start("shopOrder", { instanceId: "p", data: { amount: 2000 } });
    expect(await engine.waitFor("p", { settled: true })).toMatchObject({ currentState: "otherMeans" });
  });

  test("is settled when all children of its list that have begun wait for somebody", async () => {
    const { engine } = await open("children/payroll", "children/payslip");
    const people = ["Ada", "Bob", "Cleo", "Dan"].map((name) => ({ name, gross: 4000 }));
    const { instanceId } = await engine.start("payroll", { data: { people } });
    await engine.waitFor(instanceId, { settled: true, timeoutMs: 1000 });
    const children = await engine.list({ parentId: instanceId });
    expect(children.map(({ currentState }) => currentState)).toEqual(["checking", "checking", "checking"]);
  });
});
