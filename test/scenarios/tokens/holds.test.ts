/** Operators and several tokens: what they retry, resume and cancel. */
import { expect, test } from "vitest";
import { PureRun } from "../../kit/pure-run.js";
import {
  after,
  box,
  call,
  incidentsOf,
  log,
  machine,
  manual,
  operator,
  schema,
  state,
  tokensOf,
  way,
} from "./parts.js";

const required = schema({ n: { type: "number" } }, ["n"]);

test("a retry of everything goes on where one retry has taken the others' tokens away", () => {
  const run = new PureRun(
    machine(
      [
        state("init", "initial"),
        box(
          "box",
          [
            state("a", "initial", { entryActions: [call("asking", { onError: "notify" })] }),
            state("ready", "final"),
          ],
          [way("go", "a", "ready", { event: manual("go") })],
        ),
        state("late", "final", required),
        state("end", "final"),
      ],
      [
        way("begin", "init", "box"),
        way("deadline", "box", "late", { event: after("PT1H"), interrupts: true }),
        way("finish", "box", "end"),
      ],
    ),
  );
  run.start();
  run.fireNextTimer();
  run.fail("BROKEN", true);
  expect(incidentsOf(run)).toEqual(["VALIDATION_FAILED box", "BROKEN a"]);
  operator(run, "suspend");
  run.update({ n: 1 });
  operator(run, "resume");
  operator(run, "retry");
  expect([run.status, ...tokensOf(run)]).toEqual(["completed", "late/ended"]);
  expect(run.tries).toEqual([]);
});

/** Two branches that call; `asideA` and `asideB` keep the source of what fails. */
const branches = () => {
  const branch = (name: string) =>
    state(name, "task", { entryActions: [call(`call${name}`), log(`log${name}`)] });
  return new PureRun(
    machine(
      [
        state("init", "initial"),
        state("split", "fork"),
        state("repair"),
        branch("a"),
        branch("b"),
        state("end", "final"),
      ],
      [
        way("begin", "init", "split"),
        way("toA", "split", "a"),
        way("toB", "split", "b"),
        way("asideA", "a", "repair", { event: manual("error"), keepSource: true }),
        way("asideB", "b", "repair", { event: manual("error"), keepSource: true }),
        way("finish", ["a", "b", "repair"], "end", { event: manual("finish") }),
      ],
    ),
  );
};

test("every failure that a hold has put off is decided when the instance goes on", () => {
  const run = branches();
  run.start();
  operator(run, "suspend");
  run.fail("BROKEN", true, "calla");
  run.fail("BROKEN", true, "callb");
  expect(tokensOf(run)).toEqual(["a/entering", "b/entering"]);
  operator(run, "resume");
  expect(tokensOf(run)).toEqual(["repair/settled", "repair/settled", "a/settled", "b/settled"]);
});

test("a cancelled instance shows nobody who was only on the way", () => {
  const run = new PureRun(
    machine(
      [state("a", "initial"), state("b"), state("end", "final")],
      [
        way("aside", "a", "b", { event: manual("aside"), keepSource: true, actions: [call("telling")] }),
        way("finish", ["a", "b"], "end", { event: manual("finish") }),
      ],
    ),
  );
  run.start();
  run.send("aside");
  expect(tokensOf(run)).toEqual(["a/settled", "a/leaving"]);
  operator(run, "cancel");
  expect([run.status, ...tokensOf(run)]).toEqual(["cancelled", "a/ended"]);
});

test("what the limit of automatic steps has stopped beside its incident goes on with a retry", () => {
  const run = new PureRun(
    machine(
      [
        state("init", "initial"),
        state("split", "fork"),
        state("x"),
        state("y"),
        state("which", "decision"),
        state("a"),
        state("b"),
        state("end", "final"),
      ],
      [
        way("begin", "init", "split"),
        way("toX", "split", "x"),
        way("toY", "split", "y"),
        way("on", "x", undefined, {
          condition: "data.n < data.most",
          actions: [{ actionId: "count", type: "assign", assign: { n: "${data.n + 1}" } }],
        }),
        way("decide", "y", "which", { condition: "data.n >= 99" }),
        way("toA", "which", "a", { condition: "data.n > 1000" }),
        way("toB", "which", "b", { default: true }),
        way("finish", ["x", "a", "b"], "end", { event: manual("finish") }),
      ],
    ),
  );
  run.start({ n: 0, most: 150 });
  expect(incidentsOf(run)).toEqual(["AUTOMATIC_LIMIT x"]);
  operator(run, "retry");
  expect([run.status, ...tokensOf(run)]).toEqual(["active", "x/settled", "b/settled"]);
});
