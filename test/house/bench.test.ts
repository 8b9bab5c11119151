import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "./cruise-layers.js";

interface Measure {
  readonly id: string;
  readonly what: string;
  readonly unit: string;
  readonly median: number;
  readonly spread: number;
  readonly rounds: readonly number[];
}

interface Ratio {
  readonly id: string;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly goal: { readonly atLeast: number } | { readonly atMost: number } | null;
  readonly isReached: boolean | null;
}

interface Bench {
  readonly bench: string;
  readonly settings: { readonly rounds: number };
  readonly measures: readonly Measure[];
  readonly ratios: readonly Ratio[];
}

interface Report {
  readonly format: number;
  readonly at: string;
  readonly mode: string;
  readonly machine: { readonly cpuModel: string; readonly cores: number; readonly versions: object };
  readonly benches: readonly Bench[];
}

/** The ratios that have a goal: taking one out, or its goal, is a change that somebody must mean. */
const GOALS: { readonly [bench: string]: readonly string[] } = {
  step: ["stepToXState"],
  durable: ["of256ToBare", "of64ToBare", "of256ToPerCommand"],
  latency: ["sendToRow", "sendToRowP95"],
  start: ["validateMs"],
};

const isBuilt = existsSync(join(ROOT, "dist"));
if (!isBuilt) console.warn("dist/ is absent: the benchmarks are not run. Run: npm run build");

describe.skipIf(!isBuilt)("a quick run of the benchmarks", () => {
  const directory = mkdtempSync(join(tmpdir(), "statewright-"));
  let report: Report;
  beforeAll(async () => {
    report = await quickRun(directory);
  }, 180_000);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it("tells its time, its mode and the machine", () => {
    expect(report).toMatchObject({
      format: 1,
      mode: "quick",
      machine: { versions: { node: process.versions.node } },
    });
    expect(Number.isNaN(Date.parse(report.at))).toBe(false);
    expect(report.machine.cores).toBeGreaterThan(0);
    expect(report.machine.cpuModel).not.toBe("");
  });

  it("runs every benchmark and holds each to its goals", () => {
    const goals = Object.fromEntries(
      report.benches.map(({ bench, ratios }) => [
        bench,
        ratios.filter(({ goal }) => goal !== null).map(({ id }) => id),
      ]),
    );
    expect(goals).toEqual(GOALS);
  });

  it("gives every measure as many positive values as there were rounds, and a median among them", () => {
    for (const { settings, measures } of report.benches) {
      expect(measures.length).toBeGreaterThan(2);
      expect(new Set(measures.map(({ id }) => id)).size).toBe(measures.length);
      for (const { what, unit, median, rounds, spread } of measures) {
        expect(rounds, what).toHaveLength(settings.rounds);
        expect(Math.min(...rounds), what).toBeGreaterThan(0);
        expect(median, what).toBeGreaterThanOrEqual(Math.min(...rounds));
        expect(median, what).toBeLessThanOrEqual(Math.max(...rounds));
        expect(spread, what).toBeGreaterThanOrEqual(0);
        expect(unit, what).toMatch(/^(commands\/s|transitions\/s|ms)$/);
      }
    }
  });

  it("judges a ratio by its goal, and one without a goal not at all", () => {
    for (const { what, value, unit, goal, isReached } of report.benches.flatMap(({ ratios }) => ratios)) {
      if (unit === "×") expect(value, what).toBeGreaterThan(0);
      expect(value, what).toEqual(expect.any(Number));
      if (goal === null) expect(isReached, what).toBeNull();
      else if ("atLeast" in goal) expect(isReached, what).toBe(value >= goal.atLeast);
      else expect(isReached, what).toBe(value <= goal.atMost);
    }
  });

  it("shows every ratio and every measure in the table", () => {
    const table = readFileSync(join(directory, "latest.txt"), "utf8");
    const labels = report.benches.flatMap(({ ratios, measures }) =>
      [...ratios, ...measures].map(({ what }) => what),
    );
    expect(labels.filter((what) => !table.includes(what))).toEqual([]);
  });
});

async function quickRun(directory: string): Promise<Report> {
  const words = [join(ROOT, "bench/run.mjs"), "--quick", "--out", directory];
  await promisify(execFile)(process.execPath, words);
  return JSON.parse(readFileSync(join(directory, "latest.json"), "utf8")) as Report;
}
