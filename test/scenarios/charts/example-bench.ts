/** An engine with definitions of the examples, and what a test asks of their instances. */
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { openEntry } from "../../../src/core/audit/audit-entry.js";
import type { InstanceDocument } from "../../../src/core/instance-document.js";
import type { JsonObject } from "../../../src/core/json/json.js";
import { type EngineBench, openBench, type StoreKind } from "../../kit/engine-bench.js";

export type ExampleName = `${"charts" | "children"}/${string}`;

/** `charts/hiring` is `examples/charts/hiring.json`, as it stands there. */
export function exampleDefinition(name: ExampleName): JsonObject {
  const path = new URL(`../../../examples/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, "utf8")) as JsonObject;
}

export function openExamples(kind: StoreKind, ...names: readonly ExampleName[]): Promise<EngineBench> {
  return openBench(kind, names.map(exampleDefinition));
}

/** The states of all innermost tokens, in document order. */
export function activeStates({ activeStates: several, currentState }: InstanceDocument): readonly string[] {
  return several ?? [currentState];
}

export function visitedStates({ history }: InstanceDocument): readonly string[] {
  return history.map(({ state }) => state);
}

export async function startExample(
  { engine }: EngineBench,
  stateMachineId: string,
  data: JsonObject = {},
): Promise<string> {
  return (await engine.start(stateMachineId, { data })).instanceId;
}

/** Of all tasks of the examples. */
export const EVERY_GROUP = ["accounting", "hr", "it", "managers", "reception"];

/** Sends the events one after the other, each when the one before is settled, and gives the instance after the last. */
export async function sendAll(
  { engine }: EngineBench,
  instanceId: string,
  ...eventIds: readonly string[]
): Promise<InstanceDocument> {
  for (const eventId of eventIds)
    await engine.send(instanceId, eventId, { wait: "settled", groups: EVERY_GROUP });
  return engine.get(instanceId);
}

/** The records of one type in the trail, in order. */
export async function recordsOf(
  { engine }: EngineBench,
  instanceId: string,
  type: string,
): Promise<readonly JsonObject[]> {
  const trail = await engine.audit(instanceId);
  const records = trail.flatMap(
    ({ entry, disclosed }) => openEntry(entry, disclosed).entry.records as readonly JsonObject[],
  );
  return records.filter((record) => record.type === type);
}

export function childrenOf({ engine }: EngineBench, parentId: string, limit = 1_000) {
  return engine.list({ parentId, limit });
}

/** Rounds in which what instances ask of each other must have come to rest. */
const MOST_ROUNDS = 500;

/** Lets everything happen that needs neither time nor an event: no instance has anything to ask or to tell then. */
export async function comeToRest(bench: EngineBench): Promise<void> {
  let effects = await effectsOf(bench);
  for (let round = 0; effects.length > 0 && round < MOST_ROUNDS; round += 1) {
    await bench.settle();
    effects = await effectsOf(bench);
  }
  expect(effects).toEqual([]);
}

/** No instance has anything to send or a timer, once all is at rest. */
export async function expectNothingPending(bench: EngineBench): Promise<void> {
  await comeToRest(bench);
  const timers: string[] = [];
  for (const { instanceId } of await allInstances(bench)) {
    for (const { timerId } of (await bench.engine.pending(instanceId)).timers)
      timers.push(`${instanceId}: ${timerId}`);
  }
  expect(timers).toEqual([]);
}

async function effectsOf(bench: EngineBench): Promise<readonly string[]> {
  const all: string[] = [];
  for (const { instanceId } of await allInstances(bench)) {
    for (const { purpose, seq } of (await bench.engine.pending(instanceId)).effects)
      all.push(`${instanceId}: ${purpose} of ${seq}`);
  }
  return all;
}

function allInstances({ engine }: EngineBench) {
  return engine.list({ limit: 100_000 });
}
