import { describe, expect, it } from "vitest";
import { readDefinition } from "../../core/definition/read-definition.js";
import type { Json } from "../../core/json/json.js";
import { ajvSchemaCompiler } from "../../platform/ajv-schema-compiler.js";
import { convertScxml } from "./convert-scxml.js";
import { chartOf, codesOf, definitionOf } from "./testing/chart-text.js";

const END = '<final id="end"/>';

/** `from -events-> to` of the transitions of a list, with what is special about each. */
function ways(transitions: readonly object[] | undefined): string[] {
  return (transitions ?? []).map((each) => {
    const {
      fromStateId,
      toStateId = "",
      event,
      condition,
      interrupts,
      history,
    } = each as {
      readonly [field: string]: unknown;
    };
    const names = (event as { eventId: string }[] | undefined)?.map(({ eventId }) => eventId).join(" ") ?? "";
    const special = [condition, interrupts === true ? "interrupts" : undefined, history].filter(
      (part) => part !== undefined,
    );
    return `${String(fromStateId)} -${names}-> ${String(toStateId)} ${special.join(" ")}`.trim();
  });
}

describe("converting a chart", () => {
  it("begins in the first state itself, where that is plain and nothing is set before it", () => {
    const definition = definitionOf(
      chartOf('<state id="a"><transition event="e" target="end"/></state>', END),
    );
    expect(definition).toEqual({
      stateMachineId: "machine",
      version: 1,
      globalErrorHandler: { onError: "log" },
      states: [
        { stateId: "a", baseStateType: "initial" },
        { stateId: "end", baseStateType: "final" },
      ],
      transitions: [
        {
          transitionId: "a.1",
          fromStateId: "a",
          toStateId: "end",
          event: [{ eventId: "e", trigger: "manual" }],
        },
      ],
    });
  });

  it("sets the data first, that of inner states too, in document order", () => {
    const text = chartOf(
      '<datamodel><data id="x" expr="1"/><data id="y">[2]</data><data id="z" expr="x + 1"/><data id="none"/></datamodel>',
      '<state id="a"><datamodel><data id="w" expr="x + z"/></datamodel><transition event="e" target="end"/></state>',
      END,
    );
    const [start] = definitionOf(text).states;
    expect(start?.stateId).toBe("start");
    expect(start?.entryActions?.map(({ assign }) => assign)).toEqual([
      { x: 1, y: [2] },
      { z: "${data.x + 1}" },
      { w: "${data.x + data.z}" },
    ]);
  });

  it("binds late where the chart says so: the first time that a state is entered", () => {
    const text = chartOf(
      '<state id="a"><datamodel><data id="x" expr="1"/></datamodel><transition event="e" target="end"/></state>',
      END,
    ).replace("<scxml ", '<scxml binding="late" ');
    expect(definitionOf(text).states[0]?.entryActions).toMatchObject([
      { assign: { x: 1 }, condition: "data.bound_a !== true" },
      { assign: { bound_a: true } },
    ]);
  });

  it("keeps compound and parallel states, a region for each state inside", () => {
    const text = chartOf(
      '<state id="c" initial="c2"><state id="c1"/><state id="c2"><transition event="e" target="c1"/></state>',
      '<transition event="done" target="p"/></state>',
      '<parallel id="p"><state id="r"/><state id="s"><state id="s1"/></state><transition event="e" target="end"/></parallel>',
      END,
    );
    const [, c, p] = definitionOf(text).states;
    expect(c).toMatchObject({
      baseStateType: "compound",
      initial: "c2",
      states: [{ stateId: "c1" }, { stateId: "c2" }],
    });
    expect(p?.regions).toMatchObject([
      { regionId: "rRegion", initial: "r", states: [{ stateId: "r" }] },
      {
        regionId: "sRegion",
        initial: "s",
        states: [{ stateId: "s", baseStateType: "compound", initial: "s1" }],
      },
    ]);
  });

  it("spreads descriptors over the names it knows, prefixes word by word", () => {
    const text = chartOf(
      '<state id="a"><onentry><raise event="foo.bar"/><raise event="foos"/></onentry>',
      '<transition event="foo.* other" target="end"/><transition event="error" target="end"/></state>',
      END,
    );
    expect(ways(definitionOf(text, { events: ["foo.baz", "far"] }).transitions)).toEqual([
      "a -foo other foo.bar foo.baz-> end",
      "a -error error.execution-> end",
    ]);
  });

  it("answers on * to all it knows, and warns that those from outside must be named", () => {
    const text = chartOf('<state id="a"><transition event="*" target="end"/></state>', END);
    expect(ways(definitionOf(text, { events: ["e"] }).transitions)).toEqual([
      "a -error.execution e error-> end",
    ]);
    expect(codesOf(text)).toEqual(["2 SCXML_EVENTS_OUTSIDE"]);
  });

  it("lets a transition without event interrupt what is inside its state", () => {
    const text = chartOf(
      '<state id="c"><state id="c1"><transition target="c2" cond="In(\'c\')"/></state><state id="c2"/>',
      '<transition cond="In(\'c2\')" target="end"/></state>',
      END,
    );
    const definition = definitionOf(text);
    expect(ways(definition.transitions)).toContain('c --> end inState("c2") interrupts');
    expect(ways(definition.states[1]?.transitions)).toEqual(['c1 --> c2 inState("c")']);
  });

  it("puts an internal transition, and with it all of its state, into the state's own list", () => {
    const text = chartOf(
      '<state id="c"><transition event="i" type="internal" target="c2"/><transition event="n"/>',
      '<transition event="x" target="c1"/><transition event="o" target="end"/><state id="c1"/><state id="c2"/></state>',
      END,
    );
    const definition = definitionOf(text);
    expect(ways(definition.states[1]?.transitions)).toEqual([
      "c -i-> c2",
      "c -n->",
      "c -x-> c1.again",
      "c -o-> end",
    ]);
    expect(ways(definition.transitions)).toEqual(["start --> c", "c1.again --> c1"]);
  });

  it("leaves the whole parallel state where one of its states leads into itself", () => {
    const text = chartOf(
      '<state id="o"><parallel id="p"><state id="r"><transition event="e" target="r1"/><state id="r1"/></state>',
      '<state id="s"/></parallel><transition event="x" target="end"/></state>',
      END,
    );
    const [, outer] = definitionOf(text).states;
    expect(outer?.states?.[0]?.regions?.[0]?.transitions).toMatchObject([
      { fromStateId: "r", toStateId: "r1.again" },
    ]);
    expect(ways(outer?.transitions)).toEqual(["r1.again --> r1"]);
  });

  it("takes a history that falls back to a plain child as that child with a memory", () => {
    const text = chartOf(
      '<state id="a"><transition event="e" target="h"/></state>',
      '<state id="c"><history id="h" type="deep"><transition target="c2"/></history>',
      '<state id="c1"/><state id="c2"><transition event="e" target="c1"/></state><transition event="x" target="end"/></state>',
      END,
    );
    expect(ways(definitionOf(text).transitions)).toContain("a -e-> c2 deep");
  });

  it("makes a decision of every other history, which does what is to be done on the way", () => {
    const text = chartOf(
      '<state id="a"><transition event="e" target="h"/></state>',
      '<state id="c"><history id="h"><transition target="c2"><raise event="first"/></transition></history>',
      '<state id="c1"/><state id="c2"><transition event="e" target="c1"/></state><transition event="x" target="end"/></state>',
      END,
    );
    const definition = definitionOf(text);
    expect(ways(definition.transitions)).toContain("a -e-> h shallow");
    const compound = definition.states[1];
    expect(compound?.states?.at(-1)).toEqual({ stateId: "h", baseStateType: "decision" });
    expect(compound?.transitions?.find(({ fromStateId }) => fromStateId === "h")).toMatchObject({
      toStateId: "c2",
      actions: [{ type: "raise", config: { event: "first" } }],
    });
  });

  it("begins a state with a state of its own where something is executed on the way", () => {
    const text = chartOf(
      '<state id="c"><initial><transition target="c1"><raise event="e"/></transition></initial><state id="c1"/>',
      '<transition event="x" target="end"/></state>',
      END,
    );
    const compound = definitionOf(text).states[1];
    expect(compound?.initial).toBe("c.initial");
    expect(compound?.states).toMatchObject([
      { stateId: "c1" },
      { stateId: "c.initial", baseStateType: "initial" },
    ]);
    expect(compound?.transitions).toMatchObject([
      { fromStateId: "c.initial", toStateId: "c1", actions: [{ type: "raise" }] },
    ]);
  });

  it("says several targets with a property for each region that does not begin as usual", () => {
    const text = chartOf(
      '<state id="a"><transition event="e" target="r2 s"/></state>',
      '<parallel id="p"><state id="r"><state id="r1"/><state id="r2"><transition event="e" target="r1"/></state></state>',
      '<state id="s"/><transition event="x" target="end"/></parallel>',
      END,
    );
    const definition = definitionOf(text);
    expect(definition.transitions[0]).toMatchObject({
      toStateId: "p",
      actions: [{ assign: { enter_r: "r2" } }],
    });
    const [region, other] = definition.states[1]?.regions ?? [];
    expect(region?.initial).toBe("r.choice");
    expect(region?.transitions).toMatchObject([
      { toStateId: "r2", condition: 'data.enter_r === "r2"', actions: [{ assign: { enter_r: null } }] },
      { toStateId: "r", default: true },
    ]);
    expect(other?.initial).toBe("s");
  });

  it("lets a final state keep what its done event carries", () => {
    const text = chartOf(
      '<state id="c"><state id="c1"><transition target="c2"/></state>',
      '<final id="c2"><donedata><param name="n" expr="1"/></donedata></final>',
      '<transition event="done.state.c" cond="_event.data.n == 1" target="end"/></state>',
      END,
    );
    const definition = definitionOf(text);
    expect(definition.states[1]?.states?.[1]?.entryActions).toMatchObject([{ assign: { done_c: { n: 1 } } }]);
    expect(definition.transitions[1]?.condition).toBe(
      "(event.id === 'done.state.c' ? data.done_c : event.data).n == 1",
    );
  });

  it("carries the fields of events where the chart asks for them", () => {
    const text = chartOf(
      '<state id="a"><onentry><raise event="e"/><send event="f" id="i"/></onentry>',
      '<transition event="e" cond="_event.type == \'internal\'" target="end"/></state>',
      END,
    );
    const definition = definitionOf(text);
    expect(definition.states[0]?.entryActions?.map(({ config }) => config?.data)).toMatchObject([
      { scxml: { type: "internal" } },
      { scxml: { type: "external", sendid: "i" } },
    ]);
    expect(definition.transitions[0]?.condition).toMatch(/^\(event\.data\.scxml\.type \?\? /);
  });

  it("leaves out what cannot be entered, with its done event", () => {
    const text = chartOf(
      '<state id="a"><transition event="e" target="end"/><transition event="done.state.b" target="c"/></state>',
      '<state id="b"><state id="b1"><transition event="e" target="end"/></state></state>',
      '<state id="c"><transition event="e" target="end"/></state>',
      END,
    );
    expect(definitionOf(text).states.map(({ stateId }) => stateId)).toEqual(["a", "end"]);
    expect(codesOf(text)).toEqual([
      "2 SCXML_LEFT_OUT",
      "3 SCXML_UNREACHABLE",
      "3 SCXML_UNREACHABLE",
      "4 SCXML_UNREACHABLE",
    ]);
  });

  it("says of what means nothing where it stands that it is left out", () => {
    const text = chartOf(
      '<state id="a"><donedata/><initial/><transition event="e" target="end"/></state>',
      '<final id="end"><transition event="e" target="a"/></final>',
      "<beep/>",
    );
    expect(codesOf(text)).toEqual([
      "2 SCXML_LEFT_OUT",
      "2 SCXML_LEFT_OUT",
      "3 SCXML_LEFT_OUT",
      "4 SCXML_LEFT_OUT",
    ]);
    expect(definitionOf(text).transitions).toHaveLength(1);
  });

  it("adds a way to end where there is none", () => {
    const text = chartOf('<state id="a"><transition event="stop" target="b"/></state>', '<state id="b"/>');
    const definition = definitionOf(text);
    expect(ways(definition.transitions)).toEqual(["a -stop-> b", "a,b -stop2-> stopped"]);
    expect(codesOf(text)).toEqual(["1 SCXML_END_ADDED"]);
  });

  it("adds none where a neighbouring region leads out of what is around both", () => {
    const text = (target: string) =>
      chartOf(
        `<parallel id="p"><state id="a"><transition event="e" target="${target}"/></state>`,
        '<state id="b"/></parallel><final id="z"/><state id="q"><transition event="e" target="z"/></state>',
      );
    expect(codesOf(text("q"))).toEqual([]);
    expect(codesOf(text("p"))).toContain("1 SCXML_END_ADDED");
  });

  it("reads elements with a prefix, and charts without a namespace", () => {
    const prefixed =
      '<s:scxml xmlns:s="http://www.w3.org/2005/07/scxml" version="1.0"><s:final id="z"/></s:scxml>';
    expect(definitionOf(prefixed).states.map(({ stateId }) => stateId)).toEqual(["start", "z"]);
    expect(definitionOf('<scxml version="1.0"><final id="z"/></scxml>').states).toHaveLength(2);
  });

  it("renames a state whose id the language does not take, in its done event too", () => {
    const text = chartOf(
      '<state id="$a"><final id="z"/><transition event="done.state.$a" target="end" cond="In(\'$a\')"/></state>',
      END,
    );
    const definition = definitionOf(text);
    expect(ways(definition.transitions)).toContain('_a -done.state._a-> end inState("_a")');
    expect(codesOf(text)).toEqual(["2 SCXML_RENAMED"]);
  });

  it.each([
    ["<a/>", ["1 SCXML_INVALID"]],
    ["<scxml>", ["1 XML_INVALID"]],
    [chartOf(), ["1 SCXML_INVALID"]],
    [chartOf('<state id="a"><transition event="e" target="b"/></state>'), ["2 SCXML_UNKNOWN_STATE"]],
    [chartOf('<state id="a" initial="b"><state id="c"/></state>', '<state id="b"/>'), ["2 SCXML_INVALID"]],
    [chartOf('<state id="a"/>', '<state id="a"/>'), ["3 SCXML_DUPLICATE_ID"]],
    [chartOf('<state id="a"><invoke src="b"/></state>'), ["2 SCXML_INVOKE"]],
    [chartOf('<state id="a"><state id="b"/><initial/></state>'), ["2 SCXML_INVALID"]],
    [chartOf('<final id="a"><state id="b"/></final>'), ["2 SCXML_INVALID"]],
    [
      chartOf('<datamodel><data id="__proto__" expr="1"/></datamodel>', '<state id="a"/>'),
      ["2 SCXML_INVALID"],
    ],
    [chartOf('<datamodel><data id="my-data" expr="1"/></datamodel>', '<state id="a"/>'), ["2 SCXML_INVALID"]],
    [
      chartOf('<state id="a"><history id="h"/><transition event="e" target="h"/></state>'),
      ["2 SCXML_UNKNOWN_STATE"],
    ],
    [
      chartOf(
        '<state id="a"><transition event="e" target="b c"/></state>',
        '<state id="b"/>',
        '<state id="c"/>',
      ),
      ["2 SCXML_SEVERAL_TARGETS"],
    ],
    [
      chartOf(
        '<state id="a"><transition event="e" target="h"/></state>',
        '<parallel id="p"><history id="h"><transition target="q1"/></history><state id="q"><state id="q1"/></state></parallel>',
      ),
      ["3 SCXML_HISTORY"],
    ],
    [chartOf('<state id="a"><transition event="e" cond="_event.raw" /></state>'), ["2 SCXML_EVENT_FIELD"]],
  ])("refuses %s", (text, codes) => {
    expect(codesOf(text, "error")).toEqual(codes);
    expect(convertScxml(text).definition).toBeUndefined();
  });

  it("refuses more states, transitions and events than a definition has, and loops that multiply", () => {
    const many = (count: number, write: (at: number) => string) =>
      Array.from({ length: count }, (_, at) => write(at)).join("");
    expect(codesOf(chartOf(many(1001, (at) => `<state id="s${at}"/>`)), "error")).toEqual([
      "1 SCXML_INVALID",
    ]);
    const ways = `<state id="a">${many(5001, () => '<transition event="e"/>')}</state>`;
    expect(codesOf(chartOf(ways), "error")).toEqual(["1 SCXML_INVALID"]);
    const raises = `<state id="a"><onentry>${many(2001, (at) => `<raise event="e${at}"/>`)}</onentry></state>`;
    expect(codesOf(chartOf(raises), "error")).toEqual(["1 SCXML_INVALID"]);
    const loop = (inside: string) =>
      `<foreach item="x" array="[${many(50, (at) => `${at === 0 ? "" : ","}${at}`)}]">${inside}</foreach>`;
    const loops = `<state id="a"><onentry>${loop(loop(loop(loop('<raise event="e"/>'))))}</onentry></state>`;
    expect([...new Set(codesOf(chartOf(loops), "error"))]).toEqual(["2 SCXML_FOREACH"]);
  });

  it("gives definitions that validation finds nothing against", () => {
    const text = chartOf(
      '<datamodel><data id="n" expr="0"/></datamodel>',
      '<parallel id="p"><state id="a"><state id="a1"><transition event="e" target="a2"/></state>',
      '<final id="a2"/></state><state id="b"><state id="b1"><transition event="done.state.a" target="b2"/></state>',
      '<final id="b2"/></state><transition event="done.state.p" target="end"/></parallel>',
      END,
    );
    const read = readDefinition(
      { document: definitionOf(text) as unknown as Json },
      { schemas: ajvSchemaCompiler() },
    );
    expect(read.findings).toEqual([]);
  });
});
