import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { typeChecker } from "./type-checker.js";

const program = readFileSync(new URL("./typed-engine.test-d.ts", import.meta.url), "utf8");

const HEAD = 'import { createEngine, memory, type MachineOf } from "../../src/index.js";\n';
const ORDER = `const order = {
  id: "order",
  states: {
    open: {
      type: "initial",
      data: { schema: { properties: { orderId: { type: "string" } }, required: ["orderId"] } },
      transitions: [{ target: "paid", event: "pay" }, { target: "dropped", event: "drop" }],
    },
    paid: { type: "final", data: { schema: { properties: { amount: { type: "number" }, payer: { enum: ["ann", "bob"] } } } } },
    dropped: { type: "error" },
  },
} as const;
const engine = await createEngine({ store: memory(), definitions: [order] });
const { instanceId } = await engine.start("order", { data: { orderId: "1" } });
`;
const marked = (line: string) => `${HEAD}${ORDER}${line}\n`;

describe("the types of an engine with literal definitions", () => {
  const checker = typeChecker({
    "whole.ts": program,
    "broken.ts": program.replace('"submit", {', '"submitt", {').replace("ordr", "order"),
    "machines.ts": marked('await engine.start("/*|*/");'),
    "events.ts": marked('await engine.send(instanceId, "/*|*/");'),
    "properties.ts": marked('await engine.send(instanceId, "pay", { data: { /*|*/ } });'),
    "values.ts": marked('await engine.send(instanceId, "pay", { data: { payer: "/*|*/" } });'),
    "start.ts": marked('await engine.start("order", { data: { /*|*/ } });'),
    "states.ts": marked('await engine.waitFor(instanceId, { state: "/*|*/" });'),
    "document.ts": marked("const { data } = await engine.get(instanceId); data./*|*/"),
    "listeners.ts": marked('engine.on("/*|*/", () => {});'),
    "fifty.ts": fiftyStates(),
  });

  test("accept what is right and find every error that the program expects", () => {
    expect(checker.diagnose("whole.ts")).toEqual([]);
  });

  test("say of a wrong event which there are, and of an error that was expected and is none that it is unused", () => {
    const found = checker.diagnose("broken.ts").map((line) => line.replace(/^\d+: /, ""));
    expect(found).toContain("Unused '@ts-expect-error' directive.");
    expect(found.some((message) => message.includes('"submitt"') && message.includes('"approve"'))).toBe(
      true,
    );
  });

  test.each([
    ["machines", ["order"]],
    ["events", ["pay", "drop"]],
    ["properties", ["amount", "orderId", "payer"]],
    ["values", ["ann", "bob"]],
    ["start", ["orderId"]],
    ["states", ["open", "paid", "dropped"]],
    ["listeners", ["transition", "completed", "error", "incident", "committed"]],
  ])("let an editor complete %s", (name, offered) => {
    expect([...checker.complete(`${name}.ts`)].sort()).toEqual([...offered].sort());
  });

  test("let an editor complete the data of a document", () => {
    expect(checker.complete("document.ts")).toEqual(expect.arrayContaining(["amount", "orderId", "payer"]));
  });

  test("are quick for a machine of 50 states, 150 transitions and 200 properties", () => {
    // A second of an editor is about a million; a mapping that grows with the square passes that at once.
    const effort = checker.effort("fifty.ts");
    expect(effort).toBeGreaterThan(1_000);
    expect(effort).toBeLessThan(300_000);
    expect(checker.diagnose("fifty.ts")).toEqual([]);
  });
});

/** A chain with shortcuts, half of it passing through decisions. */
function fiftyStates(): string {
  const numbers = Array.from({ length: 50 }, (_, number) => number);
  const states = numbers.map((number) => ({
    stateId: `s${number}`,
    baseStateType:
      number === 0 ? "initial" : number === 49 ? "final" : number % 7 === 3 ? "decision" : "userTask",
    ...(number % 7 === 3 ? {} : { data: { schema: { type: "object", properties: propertiesOf(number) } } }),
  }));
  const transitions = numbers.slice(0, -1).flatMap((number) =>
    [1, 2, 5].map((step) => ({
      fromStateId: `s${number}`,
      toStateId: `s${Math.min(49, number + step)}`,
      ...(number % 7 === 3 ? {} : { event: [{ eventId: `go${number}by${step}`, trigger: "manual" }] }),
    })),
  );
  const definition = JSON.stringify({ stateMachineId: "fifty", states, transitions });
  return `${HEAD}const fifty = ${definition} as const;
const engine = await createEngine({ store: memory(), definitions: [fifty] });
const { instanceId } = await engine.start("fifty", { data: {} });
await engine.send(instanceId, "go0by1", { data: { p1_0: "a", p0_3: { deep: [1] } } });
// @ts-expect-error no such event
await engine.send(instanceId, "go0by3");
// @ts-expect-error a property of states that this event has nothing to do with
await engine.send(instanceId, "go0by1", { data: { p30_0: "a" } });
// Through the decision s3 to s4, s5 and s8.
await engine.send(instanceId, "go2by1", { data: { p4_0: "a", p8_0: "b" } });
const { data } = await engine.get(instanceId);
export const all: [string | undefined, MachineOf<typeof fifty>["states"]] = [data.p48_0, "s48"];
`;
}

function propertiesOf(number: number): object {
  return {
    [`p${number}_0`]: { type: "string" },
    [`p${number}_1`]: { type: "number" },
    [`p${number}_2`]: { enum: ["a", "b", number] },
    [`p${number}_3`]: {
      type: "object",
      properties: { deep: { type: "array", items: { type: "integer" } } },
      additionalProperties: false,
    },
  };
}
