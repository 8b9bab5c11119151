/** Laws of rolling back, over random lists of actions and any place of failure. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonObject } from "../../src/core/json/json.js";
import { webhookAction } from "../kit/definitions.js";
import { PureRun } from "../kit/pure-run.js";

interface Plan {
  readonly exits: readonly boolean[];
  readonly ways: readonly boolean[];
  readonly entries: readonly boolean[];
  readonly failAt: number;
}

/** Each flag is an action; true: it can be undone. */
const plans = fc.record({
  exits: fc.array(fc.boolean(), { maxLength: 3 }),
  ways: fc.array(fc.boolean(), { maxLength: 3 }),
  entries: fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
  failAt: fc.nat(9),
});

function actionsOf(prefix: string, flags: readonly boolean[]): JsonObject[] {
  return flags.map((isUndoable, at) => {
    const actionId = `${prefix}${at}`;
    return webhookAction(actionId, {
      onError: "rollback",
      output: { [actionId]: "$response.body.id", shared: "$response.body.id" },
      ...(isUndoable ? { compensate: webhookAction(`undo-${actionId}`) } : {}),
    });
  });
}

function begun({ exits, ways, entries }: Plan): PureRun {
  const run = new PureRun({
    stateMachineId: "laws",
    states: [
      { stateId: "init", baseStateType: "initial", exitActions: actionsOf("x", exits) },
      {
        stateId: "next",
        baseStateType: "task",
        entryActions: actionsOf("e", entries),
        timeout: { after: "PT1H", onTimeout: "abort" },
      },
      { stateId: "end", baseStateType: "final" },
    ],
    transitions: [
      {
        transitionId: "go",
        fromStateId: "init",
        toStateId: "next",
        event: [{ eventId: "go", trigger: "manual" }],
        actions: actionsOf("w", ways),
      },
      { transitionId: "end", fromStateId: "next", toStateId: "end" },
    ],
  });
  run.start({ kept: 1 });
  run.send("go", { kept: 2, more: true });
  return run;
}

test("after a rollback nothing of what it undid is left, and compensations ran in exact reverse order", () => {
  let rollbacks = 0;
  fc.assert(
    fc.property(plans, (plan) => {
      const run = begun(plan);
      const undoable: string[] = [];
      const count = plan.exits.length + plan.ways.length + plan.entries.length;
      for (let at = 0; at < plan.failAt % count; at += 1) {
        const actionId = run.tries[0]?.actionId ?? "";
        if (run.machine.actionsById.get(actionId)?.compensate !== undefined)
          undoable.push(`undo-${actionId}`);
        run.succeed({ id: at });
      }
      run.fail();
      const order: string[] = [];
      while (run.tries.length > 0) {
        expect(run.tries).toHaveLength(1);
        order.push(run.tries[0]?.actionId ?? "");
        run.succeed();
      }
      rollbacks += order.length;
      expect(order).toEqual(undoable.reverse());
      expect([run.state, run.status, run.data]).toEqual(["init", "active", { kept: 1 }]);
      expect([run.timers.size, run.snapshot?.tokens.length, run.snapshot?.compensations]).toEqual([
        0,
        1,
        undefined,
      ]);
      expect(run.snapshot?.tokens[0]).not.toHaveProperty("cameFrom");
    }),
    { numRuns: 60 },
  );
  expect(rollbacks).toBeGreaterThan(20);
});
