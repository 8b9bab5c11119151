import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { call, end, findingsOf, short, to } from "../../../test/kit/definition-findings.js";
import type { JsonObject } from "../json/json.js";
import { FINDING_KINDS, type FindingCode } from "./finding-codes.js";
import { readDefinition } from "./read-definition.js";

const next = (more: object) =>
  short({ a: { type: "initial", transitions: [{ target: "b", ...more }] }, b: end });
const doing = (more: object) =>
  short({ a: { type: "initial", entryActions: [call("x", { ...more })], transitions: [to("b")] }, b: end });
const setting = (value: string) => doing({ assign: { p: value } });
const holding = (schema: object) =>
  short({ a: { type: "initial", data: { schema: { ...schema } }, transitions: [to("b")] }, b: end });

const parallel = (left: object, right: object, begin = "par") =>
  short({
    begin: { type: "initial", transitions: [to(begin)] },
    par: {
      type: "parallel",
      regions: [
        { regionId: "left", states: { l1: { type: "initial", ...left }, l2: end } },
        { regionId: "right", states: { r1: { type: "initial", ...right }, r2: end } },
      ],
      transitions: [to("b")],
    },
    b: end,
  });
const leaving = (target: string) => ({ transitions: [to(target, { event: "e" })] });
const joining = (first: object, more: JsonObject = {}) =>
  short({
    begin: { type: "initial", transitions: [to("f")] },
    f: { ...first, transitions: [to("x", { condition: "data.n > 1" }), to("y")] },
    x: { type: "task", transitions: [to("j", { event: "e" })] },
    y: { type: "task", transitions: [to("j", { event: "e" })] },
    j: { type: "join", ...more, transitions: [to("b")] },
    b: end,
  });

const hook = (more: object) => ({
  trigger: "webhook",
  path: "x/:id",
  correlate: "$data.id",
  message: "message.body.id",
  ...more,
});
const received = (more: object) => next({ event: hook(more) });

/** For each code a definition that raises it. */
const examples: { readonly [code in Exclude<FindingCode, "INVALID_JSON">]: unknown } = {
  UNKNOWN_FIELD: next({ tagret: "b" }),
  MISSING_FIELD: { states: {} },
  INVALID_VALUE: short({ a: { type: "start" } }),
  LIMIT: short({ a: { type: "initial", description: "x".repeat(1_048_576) } }),
  NOT_RUN_YET: next({ condition: { language: "feel", expression: "x > 1" } }),
  DUPLICATE_ID: doing({ compensate: call("x") }),
  UNKNOWN_STATE: next({ target: "c" }),
  UNKNOWN_EVENT: next({ event: "e", distinctFrom: "f" }),
  IMPLIED_STATE: short({ a: { type: "initial", transitions: [to("b")] } }),
  UNKNOWN_PROPERTY: {
    ...holding({}),
    searchable: ["x"],
    states: {
      a: { type: "initial", data: { schema: {} }, transitions: [to("b")] },
      b: { ...end, data: { schema: {} } },
    },
  },
  EXPRESSION_SYNTAX: next({ condition: "data.x >" }),
  EXPRESSION_UNKNOWN_ROOT: next({ condition: "amount > 0" }),
  EXPRESSION_UNKNOWN_FUNCTION: next({ condition: "lenght(data.x) > 0" }),
  EXPRESSION_FORBIDDEN: next({ condition: "data.x = 1" }),
  EXPRESSION_ARGUMENTS: next({ condition: "size() > 0" }),
  EXPRESSION_LIMIT: next({ condition: `${"!".repeat(5_000)}data.x` }),
  TEMPLATE_SYNTAX: setting("${data.x +}"),
  TEMPLATE_UNKNOWN_ROOT: setting("$dta.x"),
  TEMPLATE_UNKNOWN_FUNCTION: setting("${lenght(data.x)}"),
  TEMPLATE_FORBIDDEN: setting("${data.x = 1}"),
  TEMPLATE_ARGUMENTS: setting("${size()}"),
  TEMPLATE_LIMIT: setting(`\${${"!".repeat(100)}data.x}`),
  SCHEMA_INVALID: holding({ type: "text" }),
  UNSAFE_PATTERN: holding({ properties: { x: { pattern: "^(a+)+$" } } }),
  INVALID_DURATION: next({ after: "1h" }),
  NO_INITIAL: short({ b: end }),
  MANY_INITIAL: short({
    a: { type: "initial", transitions: [to("b")] },
    c: { type: "initial", transitions: [to("b")] },
    b: end,
  }),
  EMPTY_SCOPE: short({
    a: { type: "initial", transitions: [to("c")] },
    c: { type: "compound", transitions: [to("b")] },
    b: end,
  }),
  NEVER_DONE: short({
    a: { type: "initial", transitions: [to("c")] },
    c: { type: "compound", states: { d: { type: "initial" } }, transitions: [to("b")] },
    b: end,
  }),
  JOIN_NEVER_FULL: joining({ type: "decision" }),
  TOKEN_LOST: joining({ type: "fork" }),
  INTO_PARALLEL: parallel(leaving("l2"), leaving("r2"), "l2"),
  ACROSS_REGIONS: parallel(leaving("r2"), leaving("r2")),
  REGION_CONFLICT: parallel(leaving("b"), leaving("r2")),
  NO_MEANING: joining({ type: "decision" }, { exitActions: [call("x")] }),
  NOT_ONE_OF: short({ a: { type: "initial", transitions: [to("b")] }, b: { ...end, throws: {} } }),
  NO_FINAL: short({ a: { type: "initial", transitions: [to("a", { event: "e" })] } }),
  UNREACHABLE_STATE: short({ a: { type: "initial", transitions: [to("b")] }, c: end, b: end }),
  DEAD_END: short({ a: { type: "initial" }, b: end }),
  AUTOMATIC_CYCLE: short({ a: { type: "initial", transitions: [to("a"), to("b", { event: "e" })] }, b: end }),
  TRANSITION_FROM_FINAL: short({
    a: { type: "initial", transitions: [to("b")] },
    b: { ...end, transitions: [to("a")] },
  }),
  DECISION_INCOMPLETE: short({
    a: { type: "initial", transitions: [to("d")] },
    d: { type: "decision", transitions: [to("b", { condition: "data.x" })] },
    b: end,
  }),
  NOTHING_PROVIDES: short({
    a: { type: "initial", data: { schema: {} }, transitions: [to("b", { condition: "data.x" })] },
    b: { ...end, data: { schema: {} } },
  }),
  REQUIRES_UNSET: short({
    a: { type: "initial", data: { schema: {} }, transitions: [to("b")] },
    b: { ...end, data: { schema: { properties: { x: {} }, required: ["x"] } } },
  }),
  NO_TIMEOUT: short({
    a: {
      type: "initial",
      entryActions: [{ actionId: "x", type: "webhook", trigger: { webhook: { url: "/" } } }],
    },
  }),
  NO_COMPENSATION: short({
    a: {
      type: "initial",
      entryActions: [call("x"), call("y", { onError: "rollback" })],
      transitions: [to("b")],
    },
    b: end,
  }),
  UNDO_GROWS: short({
    a: { type: "initial", transitions: [to("b")] },
    b: {
      type: "task",
      entryActions: [
        call("x", { onError: { strategy: "rollback", rollbackTo: "start" }, compensate: call("undo") }),
      ],
      transitions: [to("c"), to("b", { event: "again" })],
    },
    c: end,
  }),
  NO_ERROR_ROUTE: short({
    a: {
      type: "initial",
      entryActions: [{ actionId: "x", type: "webhook", trigger: { webhook: { url: "/" } } }],
    },
  }),
  ERROR_STATE_NOT_FINAL: {
    ...short({ a: { type: "initial", transitions: [to("b")] }, b: end }),
    globalErrorHandler: { errorState: "a" },
  },
  NO_ERROR_STATE: doing({}),
  PLAIN_HTTP: doing({ trigger: { webhook: { url: "http://example.com" } } }),
  NO_CORRELATION: next({ event: { trigger: "webhook", path: "x" } }),
  WRONG_ROOT: received({ correlate: "$data.id", message: "data.id" }),
  WEBHOOK_CONFLICT: short({
    a: {
      type: "initial",
      transitions: [
        to("b", { event: hook({ path: "x/:id", verify: { bearer: { secret: "one" } } }) }),
        to("b", { event: hook({ path: "x/:key", verify: { bearer: { secret: "two" } } }) }),
      ],
    },
    b: end,
  }),
  UNVERIFIED_WEBHOOK: received({}),
  UNSIGNED_VALUE: received({ message: "message.params.id", verify: { secret: { secret: "S" } } }),
  LITERAL_SECRET: doing({ trigger: { webhook: { url: "https://example.com", auth: { bearer: "abc" } } } }),
};

describe("the list of findings", () => {
  it.each(Object.entries(examples))(
    "%s can be raised, with a severity that the list gives it",
    (code, document) => {
      const raised = findingsOf(document).filter((finding) => finding.code === code);
      expect(raised).not.toEqual([]);
      for (const { severity } of raised)
        expect(FINDING_KINDS[code as FindingCode].severity).toContain(severity);
    },
  );

  it("INVALID_JSON can be raised", () => {
    const schemas = { compile: () => ({ ok: true as const, validate: () => [] }) };
    expect(readDefinition({ text: "{" }, { schemas }).findings).toMatchObject([{ code: "INVALID_JSON" }]);
  });

  it("is what the reference documents, code by code and word by word", () => {
    const page = readFileSync(new URL("../../../docs/reference/findings.md", import.meta.url), "utf8");
    const rows = page.split("\n").filter((line) => line.startsWith("| `"));
    expect(rows).toEqual(
      Object.entries(FINDING_KINDS).map(
        ([code, { severity, meaning, remedy }]) => `| \`${code}\` | ${severity} | ${meaning} | ${remedy} |`,
      ),
    );
  });
});
