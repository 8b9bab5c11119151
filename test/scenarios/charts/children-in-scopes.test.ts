/** Children inside compound and parallel states: whoever leaves a scope calls off all that runs in it, and only that. */
import { afterEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/core/json/json.js";
import { type EngineBench, openBench, STORE_KINDS } from "../../kit/engine-bench.js";
import {
  activeStates,
  childrenOf,
  comeToRest,
  exampleDefinition,
  expectNothingPending,
  sendAll,
  startExample,
  visitedStates,
} from "./example-bench.js";

/** A payment of 80, which waits for its holder. */
const PAYMENT: JsonObject = {
  type: "task",
  subMachine: {
    stateMachineId: "payment",
    input: { amount: 80 },
    output: { authorisation: "$response.authorisation" },
  },
};

/** A payslip for each of `data.people`, which waits for an accountant. */
const PAYSLIPS: JsonObject = {
  type: "task",
  forEach: {
    items: "$data.people",
    as: "one",
    concurrency: 2,
    subMachine: {
      stateMachineId: "payslip",
      input: { person: "$data.one", gross: 1 },
      output: { paid: "$response.person" },
    },
  },
};

function machine(states: JsonObject): JsonObject {
  return {
    id: "scopes",
    states: { begun: { type: "initial", transitions: [{ target: "all" }] }, ...states },
  };
}

const task = (...transitions: readonly JsonObject[]): JsonObject => ({
  type: "userTask",
  transitions: [...transitions],
});

/** Two regions: a payment, payslips; and what the parallel state does besides. */
function sideBySide(transitions: readonly JsonObject[], more: JsonObject = {}): JsonObject {
  return machine({
    all: {
      type: "parallel",
      regions: [
        {
          regionId: "money",
          initial: "paying",
          states: { paying: { ...PAYMENT, transitions: [{ target: "paidIn" }] }, paidIn: { type: "final" } },
        },
        {
          regionId: "people",
          initial: "payslips",
          states: {
            payslips: { ...PAYSLIPS, transitions: [{ target: "paidOut" }] },
            paidOut: { type: "final" },
          },
        },
      ],
      transitions: [{ target: "done" }, ...transitions],
    },
    done: { type: "final" },
    ...more,
  });
}

describe.each(STORE_KINDS)("children in scopes, on %s", (kind) => {
  let bench: EngineBench;
  afterEach(() => bench.close());

  /** The instance, and the children that it runs, once all of them wait for somebody. */
  async function begin(definition: JsonObject, data: JsonObject = { people: ["ada", "bob", "cleo"] }) {
    bench = await openBench(kind, [
      definition,
      exampleDefinition("children/payment"),
      exampleDefinition("children/payslip"),
    ]);
    const instanceId = await startExample(bench, "scopes", data);
    return { instanceId, children: await running(instanceId) };
  }

  /** The ids of the children that run. */
  async function running(instanceId: string): Promise<readonly string[]> {
    await comeToRest(bench);
    const tokens = (await bench.engine.snapshot(instanceId))?.tokens ?? [];
    const runs = tokens.flatMap(({ child, each }) => [
      ...(child === undefined ? [] : [child]),
      ...(each?.running ?? []),
    ]);
    return runs.map(({ childId }) => childId);
  }

  async function statusesOf(instanceId: string): Promise<readonly string[]> {
    await expectNothingPending(bench);
    return (await childrenOf(bench, instanceId)).map(({ status }) => status);
  }

  test("regions run a child and a list at the same time, and keep what both bring", async () => {
    const { instanceId, children } = await begin(sideBySide([]));
    const [payment = "", ...payslips] = children;
    expect(payslips).toHaveLength(2);
    for (const payslip of payslips) await bench.engine.send(payslip, "approve");
    await bench.engine.send(payment, "authorise", { data: { authorisation: "A" } });
    for (const last of await running(instanceId)) await bench.engine.send(last, "approve");
    const end = await bench.engine.waitFor(instanceId, { status: "completed" });
    expect(end).toMatchObject({
      currentState: "done",
      data: { authorisation: "A", paid: ["ada", "bob", "cleo"] },
    });
    expect(await statusesOf(instanceId)).toEqual(["completed", "completed", "completed", "completed"]);
  });

  test("an event that leaves the parallel state calls off the children of all regions", async () => {
    const { instanceId } = await begin(
      sideBySide([{ target: "stopped", event: "stop" }], { stopped: { type: "final" } }),
    );
    const end = await sendAll(bench, instanceId, "stop");
    expect(end).toMatchObject({ status: "completed", currentState: "stopped" });
    expect(await statusesOf(instanceId)).toEqual(["cancelled", "cancelled", "cancelled"]);
  });

  test("a child that fails can be caught by the state around, whose other children are called off", async () => {
    const { instanceId, children } = await begin(
      sideBySide([{ target: "stopped", event: "error.CARD_DECLINED" }], { stopped: { type: "final" } }),
    );
    await bench.engine.send(children[0] ?? "", "decline");
    const end = await bench.engine.waitFor(instanceId, { status: "completed" });
    expect(end.currentState).toBe("stopped");
    expect(await statusesOf(instanceId)).toEqual(["error", "cancelled", "cancelled"]);
  });

  test("cancelling the parent cancels its children", async () => {
    const { instanceId } = await begin(sideBySide([]));
    await bench.engine.cancel(instanceId, { reason: "enough" });
    expect((await bench.engine.get(instanceId)).status).toBe("cancelled");
    expect(await statusesOf(instanceId)).toEqual(["cancelled", "cancelled", "cancelled"]);
  });

  test("a failure that nobody catches ends the parent and calls off its other children", async () => {
    const { instanceId, children } = await begin(sideBySide([]));
    await bench.engine.send(children[0] ?? "", "decline");
    const end = await bench.engine.waitFor(instanceId, { status: "error" });
    expect(end.variables.lastError).toMatchObject({ errorCode: "CARD_DECLINED" });
    expect(await statusesOf(instanceId)).toEqual(["error", "cancelled", "cancelled"]);
  });

  test("a timer that leaves the state calls its children off", async () => {
    const { instanceId } = await begin(
      sideBySide([{ target: "late", after: "P1D" }], { late: { type: "final" } }),
    );
    await bench.clock.advanceBy(86_400_000);
    expect((await bench.engine.get(instanceId)).currentState).toBe("late");
    expect(await statusesOf(instanceId)).toEqual(["cancelled", "cancelled", "cancelled"]);
  });

  test("an end that terminates its scope calls off the children beside it, and the instance goes on", async () => {
    const { instanceId } = await begin(
      machine({
        all: {
          type: "compound",
          initial: "both",
          states: {
            both: { type: "fork", transitions: [{ target: "payslips" }, { target: "waiting" }] },
            payslips: { ...PAYSLIPS, transitions: [{ target: "paidOut" }] },
            paidOut: { type: "final" },
            waiting: task({ target: "enough", event: "enough" }),
            enough: { type: "final", terminate: true },
          },
          transitions: [{ target: "after" }],
        },
        after: task({ target: "done", event: "finish" }),
        done: { type: "final" },
      }),
    );
    expect((await sendAll(bench, instanceId, "enough")).currentState).toBe("after");
    expect(await statusesOf(instanceId)).toEqual(["cancelled", "cancelled"]);
    expect((await sendAll(bench, instanceId, "finish")).status).toBe("completed");
  });

  test("an event sub-process that interrupts calls off the list, of which no further item begins", async () => {
    const { instanceId } = await begin(
      machine({
        all: {
          type: "compound",
          initial: "payslips",
          states: {
            payslips: { ...PAYSLIPS, transitions: [{ target: "paidOut" }] },
            paidOut: { type: "final" },
            strike: {
              type: "compound",
              triggeredBy: { event: "strike", interrupts: true },
              initial: "talks",
              states: { talks: task({ target: "agreed", event: "agree" }), agreed: { type: "final" } },
            },
          },
          transitions: [{ target: "done" }],
        },
        done: { type: "final" },
      }),
    );
    expect(activeStates(await sendAll(bench, instanceId, "strike"))).toEqual(["talks"]);
    expect(await statusesOf(instanceId)).toEqual(["cancelled", "cancelled"]);
    expect((await sendAll(bench, instanceId, "agree")).status).toBe("completed");
  });

  test("history comes back to a state with a child by running it again", async () => {
    const { instanceId, children } = await begin(
      machine({
        all: {
          type: "compound",
          initial: "asking",
          states: {
            asking: task({ target: "paying", event: "ask" }),
            paying: { ...PAYMENT, transitions: [{ target: "paidIn" }] },
            paidIn: { type: "final" },
          },
          transitions: [{ target: "done" }, { target: "held", event: "hold" }],
        },
        held: task({ target: "all", event: "goOn", history: "deep" }),
        done: { type: "final" },
      }),
    );
    expect(children).toEqual([]);
    // Each waits for a child that is under way, so that it does not settle: what counts is that the event is taken.
    await bench.engine.send(instanceId, "ask");
    const [first = ""] = await running(instanceId);
    await bench.engine.send(instanceId, "hold");
    await comeToRest(bench);
    await bench.engine.send(instanceId, "goOn");
    const [second = ""] = await running(instanceId);
    expect(second).not.toBe(first);
    await bench.engine.send(second, "authorise", { data: { authorisation: "B" } });
    const end = await bench.engine.waitFor(instanceId, { status: "completed" });
    expect(end.data.authorisation).toBe("B");
    expect(visitedStates(end)).toEqual([
      "begun",
      "all",
      "asking",
      "paying",
      "held",
      "all",
      "paying",
      "paidIn",
      "done",
    ]);
    expect(await statusesOf(instanceId)).toEqual(["cancelled", "completed"]);
  });

  test("a child whose data its machine refuses has failed, and never begins", async () => {
    const { instanceId } = await begin(
      sideBySide([{ target: "stopped", event: "error.VALIDATION_FAILED" }], { stopped: { type: "final" } }),
      { people: [17] },
    );
    const end = await bench.engine.waitFor(instanceId, { status: "completed" });
    expect(end.currentState).toBe("stopped");
    expect(await statusesOf(instanceId)).toEqual(["cancelled"]);
  });

  test("items that are no list fail the state", async () => {
    const { instanceId } = await begin(
      sideBySide([{ target: "stopped", event: "error.TEMPLATE_ERROR" }], { stopped: { type: "final" } }),
      { people: "ada" },
    );
    expect((await bench.engine.get(instanceId)).currentState).toBe("stopped");
    expect((await statusesOf(instanceId)).filter((status) => status !== "cancelled")).toEqual([]);
  });

  test("a list of lists gives a list of lists", async () => {
    const streets = Array.from({ length: 6 }, (_, street) =>
      Array.from({ length: 1 + (street % 4) }, (_, house) => `street ${street}, ${house}`),
    );
    const town = machine({
      all: {
        type: "task",
        forEach: {
          items: "$data.streets",
          as: "addresses",
          concurrency: 2,
          subMachine: { stateMachineId: "mailing", output: { receipts: "$response.receipts" } },
        },
        transitions: [{ target: "done" }],
      },
      done: { type: "final" },
    });
    bench = await openBench(kind, [
      town,
      exampleDefinition("children/mailing"),
      exampleDefinition("children/letter"),
    ]);
    const instanceId = await startExample(bench, "scopes", { streets });
    const end = await bench.engine.waitFor(instanceId, { status: "completed" });
    expect(end.data.receipts).toEqual(streets.map((houses) => houses.map((house) => `R-${house}`)));
    await expectNothingPending(bench);
  });
});
