import { afterEach, describe, expect, test } from "vitest";
import { type VirtualClock, virtualClock } from "../../platform/virtual-clock.js";
import { WorkLoop } from "./work-loop.js";

const START_MS = Date.parse("2026-01-05T09:00:00Z");

/** A loop over rows in memory; a row is performed until it is told to end. */
class Bench {
  readonly clock: VirtualClock = virtualClock(START_MS);
  readonly rows = new Map<string, { dueAtMs: number; isLaunched: boolean }>();
  readonly looks: number[] = [];
  readonly errors: string[] = [];
  readonly letGo: string[] = [];
  readonly #ends = new Map<string, () => void>();
  /** Runs in the middle of each look. */
  whileLooking: () => void | Promise<void> = () => {};
  readonly loop = new WorkLoop(
    {
      clock: this.clock,
      logger: { debug() {}, info() {}, warn() {}, error: (message) => this.errors.push(message) },
    },
    {
      launchDue: async (nowMs) => {
        this.looks.push(nowMs - START_MS);
        await this.whileLooking();
        return this.#launchDue(nowMs);
      },
      nextAtMs: async (nowMs) => {
        const waiting = [...this.rows.values()].filter(({ dueAtMs }) => dueAtMs > nowMs);
        return waiting.length === 0 ? undefined : Math.min(...waiting.map(({ dueAtMs }) => dueAtMs));
      },
      trouble: "The rows cannot be read",
    },
  );

  add(name: string, afterMs: number): void {
    this.rows.set(name, { dueAtMs: START_MS + afterMs, isLaunched: false });
  }

  launch(name: string, lanes: readonly string[] = [name]): void {
    this.loop.launch({
      kind: "row",
      lanes,
      perform: async ({ signal }) => {
        signal.addEventListener("abort", () => {
          this.letGo.push(name);
          this.end(name);
        });
        await new Promise<void>((resolve) => this.#ends.set(name, resolve));
        this.rows.delete(name);
      },
    });
  }

  end(name: string): void {
    this.#ends.get(name)?.();
  }

  async settle(): Promise<void> {
    await this.clock.advanceBy(0);
  }

  #launchDue(nowMs: number): number {
    const due = [...this.rows].filter(([, row]) => row.dueAtMs <= nowMs && !row.isLaunched);
    for (const [name, row] of due) {
      row.isLaunched = true;
      this.launch(name);
    }
    return due.length;
  }
}

describe("a loop of work", () => {
  let bench = new Bench();
  afterEach(async () => {
    await bench.loop.stop();
    bench = new Bench();
  });

  test("launches what is due, looks once more, and sleeps until the next is due", async () => {
    bench.add("now", 0);
    bench.add("later", 5_000);
    bench.loop.start();
    await bench.settle();
    expect(bench.loop.isBusy("now")).toBe(true);
    expect(bench.loop.isBusy("later")).toBe(false);
    expect(bench.looks).toEqual([0, 0]);
    await bench.clock.advanceBy(4_999);
    expect(bench.looks).toEqual([0, 0]);
    await bench.clock.advanceBy(1);
    expect(bench.loop.isBusy("later")).toBe(true);
    expect(bench.loop.underWay("row")).toBe(2);
    expect(bench.loop.underWay("other")).toBe(0);
  });

  test("waits for what falls due while it looks, and does not overlook it", async () => {
    bench.add("soon", 10);
    let isFirst = true;
    bench.whileLooking = async () => {
      // Time goes on between the reading of the clock and the end of the look.
      if (isFirst) await new Promise<void>((resolve) => bench.clock.wakeAt(START_MS + 20, resolve));
      isFirst = false;
    };
    bench.loop.start();
    await bench.clock.advanceBy(20);
    expect(bench.looks[0]).toBe(0);
    // Due at 10, after the look's reading: the sleep ends at once, at the next move of the clock.
    await bench.clock.advanceBy(1);
    expect(bench.loop.isBusy("soon")).toBe(true);
  });

  test("sleeps without end when nothing is due, until it is woken", async () => {
    bench.loop.start();
    await bench.clock.advanceBy(3_600_000);
    expect(bench.looks).toEqual([0]);
    expect(bench.clock.pending()).toBe(0);
    bench.add("new", 0);
    bench.loop.wake();
    await bench.settle();
    expect(bench.loop.isBusy("new")).toBe(true);
  });

  test("keeps a wake that comes while it looks", async () => {
    let isFirst = true;
    bench.whileLooking = () => {
      if (isFirst) bench.loop.wake();
      isFirst = false;
    };
    bench.loop.start();
    await bench.settle();
    expect(bench.looks).toHaveLength(2);
  });

  test("logs a look that failed and looks again after a second, with its work still under way", async () => {
    bench.add("long", 0);
    bench.loop.start();
    await bench.settle();
    bench.whileLooking = () => {
      throw new Error("the disk is away");
    };
    bench.loop.wake();
    await bench.settle();
    expect(bench.errors).toEqual(["The rows cannot be read; trying again in a second."]);
    expect(bench.loop.isBusy("long")).toBe(true);
    bench.whileLooking = () => {};
    bench.add("next", 0);
    await bench.clock.advanceBy(999);
    expect(bench.loop.isBusy("next")).toBe(false);
    await bench.clock.advanceBy(1);
    expect(bench.loop.isBusy("next")).toBe(true);
  });

  test("frees the lanes of a piece of work when it ends, and looks again", async () => {
    bench.loop.start();
    await bench.settle();
    bench.launch("pair", ["left", "right"]);
    expect(bench.loop.busyLanes).toBe(2);
    const looks = bench.looks.length;
    bench.end("pair");
    await bench.settle();
    expect(bench.loop.busyLanes).toBe(0);
    expect(bench.loop.underWay("row")).toBe(0);
    expect(bench.looks).toHaveLength(looks + 1);
  });

  test("refuses work in a lane that is busy, and leaves its other lanes free", () => {
    bench.launch("first", ["left"]);
    expect(() => bench.launch("second", ["right", "left"])).toThrow('busy lane "left"');
    expect(bench.loop.isBusy("right")).toBe(false);
    expect(bench.loop.underWay("row")).toBe(1);
  });

  test("launches nothing after it was halted, not even from the look that is being made", async () => {
    bench.add("now", 0);
    bench.whileLooking = () => bench.loop.halt();
    bench.loop.start();
    await bench.settle();
    expect(bench.loop.isHalted).toBe(true);
    expect(bench.loop.busyLanes).toBe(0);
    bench.loop.wake();
    await bench.settle();
    expect(bench.looks).toEqual([0]);
  });

  test("lets its work end when it is stopped, and lets go of what is not over at the deadline", async () => {
    bench.add("quick", 0);
    bench.add("slow", 0);
    bench.loop.start();
    await bench.settle();
    let isStopped = false;
    const stopped = bench.loop.stop(START_MS + 3_000).then(() => {
      isStopped = true;
    });
    bench.end("quick");
    await bench.clock.advanceBy(2_999);
    expect(bench.letGo).toEqual([]);
    expect(isStopped).toBe(false);
    await bench.clock.advanceBy(1);
    await stopped;
    expect(bench.letGo).toEqual(["slow"]);
    expect(bench.loop.underWay("row")).toBe(0);
  });

  test("leaves no wake-up behind when everything ends before the deadline", async () => {
    bench.add("quick", 0);
    bench.loop.start();
    await bench.settle();
    const stopped = bench.loop.stop(START_MS + 3_000);
    await bench.settle();
    bench.end("quick");
    await stopped;
    expect(bench.letGo).toEqual([]);
    expect(bench.clock.pending()).toBe(0);
  });

  test.each([
    ["no deadline", undefined],
    ["a deadline that is past", START_MS],
  ])("lets go of its work at once when it is stopped with %s", async (_, letGoAtMs) => {
    bench.add("slow", 0);
    bench.loop.start();
    await bench.settle();
    await bench.loop.stop(letGoAtMs);
    expect(bench.letGo).toEqual(["slow"]);
  });
});
