/**
 * Laws of the step, on generated machines and command sequences. After every command the run is also replayed from its
 * sealed trail (`PureRun` does that), so determinism and the fold are checked all along.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../src/core/json/json.js";
import { step } from "../../src/core/step/step.js";
import { PureRun } from "../kit/pure-run.js";

const strategies = fc.constantFrom<Json>(
  "abort",
  "ignore",
  "log",
  "notify",
  "retry",
  ["log", "retry", "notify"],
  ["notify", "ignore"],
);

const action = (name: string): fc.Arbitrary<JsonObject> =>
  fc.oneof(
    fc.record({
      actionId: fc.constant(name),
      trigger: fc.constant({ webhook: { url: `http://127.0.0.1:1/${name}` } }),
      retryCount: fc.integer({ min: 0, max: 2 }),
      retryDelay: fc.constantFrom("PT1S", "PT0S", "P1D"),
      onError: strategies,
      onTimeout: fc.constantFrom<Json>("abort", "retry", "proceed", "notify", ["retry", "ignore"]),
    }),
    fc.record({
      actionId: fc.constant(name),
      type: fc.constant("assign"),
      assign: fc.record({ n: fc.constantFrom("${(data.n ?? 0) + 1}", "$data.absent", "$data.n?") }),
    }),
    fc.record({
      actionId: fc.constant(name),
      type: fc.constantFrom("audit", "log"),
      config: fc.constant({ level: "info" }),
    }),
  ) as fc.Arbitrary<JsonObject>;

const actions = (prefix: string): fc.Arbitrary<JsonObject[]> =>
  fc
    .integer({ min: 0, max: 2 })
    .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => action(`${prefix}${index}`))));

const trigger = fc.oneof(
  fc
    .constantFrom("e0", "e1", "e2", "error", "error.ACTION_FAILED")
    .map((eventId): JsonObject => ({ eventId, trigger: "manual" })),
  fc.constantFrom("PT1S", "PT1H").map((after): JsonObject => ({ trigger: "time-based", after })),
  fc.constant<JsonObject>({ eventId: "auto", trigger: "automatic" }),
);

const STATES = ["s0", "s1", "s2", "d", "end", "failed"];

const transition = (index: number): fc.Arbitrary<JsonObject> =>
  fc
    .record({
      from: fc.constantFrom("s0", "s1", "s2", "d"),
      to: fc.constantFrom(...STATES, undefined),
      event: trigger,
      condition: fc.constantFrom("true", "data.n > 1", "data.n === 2", "data.go === true"),
      interrupts: fc.boolean(),
      actions: actions(`t${index}`),
    })
    .map(({ from, to, event, condition, interrupts, actions: list }) => ({
      transitionId: `t${index}`,
      fromStateId: from,
      ...(to === undefined || from === "d"
        ? from === "d"
          ? { toStateId: to ?? "end" }
          : {}
        : { toStateId: to }),
      ...(from === "d" ? {} : { event: [event] }),
      // A constant automatic transition could spin for ever, which validation refuses.
      condition: from === "d" || event.trigger === "automatic" ? "data.n > 1" : condition,
      interrupts,
      actions: from === "d" ? [] : list,
    }));

const machine: fc.Arbitrary<JsonObject> = fc
  .tuple(
    actions("a"),
    actions("b"),
    actions("c"),
    actions("x"),
    actions("f"),
    fc.tuple(...Array.from({ length: 7 }, (_, index) => transition(index))),
  )
  .map(([a, b, c, x, f, transitions]) => ({
    stateMachineId: "generated",
    states: [
      { stateId: "s0", baseStateType: "initial", entryActions: a, exitActions: x },
      { stateId: "s1", baseStateType: "task", entryActions: b },
      { stateId: "s2", baseStateType: "userTask", entryActions: c },
      { stateId: "d", baseStateType: "decision" },
      { stateId: "end", baseStateType: "final", entryActions: f },
      { stateId: "failed", baseStateType: "error" },
    ],
    // A way to each state, so that no generated machine is refused for being unreachable.
    transitions: [
      ...transitions,
      ...["s1", "s2", "d", "end", "failed"].map((state) => ({
        transitionId: `to-${state}`,
        fromStateId: state === "s1" ? "s0" : "s1",
        toStateId: state,
        event: [{ eventId: `to-${state}`, trigger: "manual" }],
      })),
      {
        transitionId: "back",
        fromStateId: "s2",
        toStateId: "s0",
        event: [{ eventId: "back", trigger: "manual" }],
      },
      { transitionId: "d-default", fromStateId: "d", toStateId: "s1", default: true },
    ],
  }));

type Move =
  | { kind: "send"; event: string; data: JsonObject }
  | { kind: "update"; data: JsonObject }
  | {
      kind:
        | "succeed"
        | "fail"
        | "failFinally"
        | "timeOut"
        | "timer"
        | "cancel"
        | "suspend"
        | "resume"
        | "retry"
        | "skip";
    };

const data = fc.constantFrom<JsonObject>({}, { n: 1 }, { n: 2 }, { go: true }, { go: false, n: 5 });
const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("send" as const),
      event: fc.constantFrom("e0", "e1", "e2", "to-s1", "to-s2", "to-d", "to-end", "back", "unknown"),
      data,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("update" as const), data }) },
  {
    weight: 6,
    arbitrary: fc.constantFrom<Move>(
      { kind: "succeed" },
      { kind: "succeed" },
      { kind: "fail" },
      { kind: "failFinally" },
      { kind: "timeOut" },
      { kind: "timer" },
      { kind: "timer" },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Move>(
      { kind: "suspend" },
      { kind: "resume" },
      { kind: "resume" },
      { kind: "retry" },
      { kind: "skip" },
      { kind: "cancel" },
    ),
  },
);

function perform(run: PureRun, next: Move): void {
  try {
    switch (next.kind) {
      case "send":
        run.send(next.event, next.data);
        break;
      case "update":
        run.update(next.data);
        break;
      case "cancel":
      case "suspend":
      case "resume":
      case "retry":
      case "skip":
        run.accept({ type: "operator", act: next.kind, reason: "generated" });
        break;
      case "timer":
        if (run.timers.size > 0) run.fireNextTimer();
        break;
      default:
        if (run.tries.length === 0) break;
        if (next.kind === "succeed") run.succeed({ ok: true });
        if (next.kind === "fail") run.fail();
        if (next.kind === "failFinally") run.fail("ACTION_FAILED", true);
        if (next.kind === "timeOut") run.timeOut();
    }
  } catch (error) {
    // A refusal is an outcome; everything else is a defect.
    if (!(error instanceof Error) || !error.message.includes("was refused:")) throw error;
  }
}

function checkLaws(run: PureRun): void {
  const { snapshot } = run;
  if (snapshot === undefined) return;
  const awaited = snapshot.tokens.flatMap((token) => {
    const running = token.agenda?.running;
    return running?.progress === "in-progress" && running.effect !== undefined
      ? [`${running.effect.seq}.${running.effect.ordinal}`]
      : [];
  });
  expect(run.tries.map((effect) => `${effect.seq}.${effect.ordinal}`).sort()).toEqual(awaited.sort());
  const timers = snapshot.tokens.flatMap((token) => [
    ...token.timers.map((timer) => timer.timerId),
    ...(token.agenda?.running?.retryTimerId === undefined ? [] : [token.agenda.running.retryTimerId]),
  ]);
  expect([...run.timers.keys()].sort()).toEqual(timers.sort());
  const suspends = snapshot.incidents.some((incident) => incident.suspends);
  const hasEnded = snapshot.status !== "active" && snapshot.status !== "suspended";
  const isHeld = snapshot.suspension !== undefined;
  if (!hasEnded) expect(snapshot.status === "suspended").toBe(suspends || isHeld);
  for (const token of snapshot.tokens) {
    const waits =
      token.agenda === undefined || token.agenda.running !== undefined || token.agenda.isHeld === true;
    if (!isHeld) expect(waits).toBe(true);
    const isStuck = token.agenda?.running?.progress === "failed" || token.agenda?.isHeld === true;
    if (isStuck) expect(suspends).toBe(true);
  }
  if (hasEnded) expect(snapshot.kept).toEqual([]);
}

test("whatever happens: nothing is orphaned, nothing is stuck without an incident, and the trail replays", () => {
  fc.assert(
    fc.property(machine, fc.array(move, { minLength: 1, maxLength: 25 }), (definition, moves) => {
      const run = new PureRun(definition);
      run.start({ n: 0 });
      checkLaws(run);
      for (const next of moves) {
        perform(run, next);
        checkLaws(run);
      }
    }),
    { numRuns: 400 },
  );
});

test("the step never changes the snapshot that it is given", () => {
  fc.assert(
    fc.property(machine, fc.array(move, { maxLength: 10 }), (definition, moves) => {
      const run = new PureRun(definition);
      run.start();
      for (const next of moves) perform(run, next);
      deepFreeze(run.snapshot);
      const command = {
        type: "event" as const,
        eventId: "e0",
        data: {},
        variables: {},
        actor: "ada",
        source: "test",
        random: "0".repeat(32),
      };
      expect(() => step(run.machine, run.snapshot, command, run.nowMs)).not.toThrow();
    }),
    { numRuns: 200 },
  );
});

function deepFreeze(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const member of Object.values(value)) deepFreeze(member);
}
