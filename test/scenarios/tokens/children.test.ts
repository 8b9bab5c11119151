/** Children of a state while an operator holds their parent, when the list cannot go on, and when it is retried. */
import { expect, test } from "vitest";
import type { JsonObject } from "../../../src/core/json/json.js";
import { PureRun } from "../../kit/pure-run.js";
import {
  childEnds,
  childFails,
  childKeys,
  countOf,
  incidentsOf,
  machine,
  operator,
  state,
  tokensOf,
  way,
} from "./parts.js";

const list = (each: JsonObject, more: JsonObject = {}) =>
  new PureRun(
    machine(
      [
        state("work", "initial", {
          forEach: { items: "$data.items", as: "item", subMachine: { stateMachineId: "child" }, ...each },
        }),
        state("end", "final"),
      ],
      [way("finish", "work", "end")],
      more,
    ),
  );

test("a list begins no child while an operator holds the instance, and goes on when it is resumed", () => {
  const run = list({ concurrency: 1 });
  run.start({ items: [1, 2] });
  operator(run, "suspend");
  childEnds(run);
  expect(childKeys(run)).toEqual([]);
  expect(countOf(run, "child-started")).toBe(1);
  operator(run, "resume");
  expect(childKeys(run)).toHaveLength(1);
  childEnds(run);
  expect(run.status).toBe("completed");
});

test("what a child's failure means is decided when the instance goes on", () => {
  const run = list({ concurrency: 1 });
  run.start({ items: [1, 2] });
  operator(run, "suspend");
  childFails(run);
  expect(run.status).toBe("suspended");
  operator(run, "resume");
  expect([run.status, run.snapshot?.variables.lastError]).toEqual([
    "error",
    expect.objectContaining({ errorCode: "BROKEN", failedState: "work" }),
  ]);
});

test("a list whose items cannot all be given to a child begins none of them", () => {
  const run = list({ subMachine: { stateMachineId: "child", input: { of: "$data.item.of" } } });
  run.start({ items: [{ of: 1 }, {}, { of: 3 }] });
  expect(run.status).toBe("error");
  expect(countOf(run, "child-started")).toBe(0);
});

test("a list that cannot go on calls off the children that run", () => {
  const run = list(
    { concurrency: 2, subMachine: { stateMachineId: "child", input: { of: "$data.item.of" } } },
    { globalErrorHandler: { onError: "notify" } },
  );
  run.start({ items: [{ of: 1 }, { of: 2 }, {}] });
  childEnds(run);
  expect([countOf(run, "child-started"), countOf(run, "child-cancelled")]).toEqual([2, 1]);
  expect(incidentsOf(run)).toEqual(["TEMPLATE_ERROR work"]);
  run.update({ items: [{ of: 1 }, { of: 2 }, { of: 3 }] });
  operator(run, "retry");
  expect(childKeys(run)).toHaveLength(2);
  for (let item = 0; item < 3; item += 1) childEnds(run);
  expect([run.status, ...tokensOf(run)]).toEqual(["completed", "end/ended"]);
});

test("an empty list is done at once, and one that tolerates a failure goes on after it", () => {
  const empty = list({});
  empty.start({ items: [] });
  expect(empty.status).toBe("completed");
  const run = list({ concurrency: 1, tolerate: 1 });
  run.start({ items: [1, 2] });
  childFails(run);
  childEnds(run);
  expect(run.status).toBe("completed");
});
