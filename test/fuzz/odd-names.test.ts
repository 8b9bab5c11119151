/** Odd but legal names, from start to end on each store: what is only a name never becomes anything else. */
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/core/json/json.js";
import { readDefinitionSource } from "../../src/validation.js";
import { openBench, STORE_KINDS } from "../kit/engine-bench.js";
import { ok } from "../kit/scripted-channel.js";

const INSTANCE_IDS = [
  "orders/2026/1",
  "../../etc/passwd",
  " with spaces ",
  "🙂👩‍👩‍👧",
  "Überweisung №7",
  "__proto__",
  "constructor",
  "toString",
  "%2e%2e",
  "a'; drop table instances; --",
  "i".repeat(255),
  "🙂".repeat(255),
];

/** Legal identifiers that every object has something under. */
const NAMES = [
  "constructor",
  "toString",
  "hasOwnProperty",
  "valueOf",
  "then",
  "toJSON",
  "length",
  "isPrototypeOf",
];

/** Every id and every property of the machine is called `name`, or begins with it. */
function namedMachine(name: string): JsonObject {
  const schema = { type: "object", properties: { [name]: { type: "string" }, [`${name}2`]: {} } };
  return {
    stateMachineId: name,
    states: [
      { stateId: name, baseStateType: "initial", data: { schema, validate: "exit" } },
      {
        stateId: `${name}_`,
        baseStateType: "task",
        data: { schema },
        entryActions: [
          {
            actionId: name,
            trigger: {
              webhook: {
                url: `http://127.0.0.1:1/${name}`,
                payload: { [name]: `$data.${name}`, by: "$event.id" },
              },
            },
            output: { [`${name}2`]: `$response.body.${name}` },
            onError: "abort",
            onTimeout: "abort",
          },
        ],
      },
      { stateId: `${name}.`, baseStateType: "final" },
    ],
    transitions: [
      {
        transitionId: name,
        fromStateId: name,
        toStateId: `${name}_`,
        event: [{ eventId: name, trigger: "manual" }],
        condition: `data.${name} === 'x' && variables.${name} === 1 && actions.${name} === undefined`,
      },
      {
        transitionId: `${name}-end`,
        fromStateId: `${name}_`,
        toStateId: `${name}.`,
        condition: `actions.${name}.status === 'completed' && actions.${name}.result.${name} === 'y'`,
      },
    ],
  };
}

for (const kind of STORE_KINDS) {
  describe(`on ${kind}`, () => {
    it("instances run under any id, each its own, with document, verified trail and replay", async () => {
      const bench = await openBench(kind, [namedMachine("order")]);
      const { engine } = bench;
      const begin = { variables: { order: 1 } };
      bench.channel.on("/order", () => ok({ order: "y" }));
      for (const instanceId of INSTANCE_IDS) {
        await engine.start("order", { ...begin, instanceId, idempotencyKey: instanceId });
        const again = await engine.start("order", { ...begin, instanceId, idempotencyKey: instanceId });
        expect(again.isRepeated).toBe(true);
        await engine.send(instanceId, "order", {
          data: { order: "x" },
          actor: instanceId,
        });
      }
      await bench.settle();
      for (const instanceId of INSTANCE_IDS) {
        const document = await engine.get(instanceId);
        expect(document).toMatchObject({
          instanceId,
          status: "completed",
          data: { order: "x", order2: "y" },
        });
        expect(document.history.map((visit) => visit.state)).toEqual(["order", "order_", "order."]);
      }
      expect((await engine.list({ limit: 100 })).map((row) => row.instanceId).sort()).toEqual(
        [...INSTANCE_IDS].sort(),
      );
      await bench.close();
    });

    it("states, transitions, actions, events and properties may be called what every object has", async () => {
      const bench = await openBench(kind, NAMES.map(namedMachine));
      const { engine } = bench;
      for (const name of NAMES) {
        bench.channel.on(`/${name}`, () => ok(Object.fromEntries([[name, "y"]])));
        const { instanceId } = await engine.start(name, {
          instanceId: name,
          variables: Object.fromEntries([[name, 1]]),
        });
        await expect(engine.send(instanceId, "unknown")).rejects.toMatchObject({ code: "NOT_ENABLED" });
        await engine.send(instanceId, name, {
          data: Object.fromEntries([[name, "x"]]),
        });
        await bench.settle();
        const document = await engine.get(instanceId);
        expect(document.status).toBe("completed");
        expect(document.data).toEqual(
          Object.fromEntries([
            [name, "x"],
            [`${name}2`, "y"],
          ]),
        );
        const snapshot = await engine.snapshot(instanceId);
        expect(Object.values(snapshot?.counters.entries ?? {})).toEqual([1, 1, 1]);
        expect(Object.keys(snapshot?.actions ?? {})).toEqual([name]);
      }
      expect(bench.channel.sent.map((sent) => sent.payload)).toEqual(
        NAMES.map((name) => ({ ...Object.fromEntries([[name, "x"]]), by: name })),
      );
      await bench.close();
    });
  });
}

describe("__proto__", () => {
  it("is no name of the language: it could not be written as a key", () => {
    for (const document of [
      namedMachine("__proto__"),
      { ...namedMachine("order"), stateMachineId: "__proto__" },
    ]) {
      const { definition, findings } = readDefinitionSource({ document });
      expect(definition).toBeUndefined();
      expect(findings.filter((finding) => finding.severity === "error").length).toBeGreaterThan(0);
    }
    const states = JSON.parse('{"__proto__":{"type":"initial"}}') as JsonObject;
    expect(readDefinitionSource({ document: { id: "m", states } }).definition).toBeUndefined();
    const machine = namedMachine("order");
    const [first] = machine.transitions as JsonObject[];
    const event = [{ eventId: "__proto__", trigger: "manual" }];
    const renamed = {
      ...machine,
      transitions: [{ ...first, event }, ...(machine.transitions as JsonObject[]).slice(1)],
    };
    expect(readDefinitionSource({ document: renamed }).definition).toBeUndefined();
  });
});
