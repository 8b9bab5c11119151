import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ajvSchemaCompiler } from "../../platform/ajv-schema-compiler.js";
import type { Json } from "../json/json.js";
import type { Finding } from "./finding.js";
import { readDefinition } from "./read-definition.js";

const schemas = ajvSchemaCompiler();
const read = (text: string) => readDefinition({ text }, { schemas });
const readDocument = (document: unknown) => readDefinition({ document: document as Json }, { schemas });
const brief = (findings: readonly Finding[]) =>
  findings.map(({ code, line, column }) => `${line}:${column} ${code}`);

const seedFragment = `{
  "id": "money-transfer",
  "states": {
    "init": {
      "type": "initial",
      "transitions": [
        {
          "target": "verify",
          "trigger": "automatic"
        }
      ]
    },
    "verify": {
      "type": "task",
      "transitions": [
        {
          "target": "process",
          "condition": "data.amount > 0"
        }
      ]
    }
  }
}`;

describe("readDefinition", () => {
  const reference = "../shared/reference/money-transfer/money-transfer-definition.json";
  it.skipIf(!existsSync(reference))(
    "takes the reference definition unchanged, and warns where it should",
    () => {
      const { definition, findings } = read(readFileSync(reference, "utf8"));
      expect(definition?.states).toHaveLength(7);
      expect(findings.filter((finding) => finding.severity === "error")).toEqual([]);
      expect(findings.find((finding) => finding.code === "NOTHING_PROVIDES")).toEqual({
        code: "NOTHING_PROVIDES",
        severity: "warning",
        pointer: "/transitions/4/condition",
        line: 433,
        column: 21,
        message:
          'State "verify": transition "verifyToFailed": the condition reads data.verificationStatus, which no schema declares and no action sets.',
      });
      expect(new Set(findings.map((finding) => finding.code))).toEqual(
        new Set(["PLAIN_HTTP", "NO_TIMEOUT", "NOTHING_PROVIDES"]),
      );
    },
  );

  it("takes the seed's fragment with the final state that it implies", () => {
    const { definition, findings } = read(seedFragment);
    expect(definition?.states.map((state) => state.stateId)).toEqual(["init", "verify", "process"]);
    expect(findings).toEqual([
      {
        code: "IMPLIED_STATE",
        severity: "warning",
        pointer: "/states/verify/transitions/0/target",
        line: 17,
        column: 21,
        message: 'State "process" is not defined and was taken as a final state.',
        hint: 'Define it: "process": { "type": "final" }.',
      },
    ]);
  });

  it("tells everything at once, from shape to expression, in the order of the text", () => {
    const { definition, findings } = read(`{
  "stateMachineId": "m",
  "verson": 2,
  "states": [
    { "stateId": "a", "baseStateType": "initial" },
    { "stateId": "b", "baseStateType": "finl" },
    { "stateId": "c", "baseStateType": "final",
      "data": { "schema": { "type": "strng" } },
      "entryActions": [{ "actionId": "x", "type": "log", "retryCount": -1, "retryDelay": "10s" }] }
  ],
  "transitions": [
    { "fromStateId": "a", "toStateId": "c", "condition": "data.x > " },
    { "fromStateId": "a", "toStateId": "c", "condition": "amount > 0" },
    { "toStateId": "c" }
  ]
}`);
    expect(definition).toBeUndefined();
    expect(brief(findings)).toEqual([
      "3:3 UNKNOWN_FIELD",
      "6:40 INVALID_VALUE",
      "8:37 SCHEMA_INVALID",
      "9:72 INVALID_VALUE",
      "9:90 INVALID_DURATION",
      "12:68 EXPRESSION_SYNTAX",
      "13:59 EXPRESSION_UNKNOWN_ROOT",
      "14:5 MISSING_FIELD",
    ]);
    expect(findings[0]).toMatchObject({
      message: 'The definition: the field "verson" is not known.',
      hint: 'Did you mean "version"?',
    });
    expect(findings[1]).toMatchObject({ pointer: "/states/1/baseStateType", hint: 'Did you mean "final"?' });
    expect(findings[1]?.message).toContain("initial, intermediate, final, task, userTask");
  });

  it("names an unknown state and the nearest that there is", () => {
    const { findings } = readDocument({
      id: "m",
      states: {
        confirm: { type: "initial", transitions: [{ transitionId: "confirmToProces", target: "proces" }] },
        process: { type: "final" },
      },
    });
    expect(findings.filter((finding) => finding.code === "UNKNOWN_STATE")).toEqual([
      {
        code: "UNKNOWN_STATE",
        severity: "error",
        pointer: "/states/confirm/transitions/0/target",
        message: 'State "confirm": transition "confirmToProces" leads to "proces", which is not defined.',
        hint: 'Did you mean "process"?',
      },
    ]);
  });

  it("gives pointers without lines for a document that did not come from text", () => {
    const { findings } = readDocument({ id: "m", states: { a: { type: "initial", nmae: "x" } } });
    expect(findings).toEqual([
      {
        code: "UNKNOWN_FIELD",
        severity: "error",
        pointer: "/states/a/nmae",
        message: 'State "a": the field "nmae" is not known.',
        hint: 'Did you mean "name"?',
      },
    ]);
  });

  it("goes on with the rules when the machine has no name", () => {
    const { findings } = readDocument({
      states: [{ stateId: "a", baseStateType: "initial", timeout: { after: "1h" } }],
    });
    expect(findings.map((finding) => finding.code)).toContain("INVALID_DURATION");
    expect(findings.map((finding) => finding.code)).toContain("MISSING_FIELD");
  });

  it.each([null, 1, "x", [], {}, { states: [] }, { id: "m", states: null }])(
    "refuses %j without failing",
    (document) => {
      const { definition, findings } = readDocument(document);
      expect(definition).toBeUndefined();
      expect(findings.length).toBeGreaterThan(0);
    },
  );

  it("allows your own fields where they begin with x-, and anything in metadata", () => {
    const { findings } = readDocument({
      id: "m",
      "x-team": 1,
      metadata: { any: { thing: [] } },
      states: {
        a: { type: "initial", "x-color": "red", transitions: [{ target: "b", "x-y": null }] },
        b: { type: "final" },
      },
    });
    expect(findings).toEqual([]);
  });

  it("tells why a text is not JSON, and where", () => {
    expect(brief(read('{\n  "id": "m",\n  "id": "n"\n}').findings)).toEqual(["3:3 INVALID_JSON"]);
    expect(brief(read('{\n  "id": "m"\n').findings)).toEqual(["2:12 INVALID_JSON"]);
  });

  it("refuses a definition of more than 1 MiB before it is parsed", () => {
    const filler = "x".repeat(1_048_577);
    expect(readDocument({ id: "m", description: filler, states: {} }).findings).toMatchObject([
      { code: "LIMIT" },
    ]);
    expect(readDocument({ id: "m", description: "€".repeat(400_000), states: {} }).findings).toMatchObject([
      { code: "LIMIT" },
    ]);
  });

  it("gives the canonical form of what it accepts", () => {
    const { definition } = read(seedFragment);
    expect(definition?.transitions[0]).toEqual({
      transitionId: "initToVerify",
      fromStateId: "init",
      toStateId: "verify",
    });
  });
});
