import { describe, expect, it } from "vitest";
import { call, end, messages, places, short, to } from "../../../../../test/kit/definition-findings.js";
import type { JsonObject } from "../../../json/json.js";

const inner = { in: { type: "initial", transitions: [to("out", { event: "e" })] }, out: end };
const machine = (x: JsonObject, beside: JsonObject = {}) =>
  short({ begin: { type: "initial", transitions: [to("x")] }, x, ...beside, end });
const meaningless = (document: unknown) => places(document, "NO_MEANING");

describe("words of states", () => {
  const task = (more: JsonObject) => machine({ type: "task", ...more, transitions: [to("end")] });
  const decision = (more: JsonObject) => machine({ type: "decision", ...more, transitions: [to("end")] });
  const compound = (more: JsonObject) =>
    machine({ type: "compound", states: inner, ...more, transitions: [to("end")] });

  it.each<[string, JsonObject, string]>([
    ["inner states", task({ states: inner }), "error /states/x/states"],
    ["regions", task({ regions: [{ regionId: "r", states: inner }] }), "error /states/x/regions"],
    ["an inner start", task({ initial: "end" }), "warning /states/x/initial"],
    ["triggeredBy", task({ triggeredBy: { event: "e" } }), "error /states/x/triggeredBy"],
    ["terminate", task({ terminate: true }), "error /states/x/terminate"],
    ["wait", task({ wait: "all" }), "warning /states/x/wait"],
    ["throws", decision({ throws: { error: "E" } }), "warning /states/x/throws"],
    ["emits", compound({ emits: { signal: "s" } }), "warning /states/x/emits"],
    ["a child", compound({ subMachine: { stateMachineId: "n" } }), "error /states/x/subMachine"],
    ["data", decision({ data: { schema: {} } }), "warning /states/x/data"],
    ["entry actions", decision({ entryActions: [call("c")] }), "warning /states/x/entryActions"],
    ["exit actions", decision({ exitActions: [call("c")] }), "warning /states/x/exitActions"],
    ["a timeout", decision({ timeout: { after: "PT1H" } }), "warning /states/x/timeout"],
  ])("%s mean nothing on every type", (_, document, place) => {
    expect(meaningless(document)).toEqual([place]);
  });

  it("instances do not start inside a state", () => {
    const states = { ...inner, in: { ...inner.in, startOn: { trigger: "signal", signal: "s" } } };
    expect(meaningless(machine({ type: "compound", states, transitions: [to("end")] }))).toEqual([
      "error /states/x/states/in/startOn",
    ]);
  });

  it("a start by signal or message names it, or has an eventId in its stead", () => {
    const starting = (startOn: JsonObject) =>
      meaningless(short({ begin: { type: "initial", startOn, transitions: [to("end")] }, end }));
    for (const trigger of ["signal", "message"]) {
      expect(starting({ trigger })).toEqual(["error /states/begin/startOn"]);
      expect(starting({ trigger, eventId: "s" })).toEqual([]);
      expect(starting({ trigger, [trigger]: "s" })).toEqual([]);
    }
  });

  it("they mean something where they belong", () => {
    const document = short({
      begin: { type: "initial", startOn: { trigger: "signal", signal: "s" }, transitions: [to("box")] },
      box: {
        type: "compound",
        states: { ...inner, out: { ...end, terminate: true } },
        initial: "in",
        transitions: [to("work")],
      },
      work: { type: "task", emits: { signal: "s" }, throws: { escalation: "E" }, transitions: [to("end")] },
      handler: {
        type: "compound",
        triggeredBy: { event: "stop" },
        states: { h: { type: "initial", transitions: [to("h2", { event: "e" })] }, h2: end },
      },
      end: { ...end, emits: { message: "m" } },
    });
    expect(meaningless(document)).toEqual([]);
  });

  it("a fork has several ways out, a join several in, and a list of sources is one", () => {
    const states = (sources: readonly string[]) => [
      { stateId: "begin", baseStateType: "initial" },
      { stateId: "f", baseStateType: "fork" },
      { stateId: "a", baseStateType: "task" },
      { stateId: "b", baseStateType: "task" },
      { stateId: "j", baseStateType: "join" },
      { stateId: "end", baseStateType: "final" },
      ...sources.map((stateId) => ({ stateId, baseStateType: "fork" })),
    ];
    const edges = (...ends: (readonly [string | string[], string])[]) =>
      ends.map(([fromStateId, toStateId]) => ({ fromStateId, toStateId }));
    const both = edges(["begin", "f"], ["f", "a"], ["f", "b"], ["j", "end"]);
    const listed = {
      stateMachineId: "m",
      states: states([]),
      transitions: [...both, ...edges([["a", "b"], "j"])],
    };
    expect(messages(listed, "NO_MEANING")).toEqual([
      'State "j" is a join with only one incoming transition.',
    ]);
    const each = { ...listed, transitions: [...both, ...edges(["a", "j"], ["b", "j"])] };
    expect(meaningless(each)).toEqual([]);
    const single = {
      ...listed,
      transitions: edges(["begin", "f"], ["f", "a"], ["a", "j"], ["b", "j"], ["j", "b"], ["b", "end"]),
    };
    expect(meaningless(single)).toEqual(["warning /states/1"]);
  });

  it("a fork and a join wait for no event", () => {
    const document = machine(
      { type: "fork", transitions: [to("a"), to("b"), to("end", { event: "e" })] },
      { a: { type: "task", transitions: [to("end")] }, b: { type: "task", transitions: [to("end")] } },
    );
    expect(messages(document, "NO_MEANING")).toEqual([
      'State "x": transition "xToEnd" is never taken: "x" is left by automatic transitions only.',
    ]);
  });

  it("a join goes on one way only", () => {
    const document = (ways: JsonObject[]) =>
      short({
        begin: { type: "initial", transitions: [to("f")] },
        f: { type: "fork", transitions: [to("a"), to("b")] },
        a: { type: "task", transitions: [to("j")] },
        b: { type: "task", transitions: [to("j")] },
        j: { type: "join", transitions: ways },
        c: { type: "task", transitions: [to("end")] },
        end,
      });
    expect(meaningless(document([to("c"), to("end")]))).toEqual(["warning /states/j/transitions/1"]);
    expect(meaningless(document([to("c", { condition: "data.n > 1" }), to("end")]))).toEqual([]);
  });
});

describe("words of transitions", () => {
  it("history means something where the target has something inside, or is inside of something", () => {
    const back = (target: string) =>
      machine(
        { type: "compound", states: inner, transitions: [to("aside", { event: "pause" }), to("end")] },
        { aside: { type: "task", transitions: [to(target, { event: "back", history: "deep" })] } },
      );
    expect(meaningless(back("x"))).toEqual([]);
    expect(meaningless(back("in"))).toEqual([]);
    expect(meaningless(back("end"))).toEqual(["error /states/aside/transitions/0/history"]);
    const nowhere = machine({ type: "task", transitions: [{ event: "e", history: "deep" }, to("end")] });
    expect(meaningless(nowhere)).toEqual(["error /states/x/transitions/0/history"]);
  });

  it("keepSource means something where a token stays and another one goes", () => {
    const keeping = (type: string, more: JsonObject) =>
      machine({ type, transitions: [{ keepSource: true, ...more }, to("end")] });
    expect(meaningless(keeping("task", { event: "e", target: "end" }))).toEqual([]);
    expect(meaningless(keeping("task", { event: "e" }))).toEqual([
      "warning /states/x/transitions/0/keepSource",
    ]);
    expect(meaningless(keeping("decision", { condition: "data.n > 1", target: "end" }))).toEqual([
      "warning /states/x/transitions/0/keepSource",
    ]);
  });

  it("an event sub-process is started by its event alone and ends by itself", () => {
    const handled = (x: JsonObject, handler: JsonObject = {}) =>
      machine(x, {
        handler: { type: "compound", triggeredBy: { event: "stop" }, states: inner, ...handler },
      });
    const work = { type: "task", transitions: [to("end", { event: "go" })] };
    expect(meaningless(handled(work))).toEqual([]);
    const into = (target: string) =>
      handled({ ...work, transitions: [...work.transitions, to(target, { event: "t" })] });
    expect(meaningless(into("handler"))).toEqual(["error /states/x/transitions/1/target"]);
    expect(meaningless(into("out"))).toEqual(["error /states/x/transitions/1/target"]);
    expect(meaningless(handled(work, { transitions: [to("end")] }))).toEqual([
      "error /states/handler/transitions/0",
    ]);
    expect(meaningless(handled(work, { transitions: [to("end", { event: "t" })] }))).toEqual([]);
  });
});

describe("choices", () => {
  it("exactly one thing is thrown, and one emitted", () => {
    const ending = (more: JsonObject) => machine({ type: "task", transitions: [to("end")], ...more });
    expect(places(ending({ throws: {} }), "NOT_ONE_OF")).toEqual(["error /states/x/throws"]);
    expect(places(ending({ throws: { error: "E", escalation: "F" } }), "NOT_ONE_OF")).toHaveLength(1);
    expect(places(ending({ throws: { error: "E" } }), "NOT_ONE_OF")).toEqual([]);
    expect(places(ending({ emits: { payload: 1 } }), "NOT_ONE_OF")).toEqual(["error /states/x/emits"]);
    expect(places(ending({ emits: { message: "m" } }), "NOT_ONE_OF")).toEqual([]);
    expect(messages(ending({ emits: { message: "m", signal: "s" } }), "NOT_ONE_OF")).toEqual([
      'State "x": emits has both "message" and "signal", of which it takes one.',
    ]);
  });

  it("a call is proven in one way", () => {
    const proven = (auth: JsonObject) =>
      machine({
        type: "task",
        entryActions: [call("w", { trigger: { webhook: { url: "https://api.bank.com/x", auth } } })],
        transitions: [to("end")],
      });
    const bearer = { secret: "TOKEN" };
    const basic = { username: "u", password: { secret: "PASSWORD" } };
    const header = { name: "x-key", value: { secret: "KEY" } };
    const place = "/states/x/entryActions/0/trigger/webhook/auth";
    expect(places(proven({ bearer }), "NOT_ONE_OF")).toEqual([]);
    expect(places(proven({ bearer, "x-note": "ours" }), "NOT_ONE_OF")).toEqual([]);
    expect(places(proven({ bearer, basic }), "NOT_ONE_OF")).toEqual([`error ${place}`]);
    expect(messages(proven({ bearer, basic, header }), "NOT_ONE_OF")).toEqual([
      expect.stringMatching(/auth has "bearer", "basic" and "header", of which it takes one\.$/),
    ]);
    expect(messages(proven({}), "NOT_ONE_OF")).toEqual([
      expect.stringMatching(/auth needs one of "bearer", "basic", "header" and "oauth2"\.$/),
    ]);
    const told = (auth: JsonObject) => ({
      ...machine({ type: "task", transitions: [to("end")] }),
      globalCallbackHandler: { webhook: { url: "https://a.com/x", auth } },
    });
    expect(places(told({ bearer, header }), "NOT_ONE_OF")).toEqual([
      "error /globalCallbackHandler/webhook/auth",
    ]);
  });

  it("forEach has one child", () => {
    const each = (more: JsonObject, forEach: JsonObject = {}) =>
      machine({
        type: "task",
        transitions: [to("end")],
        forEach: { items: "$data.list", ...forEach },
        ...more,
      });
    const child = { subMachine: { stateMachineId: "n" } };
    expect(places(each({}), "NOT_ONE_OF")).toEqual(["error /states/x/forEach"]);
    expect(places(each(child, child), "NOT_ONE_OF")).toEqual(["error /states/x/forEach"]);
    expect(places(each(child), "NOT_ONE_OF")).toEqual([]);
    expect(places(each({}, child), "NOT_ONE_OF")).toEqual([]);
  });
});
