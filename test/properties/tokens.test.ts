/**
 * Laws of tokens: forks and joins move them as the token game says, and of a scope that is left nothing stays behind.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonObject } from "../../src/core/json/json.js";
import { findingsOf } from "../kit/definition-findings.js";
import { type Flow, flowData, flowScope, generatedFlow, TokenGame } from "../kit/generated-flows.js";
import { PureRun } from "../kit/pure-run.js";

/** A run takes some seconds; a machine with much else to do takes longer. */
const BUSY_MACHINE_MS = 120_000;

/** Which task goes on; undefined for all. */
const moves = fc.array(fc.option(fc.nat(20), { nil: undefined, freq: 4 }), { minLength: 1, maxLength: 14 });

const statesOf = (run: PureRun) => (run.snapshot?.tokens ?? []).map((token) => token.stateId).sort();

/** Plays both until the flow is over, the moves are used up or nothing can move. */
function play(
  flow: Flow,
  drawn: readonly (number | undefined)[],
  check: (run: PureRun, game: TokenGame) => void,
) {
  const run = new PureRun({ stateMachineId: "flow", ...flowScope(flow, "initial") });
  const game = new TokenGame(flow);
  run.start(flowData(flow));
  check(run, game);
  for (const at of drawn) {
    const tasks = [...game.tasks].sort();
    const chosen = at === undefined ? tasks : tasks.slice(at % tasks.length, (at % tasks.length) + 1);
    if (chosen.length === 0) return;
    run.send(at === undefined ? "go" : `go-${chosen[0]}`);
    game.go(chosen);
    check(run, game);
  }
}

function expectSame(run: PureRun, game: TokenGame): void {
  expect(statesOf(run)).toEqual(game.marking);
  expect(run.status).toBe(game.isOver ? "completed" : "active");
}

test(
  "a parallel flow, nested or not, holds one token for each way and runs every task once",
  () => {
    fc.assert(
      fc.property(generatedFlow("all", false), moves, (flow, drawn) => {
        play(flow, drawn, expectSame);
        const all = new TokenGame(flow);
        for (let round = 0; round < flow.nodes; round += 1) all.go([...all.tasks]);
        expect(all.begun).toEqual(all.begun.map(() => 1));
        expect(all.marking).toEqual(["done"]);
      }),
      { numRuns: 100 },
    );
  },
  BUSY_MACHINE_MS,
);

test(
  "an inclusive flow joins what was forked, as soon as nothing more can come",
  () => {
    fc.assert(
      fc.property(generatedFlow("active", true), moves, (flow, drawn) => play(flow, drawn, expectSame)),
      { numRuns: 100 },
    );
  },
  BUSY_MACHINE_MS,
);

/** What every outcome leaves stuck is no valid definition. */
const isAccepted = (flow: Flow) =>
  findingsOf({ stateMachineId: "flow", ...flowScope(flow, "initial") }).every(
    ({ severity }) => severity !== "error",
  );

test(
  "a join that waits for what cannot come any more opens an incident that says so",
  () => {
    fc.assert(
      fc.property(generatedFlow("all", true).filter(isAccepted), moves, (flow, drawn) => {
        play(flow, drawn, (run, game) => {
          expect(statesOf(run)).toEqual(game.marking);
          const stuck = game.stuck.map((node) => `j${node}`).sort();
          const told = (run.snapshot?.incidents ?? []).filter(({ code }) => code === "JOIN_STUCK");
          expect([...new Set(told.map(({ state }) => state))].sort()).toEqual(stuck);
          if (!game.isOver) expect(run.status).toBe(stuck.length > 0 ? "suspended" : "active");
        });
      }),
      { numRuns: 100 },
    );
  },
  BUSY_MACHINE_MS,
);

/** A flow inside a compound state: its tasks call, have a timer, or are a scope with both; `out` leaves at any moment. */
function boxed(flow: Flow): JsonObject {
  const call = (name: string) => [
    { actionId: name, trigger: { webhook: { url: `http://127.0.0.1:1/${name}` } }, retryCount: 2 },
  ];
  const later = (from: string) => ({
    transitionId: `later-${from}`,
    fromStateId: from,
    event: [{ eventId: `late-${from}`, trigger: "time-based", after: "PT1H" }],
  });
  const inside = (node: number): JsonObject => {
    if (node % 3 === 1) return { entryActions: call(`call-${node}`) };
    if (node % 3 === 2) return {};
    return { exitActions: [{ actionId: `left-${node}`, type: "log" }] };
  };
  const { states, transitions } = flowScope(flow, "initial", inside);
  const waiting = states.filter(({ baseStateType }) => baseStateType === "task");
  return {
    stateMachineId: "boxed",
    states: [
      { stateId: "init", baseStateType: "initial" },
      {
        stateId: "box",
        baseStateType: "compound",
        states: states as JsonObject[],
        transitions: [...transitions, ...waiting.map(({ stateId }) => later(String(stateId)))],
      },
      { stateId: "outside", baseStateType: "task" },
      { stateId: "end", baseStateType: "final" },
    ],
    transitions: [
      { transitionId: "begin", fromStateId: "init", toStateId: "box" },
      later("box"),
      {
        transitionId: "out",
        fromStateId: "box",
        toStateId: "outside",
        interrupts: true,
        event: [{ eventId: "out", trigger: "manual" }],
      },
      {
        transitionId: "finish",
        fromStateId: "outside",
        toStateId: "end",
        event: [{ eventId: "finish", trigger: "manual" }],
      },
    ],
  };
}

/** Whatever is under way belongs to a token, every token to a scope, and every scope to a token that is inside. */
function expectNoOrphans(run: PureRun): void {
  const { tokens = [], scopes = [] } = run.snapshot ?? {};
  const scopeIds = scopes.map(({ scopeId }) => scopeId);
  for (const token of tokens) expect(scopeIds).toContain(token.scopeId);
  for (const { ownerId } of scopes)
    if (ownerId !== undefined) expect(tokens.map(({ tokenId }) => tokenId)).toContain(ownerId);
  const timers = tokens.flatMap((token) => [
    ...token.timers.map(({ timerId }) => timerId),
    ...(token.agenda?.running?.retryTimerId === undefined ? [] : [token.agenda.running.retryTimerId]),
  ]);
  expect([...run.timers.keys()].sort()).toEqual(timers.sort());
  const called = tokens.flatMap(({ agenda }) =>
    agenda?.running?.progress === "in-progress" ? [agenda.running.actionId] : [],
  );
  expect(run.tries.map(({ actionId }) => actionId).sort()).toEqual(called.sort());
}

type Act = number | "go" | "succeed" | "fail" | "timer";

const acts = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.nat(6) },
    { weight: 4, arbitrary: fc.constantFrom<Act>("go", "succeed", "succeed", "fail", "timer") },
  ),
  { maxLength: 12 },
);

function act(run: PureRun, what: Act): void {
  if (what === "succeed" || what === "fail") {
    if (run.tries.length > 0) run[what]();
  } else if (what === "timer") {
    if (run.timers.size > 0) run.fireNextTimer();
  } else {
    const node = what === "go" ? "go" : `go-${what}`;
    try {
      run.send(node);
    } catch (error) {
      // A refusal is an outcome; everything else is a defect.
      if (!(error instanceof Error) || !error.message.includes("NOT_ENABLED")) throw error;
    }
  }
}

test(
  "of a scope that is left no token, timer, action or inner scope stays behind",
  () => {
    fc.assert(
      fc.property(generatedFlow("all", false), acts, (flow, drawn) => {
        const run = new PureRun(boxed(flow));
        run.start({});
        for (const what of drawn) {
          act(run, what);
          expectNoOrphans(run);
        }
        if (run.status !== "active" || !statesOf(run).includes("box")) return;
        run.send("out");
        expect(statesOf(run)).toEqual(["outside"]);
        expect(run.snapshot?.scopes).toHaveLength(1);
        expect([run.timers.size, run.tries.length]).toEqual([0, 0]);
        expect(run.snapshot?.incidents).toEqual([]);
      }),
      { numRuns: 100 },
    );
  },
  BUSY_MACHINE_MS,
);
