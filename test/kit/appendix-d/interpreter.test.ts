/** Charts that were worked out by hand: what the naive interpreter must say before it judges anything else. */
import { expect, it } from "vitest";
import type { CanonicalDefinition } from "../../../src/core/definition/definition-document.generated.js";
import type { JsonObject } from "../../../src/core/json/json.js";
import { Interpreter } from "./interpreter.js";

const log = (actionId: string) => ({ actionId, type: "log" });

/** A state that says when it is entered and left. */
const state = (stateId: string, baseStateType = "task", more: JsonObject = {}): JsonObject => ({
  stateId,
  baseStateType,
  entryActions: [log(`+${stateId}`)],
  exitActions: [log(`-${stateId}`)],
  ...more,
});

const compound = (
  stateId: string,
  states: JsonObject[],
  transitions: JsonObject[] = [],
  more: JsonObject = {},
) => state(stateId, "compound", { states, transitions, ...more });

/** Regions `<id>1`, `<id>2`, …, each with its states, the first of which it begins in. */
const parallel = (stateId: string, ...regions: JsonObject[][]) =>
  state(stateId, "parallel", {
    regions: regions.map((states, at) => ({
      regionId: `${stateId}${at + 1}`,
      states,
      initial: String(states[0]?.stateId),
    })),
  });

/** `"a e b"`: from a on e to b; `"a e"` has no target. */
const on = (text: string, more: JsonObject = {}): JsonObject => {
  const [fromStateId = "", eventId = "", toStateId] = text.split(" ");
  return {
    transitionId: text,
    fromStateId,
    ...(toStateId === undefined ? {} : { toStateId }),
    event: [{ eventId, trigger: "manual" }],
    actions: [log(text)],
    ...more,
  };
};

const eventless = (fromStateId: string, toStateId: string, more: JsonObject = {}): JsonObject => ({
  transitionId: `${fromStateId}>${toStateId}`,
  fromStateId,
  toStateId,
  actions: [log(`${fromStateId}>${toStateId}`)],
  ...more,
});

const assignN = { actionId: "n", type: "assign", assign: { n: "${data.n + 1}" } };

class Run {
  readonly interpreter: Interpreter;
  #seen = 0;

  constructor(states: JsonObject[], transitions: JsonObject[], most?: number) {
    const definition = { stateMachineId: "chart", version: 1, states, transitions };
    this.interpreter = new Interpreter(definition as unknown as CanonicalDefinition, { n: 0 }, most);
    this.interpreter.interpret();
  }

  /** What has run since it was last asked. */
  get news(): string {
    const news = this.interpreter.trace.slice(this.#seen).join(" ");
    this.#seen = this.interpreter.trace.length;
    return news;
  }

  get in(): string {
    return this.interpreter.configuration.join(" ");
  }

  send(event: string): string {
    this.#seen = this.interpreter.trace.length;
    this.interpreter.send(event);
    return this.news;
  }
}

const begin = (to: string) => eventless("init", to);
const init = { stateId: "init", baseStateType: "initial" };
const end = state("end", "final");

it("both regions are entered outer first in document order and left inner first in reverse order", () => {
  const run = new Run(
    [init, parallel("p", [state("a", "initial")], [state("b", "initial")]), state("out")],
    [begin("p"), on("p e out")],
  );
  expect(run.news).toBe("init>p +p +a +b");
  expect(run.in).toBe("a b");
  expect(run.send("e")).toBe("-b -a -p p e out +out");
  expect(run.in).toBe("out");
});

it("an event moves every region that it concerns: all exits, then all transitions, then all entries", () => {
  const run = new Run(
    [init, parallel("p", [state("a", "initial"), state("a2")], [state("b", "initial"), state("b2")])],
    [begin("p"), on("a e a2"), on("b e b2")],
  );
  expect(run.send("e")).toBe("-b -a a e a2 b e b2 +a2 +b2");
});

it("an inner state's transition beats its scope's", () => {
  const run = new Run(
    [init, compound("c", [state("a", "initial"), state("b")], [on("a e b")]), state("out")],
    [begin("c"), on("c e out")],
  );
  expect(run.send("e")).toBe("-a a e b +b");
  expect(run.send("e")).toBe("-b -c c e out +out");
});

it("of two regions that want to leave the parallel state the earlier one wins, and an inner one over an outer one", () => {
  const states = [
    init,
    parallel("p", [state("a", "initial")], [state("b", "initial"), state("b2")]),
    state("x"),
    state("y"),
  ];
  expect(new Run(states, [begin("p"), on("b e y"), on("a e x")]).send("e")).toBe("-b -a -p a e x +x");
  // Region p1 finds p's transition first, and region p2 its own, which is further in.
  expect(new Run(states, [begin("p"), on("p e x"), on("b e b2")]).send("e")).toBe("-b b e b2 +b2");
});

it("a transition from one region into the other leaves the parallel state and enters it again", () => {
  const run = new Run(
    [init, parallel("p", [state("a", "initial"), state("a2")], [state("b", "initial"), state("b2")])],
    [begin("p"), on("a e b2")],
  );
  expect(run.send("e")).toBe("-b -a -p a e b2 +p +a +b2");
});

it("an internal transition leaves what is inside; an external one the state too; one without target nothing", () => {
  const inner = [state("a", "initial"), state("b")];
  const internal = [init, compound("c", inner, [on("c e b")])];
  expect(new Run(internal, [begin("c")]).send("e")).toBe("-a c e b +b");
  const external = [init, compound("c", inner)];
  expect(new Run(external, [begin("c"), on("c e b")]).send("e")).toBe("-a -c c e b +c +b");
  expect(new Run(external, [begin("c"), on("c e c")]).send("e")).toBe("-a -c c e c +c +a");
  expect(new Run(external, [begin("c"), on("c e")]).send("e")).toBe("c e");
});

it("a transition without target that two regions find runs once", () => {
  const run = new Run(
    [init, parallel("p", [state("a", "initial")], [state("b", "initial")])],
    [begin("p"), on("p e")],
  );
  expect(run.send("e")).toBe("p e");
});

const nested = compound("c", [
  state("a", "initial"),
  compound("d", [state("d1", "initial"), state("d2")], [on("d1 next d2")]),
]);

it("shallow history enters the child that was left as usual, deep history all that was left", () => {
  const transitions = [
    begin("c"),
    on("a in d"),
    on("c out away"),
    on("away shallow c", { history: "shallow" }),
    on("away deep c", { history: "deep" }),
  ];
  const run = new Run([init, nested, state("away")], transitions);
  run.send("in");
  run.send("next");
  expect(run.in).toBe("d2");
  expect(run.send("out")).toBe("-d2 -d -c c out away +away");
  expect(run.send("deep")).toBe("-away away deep c +c +d +d2");
  run.send("out");
  expect(run.send("shallow")).toBe("-away away shallow c +c +d +d1");
});

it("the first time a history enters the state as usual, and one that names a plain state that one", () => {
  const states = [init, nested, state("away")];
  const first = [begin("away"), on("away back c", { history: "deep" })];
  expect(new Run(states, first).send("back")).toBe("-away away back c +c +a");
  const plain = [
    begin("away"),
    on("away back d2", { history: "shallow" }),
    on("d2 up away"),
    on("d1 up away"),
  ];
  const run = new Run(states, plain);
  expect(run.send("back")).toBe("-away away back d2 +c +d +d2");
  run.send("up");
  const other = new Run(states, [...plain, on("away go d")]);
  other.send("go");
  other.send("up");
  expect(other.send("back")).toBe("-away away back d2 +c +d +d1");
});

it("a parallel state's deep history enters every region where it was left", () => {
  const run = new Run(
    [
      init,
      parallel("p", [state("a", "initial"), state("a2")], [state("b", "initial"), state("b2")]),
      state("away"),
    ],
    [begin("p"), on("b e b2"), on("p out away"), on("away deep p", { history: "deep" })],
  );
  run.send("e");
  run.send("out");
  expect(run.send("deep")).toBe("-away away deep p +p +a +b2");
});

it("a compound state is done with its final child, and a parallel one when every region is", () => {
  const run = new Run(
    [
      init,
      parallel(
        "p",
        [state("a", "initial"), state("fa", "final")],
        [state("b", "initial"), state("fb", "final")],
      ),
      state("out"),
    ],
    [begin("p"), on("a e1 fa"), on("b e2 fb"), on("p done.state.p out")],
  );
  expect(run.send("e1")).toBe("-a a e1 fa +fa");
  expect(run.in).toBe("fa b");
  expect(run.send("e2")).toBe("-b b e2 fb +fb -fb -fa -p p done.state.p out +out");
});

it("a region is done in a compound state that is done, unless that goes on by itself", () => {
  const box = compound("c", [state("a", "initial"), state("fa", "final")], [on("a e fa")]);
  const states = [init, parallel("p", [box], [state("fb", "final")]), state("out")];
  const done = on("p done.state.p out");
  expect(new Run(states, [begin("p"), done]).send("e")).toBe(
    "-a a e fa +fa -fb -fa -c -p p done.state.p out +out",
  );
  const goesOn = eventless("c", "a", { condition: "data.n < 1", actions: [log("again"), assignN] });
  const run = new Run(states, [begin("p"), done, goesOn]);
  expect(run.send("e")).toBe("-a a e fa +fa -fa -c again +c +a");
  expect(run.send("e")).toBe("-a a e fa +fa");
});

it("an automatic transition of a compound state waits until it is done, unless it interrupts", () => {
  const states = [init, compound("c", [state("a", "initial"), state("f", "final")], [on("a e f")]), end];
  const waiting = new Run(states, [begin("c"), eventless("c", "end")]);
  expect(waiting.news).toBe("init>c +c +a");
  expect(waiting.send("e")).toBe("-a a e f +f -f -c c>end +end");
  expect(new Run(states, [begin("c"), eventless("c", "end", { interrupts: true })]).news).toBe(
    "init>c +c +a -a -c c>end +end",
  );
});

it("automatic transitions come before what was raised, and that in order", () => {
  const raise = (event: string) => ({ actionId: `raise ${event}`, type: "raise", config: { event } });
  const run = new Run(
    [
      init,
      state("a", "task", { entryActions: [log("+a"), raise("i2"), raise("i1")] }),
      state("b"),
      state("c"),
    ],
    [begin("a"), eventless("a", "b"), on("b i1 c"), on("b i2"), on("c i2")],
  );
  expect(run.news).toBe("init>a +a -a a>b +b b i2 -b b i1 c +c");
});

it("a condition over inState is asked again after each microstep", () => {
  const run = new Run(
    [init, parallel("p", [state("a", "initial"), state("a2")], [state("b", "initial"), state("b2")])],
    [begin("p"), on("a e a2"), eventless("b", "b2", { condition: "inState('a2')" })],
  );
  expect(run.in).toBe("a b");
  expect(run.send("e")).toBe("-a a e a2 +a2 -b b>b2 +b2");
});

it("a scope may begin at any depth, and what lies between is entered too", () => {
  const run = new Run([init, { ...nested, initial: "d2" }], [begin("c")]);
  expect(run.news).toBe("init>c +c +d +d2");
});

it("a final state of the machine ends it at once", () => {
  const run = new Run([init, parallel("p", [state("a", "initial")]), end], [begin("p"), on("a e end")]);
  expect(run.send("e")).toBe("-a -p a e end +end");
  expect(run.in).toBe("end");
  expect(run.interpreter.isRunning).toBe(false);
  expect(run.interpreter.send("e")).toBe(false);
});

it("a run that never comes to rest is given up", () => {
  const run = new Run(
    [init, state("a"), state("b")],
    [begin("a"), eventless("a", "b"), eventless("b", "a")],
    10,
  );
  expect(run.interpreter.isSpinning).toBe(true);
});
