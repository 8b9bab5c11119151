import { describe, expect, it } from "vitest";
import { systemClock } from "./system-clock.js";

const clock = systemClock();

describe("the machine's clock", () => {
  it("wakes not before the instant", async () => {
    const dueAtMs = clock.now() + 20;
    await new Promise<void>((resolve) => clock.wakeAt(dueAtMs, resolve));
    expect(clock.now()).toBeGreaterThanOrEqual(dueAtMs);
  });

  it("wakes for an instant in the past, but not inside the call", async () => {
    let isCallOver = false;
    await new Promise<void>((resolve) => {
      clock.wakeAt(0, () => {
        expect(isCallOver).toBe(true);
        resolve();
      });
      isCallOver = true;
    });
  });

  it("does not wake at once for an instant that a platform timer cannot hold, nor ask one to hold it", async () => {
    let wokenCount = 0;
    const warnings: string[] = [];
    const noteWarning = (warning: Error): void => void warnings.push(warning.name);
    process.on("warning", noteWarning);
    const takeBack = [2 ** 31 + 1, 2 ** 40, Number.POSITIVE_INFINITY].map((durationMs) =>
      clock.wakeAt(clock.now() + durationMs, () => {
        wokenCount += 1;
      }),
    );
    await new Promise<void>((resolve) => clock.wakeAt(clock.now() + 30, resolve));
    expect(wokenCount).toBe(0);
    process.off("warning", noteWarning);
    expect(warnings).toEqual([]);
    for (const take of takeBack) take();
  });

  it("does not wake what was taken back", async () => {
    let isWoken = false;
    const takeBack = clock.wakeAt(clock.now() + 5, () => {
      isWoken = true;
    });
    takeBack();
    await new Promise<void>((resolve) => clock.wakeAt(clock.now() + 30, resolve));
    expect(isWoken).toBe(false);
  });

  it("lets the promises that are ready have their turn", async () => {
    let steps = 0;
    void Promise.resolve()
      .then(() => {
        steps += 1;
      })
      .then(() => {
        steps += 1;
      });
    await clock.turn();
    expect(steps).toBe(2);
  });
});
