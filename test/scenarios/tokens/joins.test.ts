/** Joins and decisions that cannot go on at once, joins of lists of sources, and what is told of forked tokens. */
import { expect, test } from "vitest";
import type { JsonObject } from "../../../src/core/json/json.js";
import { PureRun } from "../../kit/pure-run.js";
import {
  countOf,
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

/** Two branches, `x` and `y`, that meet in `meet`. */
const forked = (states: JsonObject[], ways: JsonObject[], more: JsonObject = {}) => {
  const run = new PureRun(
    machine(
      [state("init", "initial"), state("split", "fork"), state("x"), state("y"), ...states],
      [way("begin", "init", "split"), way("toX", "split", "x"), way("toY", "split", "y"), ...ways],
      more,
    ),
  );
  run.start();
  return run;
};
const meet = (wait = "all") => state("meet", "join", { wait });
const both = [
  way("fromX", "x", "meet", { event: manual("x") }),
  way("fromY", "y", "meet", { event: manual("y") }),
];

test.each([
  ["all", "an update"],
  ["all", "a retry"],
  ["active", "an update"],
])("a join (%s) whose next state cannot be entered yet goes on with %s", (wait, how) => {
  const run = forked(
    [meet(wait), state("end", "final", schema({ n: { type: "number" } }, ["n"]))],
    [...both, way("finish", "meet", "end")],
  );
  run.send("x");
  run.send("y");
  expect([tokensOf(run), incidentsOf(run)]).toEqual([["meet/settled"], ["VALIDATION_FAILED meet"]]);
  if (how === "a retry") {
    operator(run, "suspend");
    run.update({ n: 1 });
    operator(run, "resume");
  } else run.update({ n: 1 });
  expect([run.status, run.state]).toEqual(["completed", "end"]);
});

test("a join that has joined and has no way on does not wait for its tokens again", () => {
  const run = forked(
    [meet(), state("end", "final")],
    [...both, way("finish", "meet", "end", { condition: "data.ready === true" })],
    { globalErrorHandler: { onError: "notify" } },
  );
  run.send("x");
  run.send("y");
  expect(incidentsOf(run)).toEqual(["NO_TRANSITION meet"]);
  operator(run, "retry");
  expect(incidentsOf(run)).toEqual(["NO_TRANSITION meet"]);
  run.update({ ready: true });
  expect(run.status).toBe("completed");
});

test.each(["all", "active"])(
  "a join (%s) takes a token for each source of a transition with several",
  (wait) => {
    const run = forked(
      [meet(wait), state("z"), state("end", "final")],
      [
        way("together", ["x", "y"], "meet", { event: manual("on"), condition: "event.data.both === true" }),
        way("next", "meet", "z"),
        way("finish", "z", "end", { event: manual("finish") }),
      ],
    );
    run.send("on", { both: true });
    expect(tokensOf(run)).toEqual(["z/settled"]);
  },
);

test("a join waits for the other sources of a transition with several", () => {
  const run = forked(
    [meet(), state("z"), state("end", "final"), state("w")],
    [
      way("slow", "y", "w", { event: manual("on") }),
      way("together", ["x", "w"], "meet", { event: manual("on") }),
      way("next", "meet", "z"),
      way("finish", "z", "end", { event: manual("finish") }),
    ],
  );
  run.send("on");
  expect(tokensOf(run)).toEqual(["meet/settled", "w/settled"]);
  run.send("on");
  expect(tokensOf(run)).toEqual(["z/settled"]);
});

test("what others do changes nothing about the incident of a decision without a way", () => {
  const run = forked(
    [state("which", "decision"), state("end", "final")],
    [
      way("decide", "x", "which", { event: manual("x") }),
      way("finish", "which", "end", { condition: "data.n === 1" }),
      way("note", "y", undefined, { event: manual("note"), actions: [log("noted")] }),
      way("leave", "y", "end", { event: manual("leave") }),
    ],
    { globalErrorHandler: { onError: "notify" } },
  );
  run.send("x");
  const before = run.snapshot?.incidents.map(({ incidentId }) => incidentId);
  run.send("note");
  run.send("note");
  expect(run.snapshot?.incidents.map(({ incidentId }) => incidentId)).toEqual(before);
  expect([countOf(run, "incident-opened"), countOf(run, "error-data")]).toEqual([1, 1]);
  run.update({ n: 1 });
  expect(tokensOf(run)).toEqual(["y/settled"]);
});

test("each token that a fork makes is told of with the state that it comes from", () => {
  const run = forked(
    [state("z"), state("end", "final")],
    [
      way("more", "x", "z", { event: manual("more"), keepSource: true }),
      way("finish", ["x", "y", "z"], "end", { event: manual("finish") }),
    ],
    { globalCallbackHandler: { webhook: { url: "http://127.0.0.1:1/told" } } },
  );
  run.send("more");
  const told = run.deliveries.map(({ request }) => {
    const { data } = request.payload as { data: JsonObject };
    return `${data.from} ${data.to}`;
  });
  expect(told).toEqual(["null init", "init x", "init y", "x z"]);
});
