import { describe, expect, it } from "vitest";
import { end, messages, places, short, to } from "../../../../../test/kit/definition-findings.js";
import type { Json, JsonObject } from "../../../json/json.js";

const start = (target: string) => ({ type: "initial", transitions: [to(target)] });
const task = (...targets: string[]) => ({
  type: "task",
  transitions: targets.map((target) => to(target, { event: `go.${target}` })),
});
const fork = (...targets: string[]) => ({ type: "fork", transitions: targets.map((target) => to(target)) });
const decision = (first: string, ...others: string[]) => ({
  type: "decision",
  transitions: [
    ...others.map((target, at) => to(target, { condition: `data.n > ${at}` })),
    to(first, { default: true }),
  ],
});
const join = (target: string, more: JsonObject = {}) => ({
  type: "join",
  ...more,
  transitions: [to(target)],
});
const never = (document: unknown) => places(document, "JOIN_NEVER_FULL");
const lost = (document: unknown) => places(document, "TOKEN_LOST");
const isSilent = (states: { readonly [stateId: string]: Json }) => {
  expect(never(short(states))).toEqual([]);
  expect(lost(short(states))).toEqual([]);
};

describe("a join that can never be full", () => {
  it("stands behind a decision, whose token takes one way only", () => {
    const document = short({
      s: start("d"),
      d: decision("a", "b"),
      a: task("j"),
      b: task("j"),
      j: join("end"),
      end,
    });
    expect(never(document)).toEqual(["error /states/j"]);
    expect(messages(document, "JOIN_NEVER_FULL")).toEqual([
      'State "j" is a join that can never be full: the ways from "a" and "b" to it are alternatives of "d", which takes one of them only.',
    ]);
    expect(lost(document)).toEqual([]);
  });

  it("stands behind the events of one state, which are alternatives too", () => {
    const document = short({ s: task("a", "b"), a: task("j"), b: task("j"), j: join("end"), end });
    const started = { ...document, states: { ...document.states, begin: start("s") } };
    expect(never(started)).toEqual(["error /states/j"]);
  });

  it("does not become fuller by a fork before the decision whose other way leads elsewhere", () => {
    const document = short({
      s: start("f"),
      f: fork("d", "c"),
      d: decision("a", "b"),
      a: task("j"),
      b: task("j"),
      c: task("end"),
      j: join("end"),
      end,
    });
    expect(never(document)).toEqual(["error /states/j"]);
  });

  it("merges the beginning of a loop with its way back", () => {
    const document = short({ s: start("j"), j: join("d"), d: decision("end", "j"), end });
    expect(never(document)).toEqual(["error /states/j"]);
    expect(messages(document, "JOIN_NEVER_FULL")).toEqual([
      'State "j" is a join that can never be full: no fork brings a token to each of its incoming transitions.',
    ]);
  });

  it("needs three tokens and gets two", () => {
    const document = short({
      s: start("f"),
      f: fork("a", "d"),
      a: task("j"),
      d: decision("b", "c"),
      b: task("j"),
      c: task("j"),
      j: join("end"),
      end,
    });
    expect(never(document)).toEqual(["error /states/j"]);
  });

  it("is told inside compound states and regions too", () => {
    const inner = {
      s: start("d"),
      d: decision("a", "b"),
      a: task("j"),
      b: task("j"),
      j: join("z"),
      z: end,
    };
    const compound = short({
      begin: start("box"),
      box: { type: "compound", states: inner, transitions: [to("end")] },
      end,
    });
    expect(never(compound)).toEqual(["error /states/box/states/j"]);
    const parallel = short({
      begin: start("par"),
      par: { type: "parallel", regions: [{ regionId: "r", states: inner }], transitions: [to("end")] },
      end,
    });
    expect(never(parallel)).toEqual(["error /states/par/regions/0/states/j"]);
  });

  it("is found however many ways the tokens have", () => {
    const names = Array.from({ length: 9 }, (_, at) => `w${at}`);
    const wide = Object.fromEntries(
      names.flatMap((name) => [
        [name, task(`${name}a`, `${name}b`, `${name}c`)],
        [`${name}a`, task(`${name}b`, name)],
        [`${name}b`, task(`${name}c`, `${name}a`)],
        [`${name}c`, task("end", name)],
      ]),
    );
    const document = short({
      s: start("f"),
      f: fork("d", ...names),
      d: decision("a", "b"),
      a: task("j"),
      b: task("j"),
      ...wide,
      j: join("end"),
      end,
    });
    expect(never(document)).toEqual(["error /states/j"]);
  });
});

describe("joins that can be full", () => {
  it("stand behind a fork, with branches of any length and retries in them", () => {
    isSilent({
      s: start("f"),
      f: fork("a", "b"),
      a: task("a2", "a"),
      a2: task("a", "j"),
      b: decision("j", "b2"),
      b2: task("b"),
      j: join("end"),
      end,
    });
  });

  it("stand behind nested forks and decisions", () => {
    isSilent({
      s: start("f"),
      f: fork("g", "d"),
      g: fork("a", "b"),
      a: task("k"),
      b: task("k"),
      k: join("j"),
      d: decision("c", "e"),
      c: task("m"),
      e: task("m"),
      m: task("j"),
      j: join("end"),
      end,
    });
  });

  it("stand behind gateways that do not nest", () => {
    isSilent({
      s: start("f"),
      f: fork("a", "b"),
      a: fork("j", "k"),
      b: fork("j", "k"),
      j: join("l"),
      k: join("l"),
      l: join("end"),
      end,
    });
  });

  it("stand in a loop around fork and join", () => {
    isSilent({
      s: start("f"),
      f: fork("a", "b"),
      a: task("j"),
      b: task("j"),
      j: join("d"),
      d: decision("end", "f"),
      end,
    });
  });

  it("stand behind a fork in a loop that brings the second token in a second round", () => {
    isSilent({
      s: start("f"),
      f: fork("d", "again"),
      again: task("f"),
      d: decision("a", "b"),
      a: task("j"),
      b: task("j"),
      j: join("end"),
      end,
    });
  });

  it("have tokens from transitions that keep their source", () => {
    const document = short({
      s: start("a"),
      a: {
        type: "task",
        transitions: [to("b", { event: "more", keepSource: true }), to("j", { event: "on" })],
      },
      b: task("j"),
      j: join("end"),
      end,
    });
    expect(never(document)).toEqual([]);
  });

  it("wait for active tokens only", () => {
    isSilent({
      s: start("d"),
      d: decision("a", "b"),
      a: task("j"),
      b: task("j"),
      j: join("end", { wait: "active" }),
      end,
    });
  });

  it("get tokens from inside what stands beside them", () => {
    isSilent({
      s: start("f"),
      f: fork("box", "b"),
      box: {
        type: "compound",
        states: { in: { type: "initial", transitions: [to("j", { event: "out" })] } },
      },
      b: task("j"),
      j: join("end"),
      end,
    });
  });

  it("have branches that end in a final state or meet in an ordinary one without being joined", () => {
    isSilent({ s: start("f"), f: fork("a", "b"), a: task("m"), b: task("m"), m: task("end"), end });
  });
});

describe("a token that a join waits for", () => {
  it("is lost where a decision in a branch of the fork leads past the join", () => {
    const document = short({
      s: start("f"),
      f: fork("a", "d"),
      a: task("j"),
      d: decision("b", "c"),
      b: task("j"),
      c: task("end"),
      j: join("end"),
      end,
    });
    expect(never(document)).toEqual([]);
    expect(lost(document)).toEqual(["warning /states/d/transitions/0"]);
    expect(messages(document, "TOKEN_LOST")).toEqual([
      'State "d": transition "dToC": where it is taken, the join "j" waits in vain: a token that it needs has gone another way.',
    ]);
  });

  it("is lost where the conditions of a fork leave out a way", () => {
    const document = short({
      s: start("f"),
      f: { type: "fork", transitions: [to("a"), to("b", { condition: "data.n > 0" })] },
      a: task("j"),
      b: task("j"),
      j: join("end"),
      end,
    });
    expect(lost(document)).toEqual(["warning /states/f"]);
  });

  it("is not lost where what leads it away ends everything, or leads it back", () => {
    const document = (c: JsonObject) => ({
      s: start("f"),
      f: fork("a", "d"),
      a: task("j"),
      d: decision("b", "c"),
      b: task("j"),
      c,
      j: join("end"),
      failed: { type: "error" },
      end,
    });
    isSilent(document({ type: "final", terminate: true }));
    isSilent(document(task("failed")));
    isSilent(document(task("d")));
  });

  it("is not lost with all the others, when none comes to the join", () => {
    isSilent({
      s: start("d"),
      d: decision("end", "f"),
      f: fork("a", "b"),
      a: task("j"),
      b: task("j"),
      j: join("end"),
      end,
    });
  });

  it("is missing where an instance starts beside the fork", () => {
    const document = short({
      s: { ...start("f"), startOn: { trigger: "signal", signal: "one" } },
      t: { ...start("a"), startOn: { trigger: "signal", signal: "two" } },
      f: fork("a", "b"),
      a: task("j"),
      b: task("j"),
      j: join("end"),
      end,
    });
    expect(lost(document)).toEqual(["warning /states/j"]);
    expect(messages(document, "TOKEN_LOST")[0]).toContain('entered in "t"');
  });
});
