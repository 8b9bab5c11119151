/**
 * Foreign payloads against a running engine, on each store. Whatever is given: a clear refusal that leaves nothing
 * behind, or acceptance; the engine answers afterwards, and other instances go on.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import { canonicalJson } from "../../src/core/json/canonical-json.js";
import { checkJson } from "../../src/core/json/check-json.js";
import type { Json, JsonObject } from "../../src/core/json/json.js";
import { RefusedError, StatewrightError } from "../../src/index.js";
import { checkInstances, type EngineBench, openBench, STORE_KINDS } from "../kit/engine-bench.js";
import { fuzzRuns, fuzzTimeoutMs } from "./fuzz-runs.js";
import { oddName, oddObject, oddValue } from "./odd-values.js";

const NAMES = ["amount", "note", "order", "anything"];

const DEFINITION: JsonObject = {
  stateMachineId: "fuzzed",
  states: [
    {
      stateId: "open",
      baseStateType: "initial",
      data: {
        schema: {
          type: "object",
          properties: {
            amount: { type: "number" },
            note: { type: "string" },
            order: { type: "object" },
            id: {},
          },
        },
        validate: "exit",
      },
      entryActions: [{ actionId: "remember", type: "audit", config: { category: "$data.note?" } }],
    },
    {
      stateId: "free",
      baseStateType: "userTask",
      data: { schema: { type: "object", additionalProperties: true } },
      entryActions: [
        {
          actionId: "tell",
          trigger: {
            webhook: { url: "http://127.0.0.1:1/tell", payload: { all: "$data", by: "${event.id}" } },
          },
          output: { anything: "$response.body" },
          onError: "ignore",
          onTimeout: "ignore",
        },
      ],
    },
    { stateId: "end", baseStateType: "final" },
  ],
  transitions: [
    {
      transitionId: "go",
      fromStateId: "open",
      toStateId: "free",
      event: [{ eventId: "go", trigger: "manual" }],
      condition: "data.amount === undefined || data.amount >= 0 || data.note == 'x'",
    },
    {
      transitionId: "back",
      fromStateId: "free",
      toStateId: "open",
      event: [{ eventId: "back", trigger: "manual" }],
    },
    {
      transitionId: "stop",
      fromStateId: "free",
      toStateId: "end",
      event: [{ eventId: "stop", trigger: "manual" }],
    },
  ],
};

type Call =
  | { kind: "start"; id: unknown; request: { [name: string]: unknown } }
  | { kind: "send"; event: unknown; request: { [name: string]: unknown } }
  | { kind: "answer"; body: unknown };

const sound = fc.record(
  {
    amount: fc.integer(),
    note: fc.string(),
    order: fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue()),
  },
  { requiredKeys: [] },
);
const payload = fc.oneof(
  { weight: 3, arbitrary: sound as fc.Arbitrary<unknown> },
  { weight: 6, arbitrary: oddObject(NAMES) },
  { weight: 1, arbitrary: oddValue },
);
const id = fc.oneof(
  { weight: 1, arbitrary: oddName as fc.Arbitrary<unknown> },
  { weight: 1, arbitrary: oddValue },
);
const rarely = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

/** Mostly one thing of the request is odd: of two, the second would never be looked at. */
const request = fc
  .record(
    {
      data: payload,
      variables: fc.oneof({ weight: 6, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: payload }),
      odd: rarely(fc.tuple(fc.constantFrom("actor", "idempotencyKey", "expectedSeq", "source"), id)),
    },
    { requiredKeys: ["data"] },
  )
  .map(({ odd, ...given }): { [name: string]: unknown } =>
    odd === undefined ? given : { ...given, [odd[0]]: odd[1] },
  );

const call: fc.Arbitrary<Call> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("start" as const), id: rarely(id), request }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("send" as const),
      event: fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom<unknown>("go", "back", undefined) },
        { weight: 1, arbitrary: id },
      ),
      request,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("answer" as const), body: oddValue }) },
);

/** Everything that is stored of the instances, to compare. */
async function stored({ engine }: EngineBench, instanceId: string): Promise<string> {
  const rows = await engine.list({ limit: 1_000_000 });
  const [fixed] = rows.filter((row) => row.instanceId === instanceId);
  const pending = await engine.pending(instanceId);
  const trail = (await engine.audit(instanceId)).length;
  return canonicalJson({
    count: rows.length,
    snapshot: fixed?.snapshot ?? null,
    trail,
    pending: pending as unknown as Json,
  });
}

async function perform(
  { engine }: EngineBench,
  instanceId: string,
  given: Exclude<Call, { kind: "answer" }>,
): Promise<unknown> {
  if (given.kind === "start") {
    return engine.start("fuzzed", {
      ...given.request,
      ...(given.id === undefined ? {} : { instanceId: given.id }),
    } as never);
  }
  return engine.send(instanceId, given.event as string | undefined, given.request as never);
}

/** A refusal says what and where, in the words of the registry; anything else is a defect. */
function expectClearRefusal(error: unknown): void {
  if (!(error instanceof StatewrightError)) throw error;
  expect(error.message.length).toBeGreaterThan(10);
  expect(error.stack).toBeDefined();
  if (error instanceof RefusedError && error.code !== "NOT_ENABLED" && error.code !== "SEQ_MISMATCH") {
    if (error.code === "VALIDATION_FAILED" || error.code === "LIMIT_EXCEEDED") {
      for (const { path, message } of error.rejection.violations ?? []) {
        expect(typeof path).toBe("string");
        expect(message).not.toBe("");
      }
      expect((error.rejection.violations ?? []).length).toBeGreaterThan(0);
    }
  }
}

const SHARE = 0.2;

for (const kind of STORE_KINDS) {
  it(
    `payloads of any kind are taken or refused without a trace, and the engine answers after each, on ${kind}`,
    async () => {
      const bench = await openBench(kind, [DEFINITION]);
      const { engine, channel } = bench;
      let body: unknown = {};
      channel.on("/tell", () => ({
        outcome: "completed",
        response: { status: 200, headers: {}, body: body as Json },
      }));
      await engine.start("fuzzed", { instanceId: "other" });
      const counts = { taken: 0, refused: 0 };
      let otherSeq = 1;
      let calls = 0;
      let instanceId = "";
      await fc.assert(
        fc.asyncProperty(call, async (given) => {
          if (given.kind === "answer") {
            body = given.body;
            return;
          }
          // A new one now and then, so that what one has grown to does not slow the rest.
          if (calls++ % 25 === 0)
            ({ instanceId } = await engine.start("fuzzed", { instanceId: `one-${calls}` }));
          const before = await stored(bench, instanceId);
          const cpuBefore = process.cpuUsage();
          let refusal: unknown;
          try {
            await perform(bench, instanceId, given);
            counts.taken += 1;
          } catch (error) {
            refusal = error;
            counts.refused += 1;
          }
          // Time of the processor, because a busy machine lets a clock run on.
          const { user, system } = process.cpuUsage(cpuBefore);
          expect((user + system) / 1_000).toBeLessThan(1_000);
          if (refusal !== undefined) {
            expectClearRefusal(refusal);
            expect(await stored(bench, instanceId)).toBe(before);
          }
          await bench.settle();
          const { seq } = (await engine.send("other", undefined, { data: { amount: 1 } })).answer;
          expect(seq).toBe(++otherSeq);
          // Nothing is stuck: what was sent out has come back.
          expect((await engine.pending(instanceId)).effects).toEqual([]);
          const snapshot = await engine.snapshot(instanceId);
          expect(checkJson(snapshot?.data).ok).toBe(true);
          expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
        }),
        fuzzRuns(SHARE / 2),
      );
      // A campaign that only ever refuses, or only ever takes, shows nothing.
      expect(counts.taken).toBeGreaterThan((counts.taken + counts.refused) / 20);
      expect(counts.refused).toBeGreaterThan((counts.taken + counts.refused) / 20);
      await checkInstances(engine);
      await bench.close();
    },
    fuzzTimeoutMs(SHARE),
  );
}
