/** Four eyes on every store: whatever is sent by whomever, no history has both events by the same actor. */
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { createEngine, type Engine, RefusedError } from "../../src/index.js";
import { STORE_KINDS } from "../conformance/places.js";

const DEFINITION = {
  id: "payment",
  states: {
    draft: { type: "initial", transitions: [{ target: "review", event: "submit" }] },
    review: {
      type: "userTask",
      transitions: [
        { target: "draft", event: "reject" },
        { target: "paid", event: "approve", distinctFrom: "submit" },
      ],
    },
    paid: {
      type: "task",
      transitions: [
        { target: "draft", event: "again" },
        { target: "end", event: "close" },
      ],
    },
    end: { type: "final" },
  },
};

const sends = fc.array(
  fc.record({
    eventId: fc.constantFrom("submit", "reject", "approve", "again", "close"),
    actor: fc.constantFrom("ada", "bob", "cleo", "anonymous", "system"),
  }),
  { minLength: 4, maxLength: 14 },
);

const opened: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of opened) await close();
});

async function open(kind: (typeof STORE_KINDS)[number]): Promise<Engine> {
  const place = kind.make();
  const engine = (await createEngine({ store: place.store(), definitions: [DEFINITION] })).untyped as Engine;
  opened.push(async () => {
    await engine.close();
    await place.remove();
  });
  return engine;
}

test.each(STORE_KINDS.map((kind) => [kind.name, kind] as const))(
  "no history has the two events by the same actor, on %s",
  async (_name, kind) => {
    const engine = await open(kind);
    let approvals = 0;
    let refusals = 0;
    await fc.assert(
      fc.asyncProperty(sends, async (list) => {
        const { instanceId } = await engine.start("payment");
        for (const { eventId, actor } of list) {
          try {
            await engine.send(instanceId, eventId, { actor });
          } catch (error) {
            if (!(error instanceof RefusedError)) throw error;
            if (error.code === "NOT_DISTINCT") refusals += 1;
          }
        }
        const submitters = new Set<string>();
        for (const { event, actor } of await engine.history(instanceId)) {
          if (event === "submit") submitters.add(actor);
          if (event !== "approve") continue;
          approvals += 1;
          expect(submitters.has(actor)).toBe(false);
          expect([actor, ...submitters]).not.toContain("anonymous");
          expect([actor, ...submitters]).not.toContain("system");
        }
        expect((await engine.replay(instanceId)).isEqual).toBe(true);
      }),
      { numRuns: 60 },
    );
    expect(approvals).toBeGreaterThan(0);
    expect(refusals).toBeGreaterThan(0);
  },
);
