import { describe, expect, it } from "vitest";
import { actionsOf, chartOf, codesOf } from "../testing/chart-text.js";
import { isoDuration } from "./css-time.js";

const X = '<data id="x" expr="1"/>';

describe("executable content", () => {
  it("raises, and cancels", () => {
    expect(actionsOf('<raise event="e"/><cancel sendid="late"/>')).toEqual([
      { type: "raise", config: { event: "e" } },
      { type: "cancel", config: { id: "late" } },
    ]);
  });

  it("takes dollars in names for dollars", () => {
    expect(actionsOf('<raise event="$data.x"/><send event="a$b" id="$c"/>')).toEqual([
      { type: "raise", config: { event: "$$data.x" } },
      { type: "raise", config: { event: "a$$b", queue: "external", id: "$$c" } },
    ]);
  });

  it("assigns whole variables, each after the one before", () => {
    expect(
      actionsOf('<assign location="x" expr="x + 1"/><assign location="x"> [1, "$"] </assign>', X),
    ).toEqual([
      { type: "assign", assign: { x: "${data.x + 1}" } },
      { type: "assign", assign: { x: [1, "$$"] } },
    ]);
  });

  it("logs the label and the value, and leaves out what cannot be said", () => {
    expect(actionsOf('<log label="x is" expr="x"/><log expr="JSON.stringify(x)" label="all"/>', X)).toEqual([
      { type: "log", config: { message: "x is: ${data.x ?? null}" } },
      { type: "log", config: { message: "all" } },
    ]);
  });

  it("sends behind what has arrived, to itself before it, with data, delay and id", () => {
    const send =
      '<send event="a" delay="100ms" id="i" namelist="x"><param name="y" expr="x + 1"/></send>' +
      '<send event="b" target="#_internal"><content>plain   text</content></send>' +
      `<send eventexpr="'c' + x" delayexpr="'.5s'"><content>{"n": 1}</content></send>`;
    expect(actionsOf(send, X)).toEqual([
      {
        type: "raise",
        config: {
          event: "a",
          data: { x: "$data.x?", y: "${data.x + 1}" },
          delay: "PT0.1S",
          queue: "external",
          id: "i",
        },
      },
      { type: "raise", config: { event: "b", data: "plain text" } },
      {
        type: "raise",
        config: { event: "${'c' + data.x}", data: { n: 1 }, delay: "PT0.5S", queue: "external" },
      },
    ]);
  });

  it("makes an id where one is to be kept", () => {
    expect(actionsOf('<send event="a" idlocation="x"/>', X)).toEqual([
      { type: "assign", assign: { x: "${'send.' + uuid()}" } },
      { type: "raise", config: { event: "a", queue: "external", id: "${data.x}" } },
    ]);
  });

  it("chooses among the times that a variable can hold", () => {
    const times = `<data id="t" expr="'1s'"/>`;
    expect(actionsOf('<send event="a" delayexpr="t"/>', times)).toMatchObject([
      { config: { delay: "${data.t === \"1s\" ? 'PT1S' : 'PT0S'}" } },
    ]);
  });

  it("takes a branch by its condition, and by the denial of those before it", () => {
    const content =
      '<if cond="x === 1"><raise event="a"/><elseif cond="x"/><raise event="b"/><else/><raise event="c"/></if>';
    expect(actionsOf(content, X)).toMatchObject([
      { condition: "data.x === 1" },
      { condition: "!(data.x === 1) && (!!(data.x))" },
      { condition: "!(data.x === 1) && !(!!(data.x))" },
    ]);
  });

  it("decides once where a branch changes what the conditions read", () => {
    const content =
      '<if cond="x === 1"><assign location="x" expr="2"/><raise event="a"/><else/><raise event="b"/></if>';
    expect(actionsOf(content, X)).toEqual([
      { type: "assign", assign: { branch: "${(data.x === 1) ? 1 : 2}" } },
      { type: "assign", assign: { x: 2 }, condition: "data.branch === 1" },
      { type: "raise", config: { event: "a" }, condition: "data.branch === 1" },
      { type: "raise", config: { event: "b" }, condition: "data.branch === 2" },
    ]);
  });

  it("leaves out a branch that is never taken, and the condition of one that always is", () => {
    const content =
      '<if cond="false"><raise event="a"/><elseif cond="true"/><raise event="b"/><else/><raise event="c"/></if>';
    expect(actionsOf(content)).toEqual([{ type: "raise", config: { event: "b" } }]);
  });

  it("executes an inner branch only inside the outer one", () => {
    const content = '<if cond="x === 1"><if cond="In(\'s\')"><raise event="a"/></if></if>';
    expect(actionsOf(content, X)).toMatchObject([{ condition: '(data.x === 1) && (inState("s"))' }]);
  });

  it("writes out a loop over a list that is known", () => {
    const content = '<foreach array="list" item="e" index="i"><raise event="a"/></foreach>';
    expect(actionsOf(content, '<data id="list">["p", "q"]</data>')).toEqual([
      { type: "assign", assign: { e: "p", i: 0 } },
      { type: "raise", config: { event: "a" } },
      { type: "assign", assign: { e: "q", i: 1 } },
      { type: "raise", config: { event: "a" } },
    ]);
  });

  it("turns a script that only sets variables into assignments", () => {
    expect(actionsOf("<script>var y = x * 2; x += y; y--;</script>", X)).toEqual([
      { type: "assign", assign: { y: "${data.x * 2}" } },
      { type: "assign", assign: { x: "${data.x + (data.y)}" } },
      { type: "assign", assign: { y: "${data.y - 1}" } },
    ]);
  });

  it.each([
    '<assign location="nowhere" expr="1"/>',
    '<assign location="_sessionid" expr="1"/>',
    '<assign location="x" expr="return"/>',
    '<assign location="x" expr="nowhere + 1"/>',
    '<send event="e" target="baz"/>',
    '<send event="e" type="27"/>',
    '<send event="e" namelist="nowhere"/>',
    '<send event="e" delay="soon"/>',
    '<log expr="nowhere"/>',
    '<foreach array="x" item="e"/>',
    '<foreach array="[1]" item="\'continue\'"/>',
    "<script>x = ;</script>",
    '<cancel sendidexpr="nowhere"/>',
  ])("raises error.execution for %s, and skips what follows", (failing) => {
    expect(actionsOf(`${failing}<raise event="after"/>`, X)).toEqual([
      { type: "raise", config: { event: "error.execution" } },
    ]);
  });

  it("raises error.communication for a session that is not there, and goes on", () => {
    expect(actionsOf('<send event="e" target="#_scxml_other"/><raise event="after"/>')).toEqual([
      { type: "raise", config: { event: "error.communication" } },
      { type: "raise", config: { event: "after" } },
    ]);
  });

  it("goes where a target leads that is worked out at run time, as far as that is this machine", () => {
    const actions = actionsOf('<send event="e" targetexpr="x"/>', X) as {
      condition: string;
      config: object;
    }[];
    expect(actions.map(({ config }) => config)).toEqual([
      { event: "e" },
      { event: "e", queue: "external" },
      { event: "error.communication" },
      { event: "error.execution" },
    ]);
    expect(actions[0]?.condition).toBe("(data.x) === '#_internal'");
  });

  it("tells all that it refuses, each by its code and line", () => {
    const refused = [
      "<script>notify(x)</script>",
      '<script src="a.js"/>',
      '<assign location="x.y" expr="1"/>',
      '<assign location="x"><a/></assign>',
      '<assign location="x" expr="x instanceof Array"/>',
      '<send event="e" target="http://a.example"/>',
      '<send event="e" type="x-pigeon" target="#_parent"/>',
      '<send event="e" delayexpr="x + \'s\'"/>',
      '<foreach array="x" item="e"/><assign location="x" expr="x + 1"/>',
      "<beep/>",
      '<log expr="1"/>',
      "",
    ];
    const text = chartOf(
      "<datamodel>",
      X,
      "</datamodel>",
      '<state id="s"><onentry>',
      ...refused,
      '</onentry><transition event="g" target="z"/></state><final id="z"/>',
    );
    expect(codesOf(text, "error")).toEqual([
      "6 SCXML_SCRIPT",
      "7 SCXML_SOURCE",
      "8 SCXML_LOCATION",
      "9 SCXML_DATA",
      "10 SCXML_EXPRESSION",
      "11 SCXML_TRANSPORT",
      "12 SCXML_TRANSPORT",
      "13 SCXML_SEND",
      "14 SCXML_FOREACH",
      "15 SCXML_UNKNOWN_ELEMENT",
    ]);
  });
});

describe("times of CSS", () => {
  it.each([
    ["1s", "PT1S"],
    [".5s", "PT0.5S"],
    ["100ms", "PT0.1S"],
    ["0s", "PT0S"],
    ["1.5 s", "PT1.5S"],
    ["2min", "PT120S"],
  ])("are durations: %s is %s", (text, expected) => {
    expect(isoDuration(text)).toBe(expected);
  });

  it.each(["", "1", "s", "-1s", "1 week", "1e3s", "Infinitys"])("%j is none", (text) => {
    expect(isoDuration(text)).toBeUndefined();
  });
});
