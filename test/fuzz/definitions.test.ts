/**
 * Mutated definitions: members dropped, doubled, renamed, retyped, nested deep, made huge, in either form, as text and as
 * parsed JSON. Whatever is given is answered with findings, in time; what is accepted compiles and can be started.
 */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Finding } from "../../src/core/definition/finding.js";
import { formatDefinition } from "../../src/core/definition/format.js";
import { isJsonObject, type Json, type JsonObject } from "../../src/core/json/json.js";
import { parentPointer, pointerParts } from "../../src/core/json/pointer.js";
import { compileMachine } from "../../src/core/model/compile-machine.js";
import { step } from "../../src/core/step/step.js";
import { readDefinitionSource, sharedSchemaCompiler } from "../../src/validation.js";
import { workMachine } from "../kit/definitions.js";
import { fuzzRuns, fuzzTimeoutMs } from "./fuzz-runs.js";
import { ODD_NAMES } from "./odd-values.js";

const example = new URL("../../examples/money-transfer/money-transfer.json", import.meta.url);

const SHORT: JsonObject = {
  id: "order",
  states: {
    draft: {
      type: "initial",
      data: { schema: { type: "object", properties: { amount: { type: "number", minimum: 0 } } } },
      transitions: [{ event: "submit", target: "check", condition: "data.amount > 0" }],
    },
    check: {
      type: "decision",
      transitions: [
        { target: "wait", condition: "data.amount > 100 && size(variables.list ?? []) < 3" },
        { target: "done", default: true },
      ],
    },
    wait: {
      type: "userTask",
      transitions: [
        { trigger: "timer", after: "PT1H", target: "done" },
        {
          event: ["approve"],
          target: "done",
          actions: [
            { actionId: "note", type: "assign", assign: { text: "${lower('A')} $$ ${data.amount}" } },
          ],
        },
      ],
    },
    done: { type: "final" },
  },
};

function seeds(): readonly JsonObject[] {
  const money = JSON.parse(readFileSync(example, "utf8")) as JsonObject;
  const canonical = [
    money,
    workMachine({ retryCount: 2, retryDelay: "PT1S", output: { a: "$response.body.a?" } }),
  ];
  const short = canonical.flatMap((document) => {
    const { definition } = readDefinitionSource({ document });
    return definition === undefined ? [] : [JSON.parse(formatDefinition(definition, "short"))];
  });
  return [...canonical, ...(short as JsonObject[]), SHORT];
}

const ODD: readonly (() => Json)[] = [
  () => null,
  () => true,
  () => 0,
  () => -1,
  () => 1e308,
  () => 9007199254740991,
  () => "",
  () => "x",
  () => "*",
  () => "x".repeat(300),
  () => "(".repeat(4_000),
  () => "data.a ".repeat(600),
  () => "!".repeat(4_000),
  () => "[".repeat(2_000),
  () => "a?".repeat(1_000),
  () => "${".repeat(1_000),
  () => "$data.__proto__.constructor",
  () => "^(a+)+$",
  () => "P1Y2M3W4DT5H6M7.5S",
  () => "P99999999999999999999Y",
  () => "https://user:secret@[::1]:99999/${data.x}",
  () => [],
  () => [[]],
  () => [null],
  () => ({}),
  () => ({ $ref: "#" }),
  () => ({ $ref: "#/definitions/a", definitions: { a: { $ref: "#/definitions/a" } } }),
  () => ({ pattern: "(a|a)*$", type: ["string", "nope"] }),
  () => ({ type: "object", properties: { constructor: { type: "string" } }, required: ["constructor"] }),
  () => deep(70),
  // Far over the limit of 64, and near enough that four mutations of it can still be written as text by the test.
  () => deep(400),
  () => Array.from({ length: 3_000 }, () => "x"),
  () => Object.fromEntries(Array.from({ length: 2_000 }, (_, at) => [`s${at}`, { type: "final" }])),
];

function deep(levels: number): Json {
  let value: Json = "x";
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? { states: value } : [value];
  return value;
}

type Change = "drop" | "double" | "rename" | "retype" | "swap" | "odd-key" | "wrap" | "text";

interface Mutation {
  readonly change: Change;
  readonly at: number;
  readonly pick: number;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  change: fc.constantFrom<Change>("drop", "double", "rename", "retype", "swap", "odd-key", "wrap", "text"),
  at: fc.nat(1_000_000),
  pick: fc.nat(1_000_000),
});

/** Every place of a document that can be changed: its holder and its key. */
function places(document: Json): { holder: { [key: string]: Json } | Json[]; key: string }[] {
  const found: { holder: { [key: string]: Json } | Json[]; key: string }[] = [];
  const visit = (value: Json): void => {
    if (typeof value !== "object" || value === null) return;
    for (const key of Object.keys(value)) {
      found.push({ holder: value as { [key: string]: Json }, key });
      visit((value as { [key: string]: Json })[key] ?? null);
    }
  };
  visit(document);
  return found;
}

function pickOf<T>(list: readonly T[], at: number): T {
  const found = list[at % list.length];
  if (found === undefined) throw new Error("Nothing to pick from.");
  return found;
}

/** A copy, so that nothing holds itself; what is nested too deeply for the platform to copy is left out. */
function copyOf<T extends Json>(value: T): Json {
  try {
    return structuredClone(value);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function mutate(document: Json, { change, at, pick }: Mutation): void {
  const all = places(document);
  if (all.length === 0) return;
  const { holder, key } = pickOf(all, at);
  const members = holder as { [key: string]: Json };
  const value = members[key] ?? null;
  const put = (name: string, given: Json): void => {
    if (Array.isArray(holder) && !/^\d+$/.test(name)) return;
    Object.defineProperty(holder, name, {
      value: given,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  };
  switch (change) {
    case "drop":
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete members[key];
      break;
    case "double":
      if (Array.isArray(holder)) holder.push(copyOf(value));
      else put(`${key}2`, copyOf(value));
      break;
    case "rename":
      delete members[key];
      put(pickOf(all, pick).key, value);
      break;
    case "retype":
      put(key, pickOf(ODD, pick)());
      break;
    case "swap":
      put(key, copyOf(pickOf(all, pick).holder as Json));
      break;
    case "odd-key":
      put(pickOf(ODD_NAMES, pick), copyOf(value));
      break;
    case "wrap":
      put(key, pick % 2 === 0 ? [value] : { value });
      break;
    case "text":
      if (typeof value === "string")
        put(key, `${value.slice(0, pick % (value.length + 1))}${pickOf(ODD_NAMES, at)}`);
  }
}

/** True when the pointer, or the thing that would hold it, is in the document. */
function isInside(document: unknown, pointer: string): boolean {
  if (pointer === "") return true;
  let value = document;
  for (const part of pointerParts(parentPointer(pointer))) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return false;
    value = (value as { [key: string]: unknown })[part];
  }
  return typeof value === "object" && value !== null;
}

function checkFindings(findings: readonly Finding[], document: unknown, hasPlaces: boolean): void {
  for (const finding of findings) {
    expect(finding.code).toMatch(/^[A-Z_]+$/);
    expect(finding.message.length).toBeGreaterThan(5);
    expect(isInside(document, finding.pointer), finding.pointer).toBe(true);
    if (hasPlaces && finding.line !== undefined) expect(finding.line).toBeGreaterThan(0);
  }
}

const slow: string[] = [];

/** Reads one definition within a second. True when it was accepted. */
function attempt(source: { text: string } | { document: Json }, document: unknown): boolean {
  const startedAtMs = performance.now();
  const cpuBefore = process.cpuUsage();
  const { definition, findings } = readDefinitionSource(source);
  const { user, system } = process.cpuUsage(cpuBefore);
  // A busy machine lets a clock run on; what counts is the work that was done.
  const tookMs = Math.min(performance.now() - startedAtMs, (user + system) / 1_000);
  if (tookMs > 1_000) slow.push(`${Math.round(tookMs)} ms: ${JSON.stringify(source).slice(0, 2_000)}`);
  checkFindings(findings, document, "text" in source);
  expect(definition === undefined).toBe(findings.some((finding) => finding.severity === "error"));
  if (definition === undefined) return false;
  const machine = compileMachine(definition, sharedSchemaCompiler());
  for (const data of [{}, { amount: 1 }]) {
    const command = {
      type: "start" as const,
      instanceId: "i",
      data,
      variables: {},
      actor: "ada",
      source: "test",
      random: "0".repeat(32),
    };
    const started = step(machine, undefined, command, 0);
    if (!started.ok) continue;
    for (const eventId of [...machine.eventIds].slice(0, 5))
      step(machine, started.snapshot, { ...command, type: "event", eventId }, 1);
  }
  return true;
}

const SHARE = 0.5;

describe("a mutated definition", () => {
  it(
    "is answered within a second, with findings that lead somewhere; what is accepted runs",
    () => {
      const originals = seeds();
      expect(originals.length).toBe(5);
      for (const document of originals) expect(attempt({ document }, document)).toBe(true);
      const counts = { accepted: 0, refused: 0 };
      fc.assert(
        fc.property(
          fc.nat(originals.length - 1),
          fc.array(mutation, { minLength: 1, maxLength: 4 }),
          fc.boolean(),
          (original, mutations, asText) => {
            const document = copyOf(pickOf(originals, original)) as Json;
            for (const each of mutations) mutate(document, each);
            const source = asText ? { text: JSON.stringify(document) } : { document };
            // What the reader sees: `undefined` is dropped, as in every JSON text.
            const isAccepted = attempt(source, JSON.parse(JSON.stringify(document)));
            counts[isAccepted ? "accepted" : "refused"] += 1;
          },
        ),
        fuzzRuns(SHARE * 0.9),
      );
      expect(counts.accepted).toBeGreaterThan((counts.accepted + counts.refused) / 50);
      expect(counts.refused).toBeGreaterThan((counts.accepted + counts.refused) / 50);
      // One may be the machine's fault, busy with something else; two are ours.
      expect(slow.length, slow.join("\n")).toBeLessThan(2);
    },
    fuzzTimeoutMs(SHARE),
  );

  it(
    "as torn text is answered with the place of the tear",
    () => {
      const texts = seeds().map((document) => JSON.stringify(document, null, 1));
      fc.assert(
        fc.property(
          fc.nat(texts.length - 1),
          fc.double({ min: 0, max: 1, noNaN: true }),
          fc.oneof(
            fc.constantFrom("", "}", "{", '"', "\0", "\\ud83d", ",", "1e999", '"__proto__":1,'),
            fc.string(),
          ),
          (which, part, inserted) => {
            const text = pickOf(texts, which);
            const at = Math.floor(text.length * part);
            for (const torn of [
              text.slice(0, at) + inserted,
              text.slice(0, at) + inserted + text.slice(at),
            ]) {
              const { definition, findings } = readDefinitionSource({ text: torn });
              if (definition === undefined) expect(findings.length).toBeGreaterThan(0);
              for (const finding of findings) expect(finding.line).toBeGreaterThan(0);
            }
          },
        ),
        fuzzRuns(SHARE * 0.1),
      );
    },
    fuzzTimeoutMs(SHARE),
  );
});

describe("what is no definition at all", () => {
  it.each([null, true, 0, "", "x", [], {}, [[]], { states: null }, { states: {} }, { states: [] }] as Json[])(
    "has findings: %j",
    (document) => {
      const { definition, findings } = readDefinitionSource({ document });
      expect(definition).toBeUndefined();
      checkFindings(findings, document, false);
      expect(isJsonObject(findings[0] as unknown)).toBe(true);
    },
  );
});
