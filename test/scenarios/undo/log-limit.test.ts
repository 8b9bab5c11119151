/**
 * The log of what could be undone has a thousand entries: somebody is asked. On the pure step, from a snapshot in which one
 * entry was repeated: to fill it deed by deed takes long.
 */
import { expect, test } from "vitest";
import type { Command } from "../../../src/core/message/command.js";
import type { Snapshot } from "../../../src/core/model/snapshot.js";
import { step } from "../../../src/core/step/step.js";
import { webhookAction } from "../../kit/definitions.js";
import { PureRun } from "../../kit/pure-run.js";

const manual = (eventId: string) => [{ eventId, trigger: "manual" }];
const TO_START = { strategy: "rollback", rollbackTo: "start" };
const SENT = { actor: "ada", source: "test", random: "0".repeat(32) };

function filled({ snapshot }: PureRun, count: number): Snapshot {
  const [first] = snapshot?.compensations ?? [];
  if (snapshot === undefined || first === undefined) throw new Error("There is nothing to repeat.");
  const compensations = Array.from({ length: count }, (_, number) => ({ ...first, number }));
  return { ...snapshot, compensations, counters: { ...snapshot.counters, compensations: count } };
}

function after({ machine, nowMs }: PureRun, snapshot: Snapshot, command: Command): Snapshot {
  const result = step(machine, snapshot, command, nowMs);
  if (!result.ok) throw new Error(result.rejection.message);
  return result.snapshot;
}

const RETRY: Command = { ...SENT, type: "operator", act: "retry", reason: "it is meant" };
const codes = ({ incidents }: Snapshot) => incidents.map(({ code }) => code);

test.each([
  [998, "active", []],
  [999, "suspended", ["LIMIT_EXCEEDED"]],
] as const)("an action that is done after %i others leaves the instance %s", (before, status, incidents) => {
  const run = new PureRun({
    stateMachineId: "rounds",
    states: [
      { stateId: "init", baseStateType: "initial" },
      {
        stateId: "round",
        baseStateType: "task",
        entryActions: [
          webhookAction("x", { onError: TO_START, compensate: webhookAction("undo") }),
          webhookAction("y"),
        ],
      },
      { stateId: "end", baseStateType: "final" },
      { stateId: "broken", baseStateType: "error" },
    ],
    transitions: [
      { transitionId: "go", fromStateId: ["init", "round"], toStateId: "round", event: manual("go") },
      { transitionId: "e", fromStateId: "round", toStateId: "end", event: manual("end") },
    ],
  });
  run.start();
  run.send("go");
  run.succeed({}, "x");
  run.succeed({}, "y");
  run.send("go");
  const [x] = run.tries;
  if (x === undefined) throw new Error("Nothing is under way.");
  const done = after(run, filled(run, before), {
    ...SENT,
    type: "actionResult",
    effect: { seq: x.seq, ordinal: x.ordinal },
    key: x.key,
    result: { outcome: "completed", response: { status: 200, headers: {}, body: {} } },
  });
  expect([done.status, codes(done), done.compensations?.length]).toEqual([status, incidents, before + 1]);
});

test("a list whose log is full starts no further children until somebody retries", () => {
  const run = new PureRun({
    stateMachineId: "list",
    globalErrorHandler: { onError: TO_START, onTimeout: "abort" },
    states: [
      { stateId: "init", baseStateType: "initial" },
      {
        stateId: "each",
        baseStateType: "task",
        forEach: { items: "$data.items", concurrency: 1, subMachine: { stateMachineId: "child" } },
      },
      { stateId: "end", baseStateType: "final" },
      { stateId: "broken", baseStateType: "error" },
    ],
    transitions: [
      { transitionId: "go", fromStateId: "init", toStateId: "each", event: manual("go") },
      { transitionId: "e", fromStateId: "each", toStateId: "end" },
    ],
  });
  const running = (snapshot: Snapshot | undefined) => snapshot?.tokens[0]?.each?.running ?? [];
  const ends = (snapshot: Snapshot | undefined) => ({
    type: "childDone" as const,
    children: running(snapshot).map(({ key }) => ({
      key,
      outcome: { outcome: "completed" as const, state: "out", data: {}, isUndoable: true as const },
    })),
  });
  run.start({ items: [1, 2, 3] });
  run.send("go");
  run.accept(ends(run.snapshot));
  const full = filled(run, 999);
  expect([full.status, running(full).length]).toEqual(["active", 1]);
  const held = after(run, full, { ...SENT, ...ends(full) });
  expect([held.status, codes(held), running(held).length]).toEqual(["suspended", ["LIMIT_EXCEEDED"], 0]);
  const goingOn = after(run, held, RETRY);
  expect([goingOn.status, running(goingOn).length]).toEqual(["active", 1]);
  const over = after(run, goingOn, { ...SENT, ...ends(goingOn) });
  expect([over.status, over.compensations?.length]).toEqual(["completed", 1_001]);
});
