/**
 * The step against the recommendation's own algorithm: on generated statecharts both run the same actions in the same
 * order and come to rest in the same states, after the start and after every event.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { CanonicalDefinition } from "../../src/core/definition/definition-document.generated.js";
import { Interpreter } from "../kit/appendix-d/interpreter.js";
import { eventDraw, eventIdOf, generatedChart } from "../kit/generated-charts.js";
import { PureRun } from "../kit/pure-run.js";

/** Below the limit of the step, so that one gives up before the other opens an incident. */
const MOST_TRANSITIONS = 60;

/** A run takes some seconds; a machine with much else to do takes longer. */
const BUSY_MACHINE_MS = 120_000;

const counters = { n: 0, m: 0 };

/** It came to rest. */
function isComparable(naive: Interpreter): boolean {
  return !naive.isSpinning;
}

function expectSame(run: PureRun, naive: Interpreter, whatCame: string): void {
  const trace = run.allRecords.flatMap((record) => (record.type === "log" ? [record.actionId] : []));
  expect({ whatCame, trace }).toEqual({ whatCame, trace: naive.trace });
  expect({ whatCame, states: activeStates(run) }).toEqual({ whatCame, states: naive.configuration });
  expect(run.data).toEqual(naive.data);
  expect(run.status).toBe(naive.isRunning ? "active" : "completed");
}

/** Those of the innermost tokens, in document order. */
function activeStates(run: PureRun): string[] {
  const order = [...run.machine.states.keys()];
  const owners = new Set(run.snapshot?.scopes.map((scope) => scope.ownerId));
  return (run.snapshot?.tokens ?? [])
    .filter((token) => !owners.has(token.tokenId))
    .map((token) => token.stateId)
    .sort((one, other) => order.indexOf(one) - order.indexOf(other));
}

test(
  "the step runs a statechart's actions in the recommendation's order and comes to rest in its states",
  () => {
    fc.assert(
      fc.property(
        generatedChart,
        fc.array(eventDraw, { minLength: 1, maxLength: 6 }),
        (definition, events) => {
          const naive = new Interpreter(
            definition as unknown as CanonicalDefinition,
            counters,
            MOST_TRANSITIONS,
          );
          naive.interpret();
          fc.pre(isComparable(naive));
          const run = new PureRun(definition);
          run.start(counters);
          expectSame(run, naive, "start");
          for (const drawn of events) {
            const eventId = eventIdOf(definition, drawn);
            const isTaken = naive.send(eventId);
            if (isTaken) {
              fc.pre(isComparable(naive));
              run.send(eventId);
            } else {
              expect(refusal(run, eventId)).toBe(naive.isRunning ? "NOT_ENABLED" : "INSTANCE_ENDED");
            }
            expectSame(run, naive, eventId);
          }
        },
      ),
      { numRuns: 250 },
    );
  },
  BUSY_MACHINE_MS,
);

function refusal(run: PureRun, eventId: string): string {
  const command: Parameters<PureRun["refuse"]>[0] = { type: "event", eventId, data: {}, variables: {} };
  return run.refuse(command).code;
}
