import { describe, expect, it } from "vitest";
import { call, end, messages, places, short, to } from "../../../../../test/kit/definition-findings.js";
import type { JsonObject } from "../../../json/json.js";

const start = (target: string) => ({ type: "initial", transitions: [to(target)] });
const on = (target: string, more: JsonObject = {}) => to(target, { event: `to.${target}`, ...more });
const task = (...transitions: JsonObject[]) => ({ type: "task", transitions });
/** begin → box → end, with the given inside of box. */
const boxed = (states: JsonObject, more: JsonObject = {}, beside: JsonObject = {}) =>
  short({
    begin: start("box"),
    box: { type: "compound", states, transitions: [to("end")], ...more },
    ...beside,
    end,
  });
const regions = (left: JsonObject, right: JsonObject, more: JsonObject = {}, beside: JsonObject = {}) =>
  short({
    begin: start("par"),
    par: {
      type: "parallel",
      regions: [
        { regionId: "left", states: left },
        { regionId: "right", states: right },
      ],
      transitions: [to("end")],
      ...more,
    },
    ...beside,
    end,
  });

describe("where scopes begin", () => {
  const inner = { a: task(on("b")), b: end };

  it("a compound state begins in its only initial state, or in the one that it names at any depth", () => {
    expect(places(boxed(inner), "NO_INITIAL")).toEqual(["error /states/box"]);
    expect(places(boxed(inner, { initial: "a" }), "NO_INITIAL")).toEqual([]);
    const deep = { room: { type: "compound", states: inner, initial: "a" }, c: end };
    expect(places(boxed(deep, { initial: "a" }), "NO_INITIAL")).toEqual([]);
    expect(places(boxed(inner, { initial: "end" }), "NO_INITIAL")).toEqual(["error /states/box/initial"]);
    expect(places(boxed(inner, { initial: "nowhere" }), "UNKNOWN_STATE")).toEqual([
      "error /states/box/initial",
    ]);
    const two = { a: { type: "initial" }, b: { type: "initial", startOn: { trigger: "signal" } } };
    expect(places(boxed(two), "MANY_INITIAL")).toEqual(["error /states/box/states/b/type"]);
  });

  it("each region begins in its own", () => {
    const left = { l: { type: "initial", transitions: [on("l2")] }, l2: end };
    expect(places(regions(left, inner), "NO_INITIAL")).toEqual(["error /states/par/regions/1"]);
  });

  it("what is there to hold states holds some", () => {
    expect(places(boxed({}), "EMPTY_SCOPE")).toEqual(["error /states/box"]);
    expect(places(boxed({}), "NO_INITIAL")).toEqual([]);
    expect(places(regions({ l: { type: "initial" } }, {}), "EMPTY_SCOPE")).toEqual([
      "error /states/par/regions/1",
    ]);
    const bare = short({ begin: start("par"), par: { type: "parallel", transitions: [to("end")] }, end });
    expect(places(bare, "EMPTY_SCOPE")).toEqual(["error /states/par"]);
  });

  it("inner transitions without inner states are kept and told, not dropped", () => {
    const document = {
      stateMachineId: "m",
      states: [
        {
          stateId: "a",
          baseStateType: "initial",
          transitions: [{ fromStateId: "a", toStateId: "b" }],
        },
        { stateId: "b", baseStateType: "final" },
      ],
      transitions: [{ transitionId: "out", fromStateId: "a", toStateId: "b" }],
    };
    expect(places(document, "NO_MEANING")).toEqual(["error /states/0"]);
  });
});

describe("what is reached inside states", () => {
  it("a state inside is reached where its scope begins, or as a target", () => {
    const inner = {
      a: { type: "initial", transitions: [on("b")] },
      b: end,
      c: task(on("b")),
      lost: task(on("b")),
    };
    const beside = { direct: task(on("c")) };
    const document = boxed(inner, { transitions: [to("end"), on("direct")] }, beside);
    expect(places(document, "UNREACHABLE_STATE")).toEqual(["error /states/box/states/lost"]);
  });

  it("a target in the middle does not reach where the scope begins", () => {
    const document = short({
      begin: start("b"),
      box: {
        type: "compound",
        states: { a: { type: "initial", transitions: [on("b")] }, b: end },
        transitions: [to("end")],
      },
      end,
    });
    expect(places(document, "UNREACHABLE_STATE")).toEqual(["error /states/box/states/a"]);
  });

  it("a target inside one region reaches the others where they begin", () => {
    const document = short({
      begin: start("l2"),
      par: {
        type: "parallel",
        regions: [
          { regionId: "left", states: { l1: { type: "initial", transitions: [on("l2")] }, l2: end } },
          { regionId: "right", states: { r1: { type: "initial", transitions: [on("r2")] }, r2: end } },
        ],
        transitions: [to("end")],
      },
      end,
    });
    expect(places(document, "UNREACHABLE_STATE")).toEqual(["error /states/par/regions/0/states/l1"]);
  });

  it("the error state that abort goes to is reached by what is thrown, and by children that fail", () => {
    const document = (more: JsonObject) =>
      short({ begin: { ...start("end"), ...more }, end, failed: { type: "error" } });
    expect(places(document({}), "UNREACHABLE_STATE")).toEqual(["error /states/failed"]);
    expect(places(document({ throws: { error: "E" } }), "UNREACHABLE_STATE")).toEqual([]);
    expect(places(document({ throws: { escalation: "E" } }), "UNREACHABLE_STATE")).toHaveLength(1);
    expect(places(document({ subMachine: { stateMachineId: "n" } }), "UNREACHABLE_STATE")).toEqual([]);
  });

  it("the error state that the machine names is reached by what the end of an inner scope throws", () => {
    const document = (throws: JsonObject) => ({
      ...boxed(
        { a: start("bad"), bad: { type: "final", throws } },
        {},
        { failed: { type: "error" }, other: { type: "error" } },
      ),
      globalErrorHandler: { errorState: "failed" },
    });
    expect(places(document({ error: "E" }), "UNREACHABLE_STATE")).toEqual(["error /states/other"]);
    expect(places(document({ escalation: "E" }), "UNREACHABLE_STATE")).toHaveLength(2);
  });

  it("what is inside of what is not reached is not told again", () => {
    const island = { type: "compound", states: { in: start("out"), out: end }, transitions: [to("end")] };
    expect(
      places(
        boxed({ a: { type: "initial", transitions: [on("b")] }, b: end }, {}, { island }),
        "UNREACHABLE_STATE",
      ),
    ).toEqual(["error /states/island"]);
  });

  it("an event sub-process is reached by itself as soon as its scope is", () => {
    const handler = (more: JsonObject = {}) => ({
      type: "compound",
      triggeredBy: { event: "cancel", ...more },
      states: { h1: start("h2"), h2: end },
    });
    const inner = { a: { type: "initial", transitions: [on("b")] }, b: end };
    expect(places(boxed(inner, {}, { handler: handler() }), "UNREACHABLE_STATE")).toEqual([]);
    expect(places(boxed(inner, {}, { handler: handler() }), "DEAD_END")).toEqual([]);
    expect(places(boxed({ ...inner, handler: handler({ interrupts: false }) }), "UNREACHABLE_STATE")).toEqual(
      [],
    );
  });
});

describe("what a history reaches", () => {
  /** box is entered at `room` in b, and left from everywhere; out → back by the given transition. */
  const remembering = (back: JsonObject) => {
    const room = {
      type: "compound",
      states: { a: { type: "initial", transitions: [on("b")] }, b: task(on("a2", { target: "c" })), c: end },
    };
    const states = { room };
    return short({
      begin: start("b"),
      box: { type: "compound", initial: "b", states, transitions: [on("out")] },
      out: task(back, on("end")),
      end,
    });
  };

  it("is, where it is shallow, also the beginning of what it brings back", () => {
    expect(places(remembering(on("box", { history: "shallow" })), "UNREACHABLE_STATE")).toEqual([]);
    const deep = on("box", { history: "deep" });
    expect(places(remembering(deep), "UNREACHABLE_STATE")).toEqual([
      "error /states/box/states/room/states/a",
    ]);
  });

  it("is no state whose inside nothing leads to", () => {
    const lost = { type: "compound", states: { l: start("m"), m: end }, transitions: [] };
    const box = {
      type: "compound",
      states: { a: { type: "initial", transitions: [on("z")] }, lost, z: end },
      transitions: [on("out")],
    };
    const document = short({
      begin: start("box"),
      box,
      out: task(on("box", { history: "shallow" }), on("end")),
      end,
    });
    expect(places(document, "UNREACHABLE_STATE")).toEqual(["error /states/box/states/lost"]);
  });
});

describe("ways out of states inside", () => {
  it("are those from everywhere, but only from states of their scope", () => {
    const document = (home: JsonObject) => ({
      stateMachineId: "m",
      states: [
        { stateId: "begin", baseStateType: "initial" },
        {
          stateId: "box",
          baseStateType: "compound",
          states: [
            { stateId: "in", baseStateType: "initial" },
            { stateId: "out", baseStateType: "final" },
          ],
          transitions: [],
          ...home,
        },
        { stateId: "end", baseStateType: "final" },
      ],
      transitions: [
        { fromStateId: "begin", toStateId: "box" },
        { fromStateId: "*", toStateId: "end", event: [{ eventId: "stop", trigger: "manual" }] },
      ],
    });
    expect(places(document({}), "DEAD_END")).toEqual([]);
    expect(places(document({}), "UNREACHABLE_STATE")).toEqual(["error /states/1/states/1"]);
    const inner = [{ fromStateId: "*", toStateId: "out", event: [{ eventId: "e", trigger: "manual" }] }];
    expect(places(document({ transitions: inner }), "UNREACHABLE_STATE")).toEqual([]);
  });

  it("are also those of what is around", () => {
    const stuck = { a: { type: "initial", transitions: [on("b"), on("stuck")] }, b: end, stuck: task() };
    expect(places(boxed(stuck), "DEAD_END")).toEqual(["error /states/box/states/stuck"]);
    expect(places(boxed(stuck, { transitions: [to("end"), on("end")] }), "DEAD_END")).toEqual([]);
    expect(places(boxed(stuck, { transitions: [to("end", { interrupts: true })] }), "DEAD_END")).toEqual([]);
    expect(places(boxed(stuck, { transitions: [to("end", { after: "P1D" })] }), "DEAD_END")).toEqual([]);
  });

  it("are those of an event sub-process that interrupts, and not of one that does not", () => {
    const inner = (interrupts: boolean) => ({
      a: { type: "initial", transitions: [on("b"), on("stuck")] },
      b: end,
      stuck: task(),
      handler: {
        type: "compound",
        triggeredBy: { event: "cancel", interrupts },
        states: { h1: { type: "initial", transitions: [on("h2")] }, h2: end },
      },
    });
    expect(places(boxed(inner(true)), "DEAD_END")).toEqual([]);
    expect(places(boxed(inner(false)), "DEAD_END")).toEqual(["error /states/box/states/stuck"]);
  });

  it("are no transitions that keep their source", () => {
    const document = short({
      begin: start("a"),
      a: task(on("end", { keepSource: true })),
      end,
    });
    expect(places(document, "DEAD_END")).toEqual(["error /states/begin", "error /states/a"]);
  });

  it("are also those that lead from another region out of the parallel state, for all that stand beside it", () => {
    const stuck = { r: { type: "initial", transitions: [on("stuck")] }, stuck: task() };
    const room = { type: "compound", states: stuck };
    const left = (target: string, more: JsonObject = {}) => ({
      l: { type: "initial", transitions: [on(target, more), on("l2")] },
      l2: end,
    });
    const none = { transitions: [] };
    expect(places(regions(left("end"), stuck, none), "DEAD_END")).toEqual([]);
    expect(places(regions(left("end"), { q: start("room"), room }, none), "DEAD_END")).toEqual([]);
    expect(places(regions(left("end", { keepSource: true }), stuck, none), "DEAD_END")).not.toEqual([]);
    expect(places(regions(left("l2"), stuck, none), "DEAD_END")).not.toEqual([]);
    const dead = { ...left("end"), l3: task(), l: { type: "initial", transitions: [on("l3"), on("end")] } };
    expect(places(regions(dead, stuck, none), "DEAD_END")).toEqual(["error /states/par/regions/0/states/l3"]);
  });

  it("an error state inside ends the instance", () => {
    const inner = {
      a: { type: "initial", transitions: [on("b"), on("x")] },
      b: end,
      x: task(on("bad")),
      bad: { type: "error" },
    };
    expect(places(boxed(inner), "DEAD_END")).toEqual([]);
  });
});

describe("what is never done", () => {
  const endless = { a: { type: "initial", transitions: [on("b")] }, b: task(on("a")) };
  const ending = { x: { type: "initial", transitions: [on("y")] }, y: end };

  it("is a compound state without a final state, which is told to what waits for it", () => {
    expect(places(boxed(endless), "NEVER_DONE")).toEqual(["warning /states/box/transitions/0"]);
    expect(messages(boxed(endless), "NEVER_DONE")).toEqual([
      'State "box": transition "boxToEnd" waits until "box" is done, but it never is: it has no final state.',
    ]);
    expect(places(boxed(endless, { transitions: [on("end")] }), "NEVER_DONE")).toEqual([]);
    expect(places(boxed(endless, { transitions: [to("end", { interrupts: true })] }), "NEVER_DONE")).toEqual(
      [],
    );
    expect(places(boxed(ending), "NEVER_DONE")).toEqual([]);
    const named = boxed(endless, { transitions: [to("end", { event: "done.state.box" })] });
    expect(places(named, "NEVER_DONE")).toEqual(["warning /states/box/transitions/0"]);
  });

  it("is a parallel state with a region that is not", () => {
    expect(places(regions(ending, endless), "NEVER_DONE")).toEqual(["warning /states/par/transitions/0"]);
    const other = { v: { type: "initial", transitions: [on("w")] }, w: end };
    expect(places(regions(ending, other), "NEVER_DONE")).toEqual([]);
  });

  it("is no region whose state is done and has nothing automatic of its own", () => {
    const nested = (transitions: JsonObject[]) => ({
      r: { type: "initial", transitions: [on("room")] },
      room: {
        type: "compound",
        states: { v: { type: "initial", transitions: [on("w")] }, w: end },
        transitions,
      },
    });
    expect(places(regions(ending, nested([])), "NEVER_DONE")).toEqual([]);
    expect(places(regions(ending, nested([to("r")])), "NEVER_DONE")).toEqual([
      "warning /states/par/transitions/0",
    ]);
  });
});

describe("circles of automatic transitions across levels", () => {
  const looping = (inner: JsonObject, more: JsonObject = {}) =>
    boxed(inner, { transitions: [to("back"), on("end")], ...more }, { back: task(to("box")) });

  it("lead through a compound state that is done at once", () => {
    const [message] = messages(looping({ in: start("out"), out: end }), "AUTOMATIC_CYCLE");
    for (const stateId of ["box", "in", "out", "back"]) expect(message).toContain(`"${stateId}"`);
    expect(message).toMatch(/ and never stop\.$/);
    expect(places(looping({ in: start("out"), out: end }), "AUTOMATIC_CYCLE")).toEqual([
      "error /states/box/states/in/transitions/0",
    ]);
  });

  it("do not lead through one in which something waits", () => {
    expect(
      places(looping({ in: { type: "initial", transitions: [on("out")] }, out: end }), "AUTOMATIC_CYCLE"),
    ).toEqual([]);
    const calling = { in: { ...start("out"), entryActions: [call("x")] }, out: end };
    expect(places(looping(calling), "AUTOMATIC_CYCLE")).toEqual([]);
  });

  it("lead at once out of what an automatic transition interrupts", () => {
    const waiting = { in: { type: "initial", transitions: [on("out")] }, out: end };
    const more = { transitions: [to("back", { interrupts: true, condition: "data.n > 0" }), on("end")] };
    expect(places(looping(waiting, more), "AUTOMATIC_CYCLE")).toEqual(["warning /states/box/transitions/0"]);
  });

  it("lead through a parallel state only when no region waits", () => {
    const quick = (id: string) => ({ [id]: start(`${id}2`), [`${id}2`]: end });
    const slow = { s: { type: "initial", transitions: [on("s2")] }, s2: end };
    const more = { transitions: [to("back"), on("end")] };
    const beside = { back: task(to("par")) };
    expect(places(regions(quick("l"), quick("r"), more, beside), "AUTOMATIC_CYCLE")).toEqual([
      "error /states/par/transitions/0",
    ]);
    expect(places(regions(quick("l"), slow, more, beside), "AUTOMATIC_CYCLE")).toEqual([]);
  });
});

describe("forks", () => {
  it("have a way whatever the data are", () => {
    const document = (last: JsonObject) =>
      short({
        begin: start("f"),
        f: { type: "fork", transitions: [to("end", { condition: "data.n > 1" }), last] },
        end,
      });
    expect(places(document(to("end", { condition: "data.m > 1" })), "DECISION_INCOMPLETE")).toEqual([
      "warning /states/f",
    ]);
    expect(places(document(to("end", { default: true })), "DECISION_INCOMPLETE")).toEqual([]);
  });
});
