/**
 * Charts at random: whatever stands in them, the converter gives a definition that validation accepts, or says why not;
 * and it never throws, whatever the text is.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { convertScxml } from "../../src/convert/scxml/convert-scxml.js";
import { readDefinition } from "../../src/core/definition/read-definition.js";
import type { Json } from "../../src/core/json/json.js";
import type { Command } from "../../src/core/message/command.js";
import { step } from "../../src/core/step/step.js";
import { ajvSchemaCompiler } from "../../src/platform/ajv-schema-compiler.js";
import { PureRun } from "../kit/pure-run.js";

const schemas = ajvSchemaCompiler();

const IDS = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
/** `@3` stands for the fourth state, `@h3` for its history: replaced when it is known which there are. */
const target = fc
  .tuple(fc.constantFrom("@", "@", "@h"), fc.nat({ max: 9 }))
  .map(([mark, at]) => `${mark}${at}`);
const attribute = (name: string, values: fc.Arbitrary<string>) =>
  fc.option(values, { nil: undefined }).map((value) => (value === undefined ? "" : ` ${name}="${value}"`));

const condition = fc.constantFrom("x &lt; 3", "In('a')", "x", "_event.data.y == 1", "nowhere", "!In('b')");
const content = fc
  .array(
    fc.constantFrom(
      '<raise event="e1"/>',
      '<send event="e2" delay="1s"/>',
      '<assign location="x" expr="x + 1"/>',
      '<if cond="x == 1"><assign location="x" expr="2"/><else/><raise event="e1"/></if>',
      '<log label="x" expr="x"/>',
      '<assign location="nowhere" expr="1"/>',
      '<foreach array="[1, 2]" item="x"><raise event="e1"/></foreach>',
    ),
    { maxLength: 2 },
  )
  .map((parts) => parts.join(""));

const transition = fc
  .tuple(
    attribute(
      "event",
      fc.constantFrom("e1", "e2", "e1 e3", "*", "e1.*", "error", "done.state.a", "done.state.b"),
    ),
    attribute("target", target),
    attribute("cond", condition),
    attribute("type", fc.constantFrom("internal", "external")),
    content,
  )
  .map(([event, to, cond, type, inside]) => {
    // Without event, condition and target it would spin for ever.
    const guarded = event === "" && cond === "" ? ' cond="x &lt; 3"' : cond;
    return `<transition${event}${to}${guarded}${type}>${inside}</transition>`;
  });

/** A chart with the ids dealt out among its states, and of each composite state a history. */
const chart = fc
  .tuple(
    fc.array(
      fc.tuple(
        fc.constantFrom("state", "parallel", "final"),
        fc.nat({ max: 9 }),
        fc.array(transition, { maxLength: 3 }),
        content,
      ),
      { minLength: 2, maxLength: 10 },
    ),
    fc.boolean(),
  )
  .map(([plans, isDeep]) => {
    const kinds = plans.map(([kind]) => kind);
    // Each state stands inside an earlier one, or at the top.
    const parents = plans.map(([, where], at) => {
      const parent = where % (at + 1);
      return parent === at ||
        kinds[parent] === "final" ||
        (kinds[at] === "final" && kinds[parent] === "parallel")
        ? undefined
        : parent;
    });
    const write = (at: number): string => {
      const [kind, , transitions, inside] = plans[at] ?? ["state", 0, [], ""];
      const children = parents.flatMap((parent, child) => (parent === at ? [write(child)] : []));
      const id = IDS[at] ?? "";
      const history =
        children.length === 0 ? "" : `<history id="h${id}" type="${isDeep ? "deep" : "shallow"}"/>`;
      const ways = kind === "final" ? "" : transitions.join("");
      return `<${kind} id="${id}"><onentry>${inside}</onentry>${history}${ways}${children.join("")}</${kind}>`;
    };
    const top = parents.flatMap((parent, at) => (parent === undefined ? [write(at)] : []));
    return `<scxml xmlns="http://www.w3.org/2005/07/scxml"><datamodel><data id="x" expr="0"/></datamodel>${top.join("")}</scxml>`.replace(
      /@(h?)(\d)/g,
      (_, mark: string, number: string) => {
        const at = Number(number) % plans.length;
        const hasHistory = mark === "h" && parents.includes(at);
        return `${hasHistory ? "h" : ""}${IDS[at] ?? ""}`;
      },
    );
  });

test("a chart becomes a definition that validation accepts, or is refused with reasons", () => {
  let converted = 0;
  fc.assert(
    fc.property(chart, (text) => {
      const { definition, findings } = convertScxml(text, { events: ["e3"] });
      const errors = findings.filter(({ severity }) => severity === "error");
      expect(definition === undefined).toBe(errors.length > 0);
      if (definition === undefined) return;
      converted += 1;
      const read = readDefinition({ document: definition as unknown as Json }, { schemas });
      // A chart that spins for ever is one that validation rightly refuses.
      const against = read.findings.filter(
        ({ severity, code }) => severity === "error" && code !== "AUTOMATIC_CYCLE",
      );
      expect(against).toEqual([]);
    }),
    { numRuns: 300 },
  );
  expect(converted).toBeGreaterThan(150);
});

test("a chart that was converted runs: no events bring its engine to a state that cannot be", () => {
  fc.assert(
    fc.property(
      chart,
      fc.array(fc.constantFrom("e1", "e2", "e3", "time"), { maxLength: 6 }),
      (text, events) => {
        const { definition } = convertScxml(text, { events: ["e3"] });
        fc.pre(definition !== undefined);
        const { findings } = readDefinition({ document: definition as unknown as Json }, { schemas });
        fc.pre(findings.every(({ severity }) => severity !== "error"));
        // Every command is replayed and compared, byte for byte.
        const run = new PureRun(definition);
        run.start();
        for (const event of events) {
          if (run.status !== "active") return;
          if (event === "time") {
            if (run.timers.size > 0) run.fireNextTimer();
          } else tryEvent(run, event);
        }
      },
    ),
    { numRuns: 200 },
  );
});

/** What is not enabled is refused and changes nothing. */
function tryEvent(run: PureRun, eventId: string): void {
  const { snapshot, machine, nowMs } = run;
  const command = {
    type: "event",
    eventId,
    data: {},
    variables: {},
    actor: "ada",
    source: "test",
    random: "0".repeat(32),
  };
  if (step(machine, snapshot, command as Command, nowMs).ok) run.send(eventId);
}

test("no text makes the converter throw", () => {
  fc.assert(
    fc.property(chart, fc.nat(), fc.nat({ max: 20 }), fc.string(), (text, at, length, put) => {
      const place = at % text.length;
      const { definition, findings } = convertScxml(text.slice(0, place) + put + text.slice(place + length));
      if (definition === undefined) expect(findings.some(({ severity }) => severity === "error")).toBe(true);
    }),
    { numRuns: 300 },
  );
});
