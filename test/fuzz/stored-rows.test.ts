/**
 * Damaged rows: whatever a database gives back in place of what was written, the error names the instance, nothing
 * hangs, nothing is sent that should not be, and other instances go on.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StatewrightError } from "../../src/core/errors.js";
import type { Store } from "../../src/ports/store.js";
import { memory, memoryTables } from "../../src/stores/memory/memory-store.js";
import { workMachine } from "../kit/definitions.js";
import { type EngineBench, openBench } from "../kit/engine-bench.js";
import { never } from "../kit/scripted-channel.js";
import { fuzzRuns, fuzzTimeoutMs } from "./fuzz-runs.js";

/** What is done to a text: cut, another character, another JSON, another value at a place of it. */
type Damage = (text: string) => string;

const OTHER_JSON = ["", "null", "0", "[]", "{}", '""', '{"seq":1}', "[[[[", '{"a":', "undefined", "\u0000x"];
const ODD_MEMBERS = [null, 0, "x", [], {}, [null], [{}], { a: 1 }, -1, 1e308] as const;

const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc
    .double({ min: 0, max: 0.99, noNaN: true })
    .map((part) => (text: string) => text.slice(0, text.length * part)),
  fc.constantFrom(...OTHER_JSON).map((other) => () => other),
  fc.tuple(fc.nat(10_000), fc.constantFrom(...'"{}[],:0a')).map(
    ([at, character]) =>
      (text: string) =>
        `${text.slice(0, at % text.length)}${character}${text.slice((at % text.length) + 1)}`,
  ),
  fc.tuple(fc.nat(1_000), fc.constantFrom<unknown>(...ODD_MEMBERS), fc.nat(4)).map(
    ([at, value, depth]) =>
      (text: string) =>
        JSON.stringify(withOther(JSON.parse(text), at, value, depth)),
  ),
);

/** The document with another value at one of its places. */
function withOther(document: unknown, at: number, value: unknown, depth: number): unknown {
  if (typeof document !== "object" || document === null || Object.keys(document).length === 0) return value;
  const keys = Object.keys(document);
  const key = keys[at % keys.length] ?? "";
  const members = document as { [key: string]: unknown };
  const changed = depth === 0 ? value : withOther(members[key], Math.floor(at / 3), value, depth - 1);
  if (Array.isArray(document))
    return document.map((element, index) => (String(index) === key ? changed : element));
  return { ...members, [key]: changed };
}

type Part = "snapshot" | "effect" | "answer" | "visit" | "entry";
type Damages = Map<string, Damage>;

/** Gives back damaged texts of the instance named `hurt`. */
function damagedStore(inner: Store, damages: Damages): Store {
  const hurt = <Row extends { readonly instanceId: string }>(row: Row, part: Part, field: keyof Row): Row => {
    const change = row.instanceId === "hurt" ? damages.get(part) : undefined;
    return change === undefined ? row : { ...row, [field]: change(String(row[field])) };
  };
  const overrides: Partial<Store> = {
    loadInstances: async (ids) =>
      (await inner.loadInstances(ids)).map((row) =>
        row === undefined ? row : hurt(row, "snapshot", "snapshot"),
      ),
    loadAnswers: async (keys) =>
      (await inner.loadAnswers(keys)).map((row) => (row === undefined ? row : hurt(row, "answer", "text"))),
    loadHistory: async (id, page) =>
      (await inner.loadHistory(id, page)).map((row) => hurt(row, "visit", "text")),
    loadAudit: async (id, page) =>
      (await inner.loadAudit(id, page)).map((row) => hurt(row, "entry", "entry")),
    dueEffects: async (lease, query) =>
      (await inner.dueEffects(lease, query)).map((row) => hurt(row, "effect", "text")),
  };
  return new Proxy(inner, {
    get: (target, name) => {
      const own = overrides[name as keyof Store];
      if (own !== undefined) return own;
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

/** Instances in the middle of their action, as a stopped process left them. */
async function prepare() {
  const tables = memoryTables();
  const before = await openBench("memory", [workMachine()], { store: memory(tables) });
  before.channel.on("/work", never);
  for (const instanceId of ["hurt", "sound"]) {
    await before.engine.start("workMachine", { instanceId, idempotencyKey: "begin" });
    await before.engine.send(instanceId, "go", { idempotencyKey: "go" });
  }
  await before.engine.close({ graceMs: 0 });
  return tables;
}

async function reopen(damages: Damages): Promise<EngineBench & { readonly logged: string[] }> {
  const logged: string[] = [];
  const line = (message: string, details?: unknown) => {
    logged.push(`${message} ${JSON.stringify(details)}`);
  };
  const logger = { debug: line, info: line, warn: line, error: line };
  const store = damagedStore(memory(await prepare()), damages);
  return { ...(await openBench("memory", [], { store, logger })), logged };
}

/** What any reading gives: a value, or an error that names the instance. */
async function attempt(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StatewrightError)) throw error;
    expect(error.message).toContain("hurt");
  }
}

const SHARE = 0.06;

describe("a damaged row", () => {
  for (const part of ["snapshot", "effect", "answer", "visit", "entry"] as const) {
    it(
      `of kind "${part}" is an error that names the instance; the others go on`,
      async () => {
        await fc.assert(
          fc.asyncProperty(damage, async (change) => {
            const bench = await reopen(new Map([[part, change]]));
            const { engine, clock } = bench;
            await clock.advanceBy(30_000);
            const cpuBefore = process.cpuUsage();
            await attempt(() => engine.get("hurt"));
            await attempt(() => engine.replay("hurt"));
            await attempt(() => engine.verifyAudit("hurt"));
            await attempt(() => engine.send("hurt", "go", { idempotencyKey: "go" }));
            await attempt(() => engine.send("hurt", undefined, { data: { a: 1 } }));
            // Time of the processor, because a busy machine lets a clock run on.
            const { user, system } = process.cpuUsage(cpuBefore);
            expect((user + system) / 1_000).toBeLessThan(1_000);
            expect((await engine.snapshot("sound"))?.status).toBe("completed");
            expect((await engine.verifyAudit("sound")).isValid).toBe(true);
            const { instanceId } = await engine.start("workMachine");
            await engine.send(instanceId, "go");
            await clock.advanceBy(1_000);
            expect((await engine.snapshot(instanceId))?.status).toBe("completed");
            await engine.close({ graceMs: 0 });
          }),
          fuzzRuns(SHARE / 5),
        );
      },
      fuzzTimeoutMs(SHARE),
    );
  }
});

describe("what cannot be read", () => {
  it("sends nothing, waits longer each time and says in the log which instance it is", async () => {
    for (const part of ["snapshot", "effect"] as const) {
      const bench = await reopen(new Map<string, Damage>([[part, () => "{"]]));
      await bench.clock.advanceBy(3_600_000);
      expect(bench.channel.sent.map((sent) => sent.key)).toEqual(["sound/2.0/work"]);
      const lines = bench.logged.filter((line) => line.includes("hurt") && line.includes("cannot be read"));
      expect(lines.length).toBeGreaterThan(5);
      expect(lines.length).toBeLessThan(25);
      await bench.engine.close({ graceMs: 0 });
    }
  });

  it("has its code, the instance and what to do about it", async () => {
    const bench = await reopen(new Map<string, Damage>([["snapshot", () => "{}"]]));
    await expect(bench.engine.get("hurt")).rejects.toMatchObject({
      code: "STORE_DAMAGED",
      message: 'The snapshot of instance "hurt" cannot be read: the database was damaged or changed.',
      hint: "Restore it from a backup; everything else in the database goes on.",
    });
    await bench.engine.close({ graceMs: 0 });
  });
});
