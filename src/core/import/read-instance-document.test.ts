import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { PureRun } from "../../../test/kit/pure-run.js";
import type { Json, JsonObject } from "../json/json.js";
import { dataRefsOf, type ImportedInstance, readInstanceDocument } from "./read-instance-document.js";

const OWN: JsonObject = {
  instanceId: "i1",
  stateMachineId: "m",
  currentState: "b",
  status: "active",
  startTime: "2025-01-01T10:00:00Z",
  lastUpdated: "2025-01-01T11:00:00Z",
  data: { x: 2, y: 1 },
  currentStateData: { y: 1 },
  variables: { tries: 3 },
  history: [
    { state: "a", enteredAt: "2025-01-01T10:00:00Z", exitedAt: "2025-01-01T10:30:00Z", data: { x: 1 } },
    { state: "b", enteredAt: "2025-01-01T10:30:00Z", event: "go", data: { y: 1 } },
  ],
};

const OTHER: JsonObject = {
  instanceId: "i1",
  stateMachineId: "m",
  currentState: "b",
  startedAt: "2025-01-01T10:00:00+01:00",
  lastUpdated: "2025-01-01T11:00:00Z",
  consolidatedData: { x: 2, y: 0 },
  stateHistory: [
    { stateId: "a", enteredAt: "2025-01-01T10:00:00Z", dataRef: "far/a.json" },
    { stateId: "b", enteredAt: "2025-01-01T10:30:00Z", dataRef: "far/b.json" },
  ],
};

const MACHINE = {
  id: "m",
  states: {
    a: {
      type: "initial",
      data: { schema: schema({ x: "integer" }, ["x"]) },
      transitions: [{ target: "b", event: "go" }],
    },
    b: {
      type: "wait",
      data: { schema: schema({ y: "integer" }, []) },
      entryActions: [
        { actionId: "call", trigger: { webhook: { url: "https://x.example/a", method: "POST" } } },
      ],
      transitions: [
        { target: "c", event: "end" },
        { target: "late", after: "PT1H" },
      ],
    },
    c: { type: "final" },
    late: { type: "final" },
  },
};

function schema(properties: { [name: string]: string }, required: string[]): JsonObject {
  const typed = Object.entries(properties).map(([name, type]) => [name, { type }]);
  return { type: "object", properties: Object.fromEntries(typed), required, additionalProperties: false };
}

function read(document: Json, files?: ReadonlyMap<string, Json>): ImportedInstance {
  const result = readInstanceDocument(document, files);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.instance;
}

function imported(document: Json, files?: ReadonlyMap<string, Json>): PureRun {
  const run = new PureRun(MACHINE);
  const { stateMachineId: _, version: __, ...instance } = read(document, files);
  run.accept({ type: "import", ...instance });
  return run;
}

describe("an instance document", () => {
  test("of the own shape gives its data, visits and times; its data beats what older visits had", () => {
    const instance = read(OWN);
    expect(instance).toMatchObject({ data: { x: 2, y: 1 }, variables: { tries: 3 }, faults: [] });
    expect(instance.startedAt).toBe("2025-01-01T10:00:00.000Z");
    expect(instance.visits.map(({ ordinal, state }) => [ordinal, state])).toEqual([
      [0, "a"],
      [1, "b"],
    ]);
  });

  test("of the older shape: a state's own data beats the consolidated, and an open visit ends with the next", () => {
    const files = new Map<string, Json>([
      ["far/a.json", { instanceId: "i1", stateId: "a", data: { x: 7 } }],
      ["far/b.json", { instanceId: "i1", stateId: "b", data: { y: 8 } }],
    ]);
    expect(dataRefsOf(OTHER)).toEqual(["far/a.json", "far/b.json"]);
    const instance = read(OTHER, files);
    expect(instance.data).toEqual({ x: 7, y: 8 });
    expect(instance.startedAt).toBe("2025-01-01T09:00:00.000Z");
    expect(instance.visits[0]).toMatchObject({ exitedAt: "2025-01-01T10:30:00.000Z", data: { x: 7 } });
    expect(instance.visits[1]).not.toHaveProperty("exitedAt");
  });

  test("tells every fault: a file that is missing, one of another instance, times and statuses", () => {
    const files = new Map<string, Json>([["far/b.json", { instanceId: "i2", data: {} }]]);
    const { faults } = read({ ...OTHER, status: "asleep", lastUpdated: "yesterday" }, files);
    expect(faults.map(({ path }) => path).sort()).toEqual([
      "/lastUpdated",
      "/stateHistory/0/dataRef",
      "/stateHistory/1/dataRef",
      "/status",
    ]);
  });

  test("without an id, a machine or a state cannot be read", () => {
    const result = readInstanceDocument({ currentState: "a" });
    expect(result).toMatchObject({
      ok: false,
      faults: [{ path: "/instanceId" }, { path: "/stateMachineId" }],
    });
    expect(readInstanceDocument([])).toMatchObject({ ok: false });
  });
});

describe("an imported instance", () => {
  test("is settled where it was, runs no entry action again, and its timers run from now", () => {
    const run = imported(OWN);
    expect(run.snapshot).toMatchObject({ status: "active", seq: 1, startedAt: "2025-01-01T10:00:00.000Z" });
    expect(run.tries).toEqual([]);
    expect([...run.timers.values()]).toEqual([run.nowMs + 3_600_000]);
    expect(run.closedVisits.map(({ state }) => state)).toEqual(["a"]);
    run.send("end");
    expect(run.snapshot?.status).toBe("completed");
  });

  test("with invalid data is suspended by one incident that lists everything, and goes on once it is retried", () => {
    const [first, second] = OWN.history as readonly JsonObject[];
    const bad = {
      ...OWN,
      currentStateData: {},
      history: [
        { ...first, data: {} },
        { ...second, data: { y: "no" } },
      ],
    };
    const run = imported(bad);
    expect(run.snapshot?.status).toBe("suspended");
    expect(run.snapshot?.incidents).toHaveLength(1);
    expect(run.snapshot?.incidents[0]).toMatchObject({ code: "VALIDATION_FAILED" });
    expect(run.snapshot?.incidents[0]?.violations?.map(({ path }) => path)).toEqual([
      "/history/0/data/x",
      "/history/1/data/y",
    ]);
    run.update({ y: 4 });
    expect(run.snapshot?.status).toBe("active");
  });

  test("that has ended stays ended; the kind of its final state decides how", () => {
    const run = imported({ ...OWN, status: "active", currentState: "c" });
    expect(run.snapshot).toMatchObject({ status: "completed", incidents: [] });
    expect(imported({ ...OWN, status: "cancelled", reason: "double" }).snapshot).toMatchObject({
      status: "cancelled",
      reason: "double",
    });
  });

  test("that says it is completed in a state that is not final is held", () => {
    expect(imported({ ...OWN, status: "completed" }).snapshot).toMatchObject({
      status: "suspended",
      incidents: [{ violations: [{ path: "/status" }] }],
    });
  });

  test("that was suspended is held by whoever imported it", () => {
    expect(imported({ ...OWN, status: "suspended" }).snapshot).toMatchObject({
      status: "suspended",
      incidents: [],
      suspension: { reason: expect.any(String) },
    });
  });

  test("whose action was under way is held, because nobody can tell its outcome", () => {
    const [first, second] = OWN.history as readonly JsonObject[];
    const action = { actionId: "call", status: "in-progress", startedAt: "2025-01-01T10:30:00Z" };
    const run = imported({ ...OWN, history: [first ?? {}, { ...second, actions: [action] }] });
    expect(run.snapshot?.incidents[0]?.violations).toEqual([
      { path: "/history/1/actions/0", message: expect.stringContaining('"call"') },
    ]);
  });

  test("in a state that the definition does not know is refused", () => {
    const run = new PureRun(MACHINE);
    const { stateMachineId: _, version: __, ...instance } = read({ ...OWN, currentState: "nowhere" });
    expect(run.refuse({ type: "import", ...instance })).toMatchObject({ code: "VALIDATION_FAILED" });
  });
});

const REFERENCE = new URL("../../../../shared/reference/money-transfer/", import.meta.url);

test.skipIf(!existsSync(REFERENCE))("the reference's documents are read, with the files they name", () => {
  const json = (name: string): Json => JSON.parse(readFileSync(new URL(name, REFERENCE), "utf8"));
  const document = json("money-transfer-instance.json");
  const files = new Map(dataRefsOf(document).map((ref) => [ref, json(ref.split("/").at(-1) ?? "")]));
  const instance = read(document, files);
  expect(instance.faults).toEqual([]);
  expect(instance.data).toMatchObject({ sourceAccount: "ACC001", clientReference: "CLIENT-REF-001" });
  expect(instance.visits[0]?.actions[0]).toMatchObject({ actionId: "initAction", status: "completed" });
});
