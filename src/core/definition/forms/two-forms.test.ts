/**
 * The laws of the two forms, on generated definitions that hold every construct of the language, of valid shape though
 * not always of good sense.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ajvSchemaCompiler } from "../../../platform/ajv-schema-compiler.js";
import type { Json, JsonObject } from "../../json/json.js";
import { formatDefinition } from "../format.js";
import { normalise } from "../normalise.js";
import { authoredSchema } from "../schema/definition-schema.js";

const stateIds = ["a", "b", "c", "d", "e1", "f-2", "g_h", "Last"];
const stateId = fc.constantFrom(...stateIds);
const eventId = fc.constantFrom("go", "stop", "error.LATE", "aToB.timer");

const trigger: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.record(
    { eventId, trigger: fc.constant("manual"), name: fc.constant("By hand") },
    { requiredKeys: ["eventId", "trigger"] },
  ),
  fc.record({ eventId, trigger: fc.constantFrom("automatic", "auto") }, { requiredKeys: ["trigger"] }),
  fc.record(
    {
      eventId,
      trigger: fc.constantFrom("time-based", "timer"),
      after: fc.constant("PT1M"),
      description: fc.constant("Late"),
    },
    { requiredKeys: ["trigger", "after"] },
  ),
  fc.record({ trigger: fc.constant("webhook"), path: fc.constant("in/:id") }),
  fc.record({ eventId, trigger: fc.constant("signal") }),
);

const condition: fc.Arbitrary<Json> = fc.oneof(
  fc.constant("data.amount > 0"),
  fc.constant({ language: "feel", expression: "amount > 0" }),
);

const loggingAction: fc.Arbitrary<JsonObject> = fc.record(
  {
    actionId: fc.constantFrom("one", "two"),
    type: fc.constantFrom("log", "audit"),
    config: fc.constant({ level: "info", message: "$data.amount" }),
    retryCount: fc.nat(3),
    onError: fc.oneof(fc.constant("ignore"), fc.constant(["retry", { strategy: "log" }])),
  },
  { requiredKeys: ["actionId", "type"] },
);

const raisingAction: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.record({
    actionId: fc.constant("one"),
    type: fc.constant("raise"),
    config: fc.record(
      {
        event: fc.constantFrom("go", "$data.next"),
        data: fc.constantFrom<Json>("$data.amount", { z: 1, a: "${data.amount} €" }, null),
        delay: fc.constantFrom("PT1H", "$data.wait"),
        queue: fc.constantFrom("internal", "external"),
        id: fc.constant("timer-1"),
      },
      { requiredKeys: ["event"] },
    ),
  }),
  fc.constant<JsonObject>({ actionId: "two", type: "cancel", config: { id: "timer-1" } }),
);

const action = fc.oneof({ weight: 3, arbitrary: loggingAction }, raisingAction);

const transitionParts = {
  name: fc.constant("Next"),
  condition,
  actions: fc.array(action, { maxLength: 2 }),
  interrupts: fc.boolean(),
  default: fc.boolean(),
  "x-own": fc.constant({ b: 1, a: 2 }),
};

const arrayTransition: fc.Arbitrary<JsonObject> = fc.record(
  {
    ...transitionParts,
    transitionId: fc.constantFrom("aToB", "t1", "t2", "anyToC"),
    fromStateId: fc.oneof(
      { weight: 4, arbitrary: stateId },
      fc.uniqueArray(stateId, { minLength: 1, maxLength: 3 }),
      fc.constant("*"),
    ),
    toStateId: stateId,
    event: fc.array(trigger, { maxLength: 3 }),
  },
  { requiredKeys: ["fromStateId"] },
) as fc.Arbitrary<JsonObject>;

const shortTransition: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.record(
      { ...transitionParts, transitionId: fc.constantFrom("aToB", "t1", "t2", "bToC"), target: stateId },
      { requiredKeys: [] },
    ),
    fc.constantFrom<JsonObject>(
      {},
      { trigger: "automatic" },
      { trigger: "manual", event: "go" },
      { event: "stop" },
      { event: ["go", { trigger: "timer", after: "P1D" }] },
      { event: { trigger: "signal", eventId: "go" } },
      { after: "PT1H" },
      { trigger: "timer", event: "late", after: "PT1H", timezone: "Europe/Berlin" },
      { event: "go", every: "P1D" },
    ),
  )
  .map(([parts, events]) => ({ ...parts, ...events }) as JsonObject);

const plainState = {
  name: fc.constant("A state"),
  stateType: fc.constant("verification"),
  data: fc.constant({ schema: { type: "object", properties: { z: true, a: { type: "string" } } } }),
  entryActions: fc.array(action, { maxLength: 2 }),
  metadata: fc.constant({ z: 1, a: [1, 2] }),
};
const stateType = fc.constantFrom(
  "initial",
  "task",
  "user",
  "userTask",
  "decision",
  "intermediate",
  "final",
  "error",
);

interface Forms {
  arrays: JsonObject;
  short: JsonObject;
  region: JsonObject;
}

const forms = fc.letrec<Forms>((tie) => {
  const inner: fc.Arbitrary<JsonObject> = fc.oneof(
    { depthSize: "small" },
    fc.constant({}),
    tie("arrays") as fc.Arbitrary<JsonObject>,
    fc.record({ regions: fc.array(tie("region") as fc.Arbitrary<JsonObject>, { maxLength: 2 }) }),
  );
  const shortInner: fc.Arbitrary<JsonObject> = fc.oneof(
    { depthSize: "small" },
    fc.constant<JsonObject>({}),
    tie("short") as fc.Arbitrary<JsonObject>,
    tie("arrays") as fc.Arbitrary<JsonObject>,
  );
  return {
    arrays: fc.record({
      states: fc
        .uniqueArray(
          fc.tuple(
            fc.record(
              { ...plainState, stateId, baseStateType: stateType },
              { requiredKeys: ["stateId", "baseStateType"] },
            ),
            inner,
          ),
          { maxLength: 4, selector: ([state]) => state.stateId },
        )
        .map((states) => states.map(([state, scope]) => ({ ...state, ...scope }) as JsonObject)),
      transitions: fc.array(arrayTransition, { maxLength: 6 }),
    }) as fc.Arbitrary<JsonObject>,
    short: fc.record({
      states: fc.dictionary(
        stateId,
        fc
          .tuple(
            fc.record({ ...plainState, type: stateType }, { requiredKeys: ["type"] }),
            shortInner,
            fc.array(shortTransition, { maxLength: 3 }),
          )
          .map(([state, scope, transitions]) => {
            const { states } = scope;
            return (
              Array.isArray(states)
                ? { ...state, ...scope }
                : { ...state, ...(states ? { states } : {}), transitions }
            ) as JsonObject;
          }),
        { maxKeys: 4 },
      ),
    }) as fc.Arbitrary<JsonObject>,
    region: fc.record({
      regionId: fc.constantFrom("r1", "r2"),
      states: fc.constant([{ stateId: "r", baseStateType: "initial" }]),
      transitions: fc.array(arrayTransition, { maxLength: 2 }),
    }) as fc.Arbitrary<JsonObject>,
  };
});

const machineParts = {
  version: fc.integer({ min: 1, max: 9 }),
  name: fc.constant("A machine"),
  metadata: fc.constant({ team: "x" }),
  immutable: fc.constant(["a"]),
  globalErrorHandler: fc.constant({ onError: "retry", onTimeout: ["notify", "abort"] }),
};

const arrayDefinition: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.record({ ...machineParts, stateMachineId: fc.constant("m") }, { requiredKeys: ["stateMachineId"] }),
    forms.arrays,
  )
  .map(([parts, scope]) => ({ ...parts, ...scope }) as JsonObject);

const shortDefinition: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.record({ ...machineParts, id: fc.constant("m") }, { requiredKeys: ["id"] }),
    forms.short,
    fc.array(arrayTransition, { maxLength: 3 }),
  )
  .map(([parts, scope, transitions]) => ({ ...parts, ...scope, transitions }) as JsonObject);

// An undefined target without any final state would be implied when the short form is read again; with a final state
// it stays what it is.
const withFinalState = arrayDefinition.map((document) => ({
  ...document,
  states: [...(document.states as JsonObject[]), { stateId: "theEnd", baseStateType: "final" }],
}));
const anyDefinition = fc.oneof(withFinalState, shortDefinition);
const canonical = (document: unknown) => normalise(document as JsonObject).definition;

describe("the two forms", () => {
  it("generated definitions are of valid shape, and so is all that is printed", () => {
    const compiled = ajvSchemaCompiler().compile(authoredSchema);
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.faults));
    fc.assert(
      fc.property(anyDefinition, (document) => {
        expect(compiled.validate(document)).toEqual([]);
        const definition = canonical(document);
        expect(compiled.validate(JSON.parse(formatDefinition(definition, "short")))).toEqual([]);
        expect(compiled.validate(JSON.parse(formatDefinition(definition, "canonical")))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("the canonical form of a canonical form is itself", () => {
    fc.assert(
      fc.property(anyDefinition, (document) => {
        const definition = canonical(document);
        expect(canonical(definition)).toEqual(definition);
        expect(canonical(JSON.parse(formatDefinition(definition, "canonical")))).toEqual(definition);
      }),
      { numRuns: 150 },
    );
  });

  it("the canonical form of the short form of a canonical form is that canonical form", () => {
    fc.assert(
      fc.property(anyDefinition, (document) => {
        const definition = canonical(document);
        expect(canonical(JSON.parse(formatDefinition(definition, "short")))).toEqual(definition);
      }),
      { numRuns: 300 },
    );
  });

  it("printing twice prints the same", () => {
    fc.assert(
      fc.property(
        anyDefinition,
        fc.constantFrom("canonical" as const, "short" as const),
        (document, form) => {
          const text = formatDefinition(canonical(document), form);
          expect(formatDefinition(canonical(JSON.parse(text)), form)).toBe(text);
        },
      ),
      { numRuns: 60 },
    );
  });
});
