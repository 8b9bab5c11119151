import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { virtualClock } from "./virtual-clock.js";

describe("the virtual clock", () => {
  it("stands still until it is moved", async () => {
    const clock = virtualClock(1_000);
    let isWoken = false;
    clock.wakeAt(1_001, () => {
      isWoken = true;
    });
    await clock.turn();
    expect(clock.now()).toBe(1_000);
    expect(isWoken).toBe(false);
    expect(clock.nextWakeAt()).toBe(1_001);
    expect(clock.pending()).toBe(1);
  });

  it("fires what is due up to the instant, itself included, at its own time", async () => {
    const clock = virtualClock(0);
    const seen: string[] = [];
    for (const dueAtMs of [30, 10, 20, 31])
      clock.wakeAt(dueAtMs, () => seen.push(`${dueAtMs}@${clock.now()}`));
    await clock.advanceTo(30);
    expect(seen).toEqual(["10@10", "20@20", "30@30"]);
    expect(clock.now()).toBe(30);
    expect(clock.pending()).toBe(1);
  });

  it("lets a wake-up's work register further ones in the same move", async () => {
    const clock = virtualClock(0);
    const seen: number[] = [];
    const again = async (): Promise<void> => {
      seen.push(clock.now());
      await Promise.resolve();
      await clock.turn();
      clock.wakeAt(clock.now() + 10, () => void again());
    };
    clock.wakeAt(10, () => void again());
    await clock.advanceBy(35);
    expect(seen).toEqual([10, 20, 30]);
  });

  it("fires what is overdue with the next move, without going back", async () => {
    const clock = virtualClock(100);
    const seen: number[] = [];
    clock.wakeAt(5, () => seen.push(clock.now()));
    await clock.advanceBy(0);
    expect(seen).toEqual([100]);
  });

  it("passes a year in one move", async () => {
    const clock = virtualClock(0);
    const yearMs = 365 * 86_400_000;
    let isWoken = false;
    clock.wakeAt(yearMs, () => {
      isWoken = true;
    });
    await clock.advanceBy(yearMs);
    expect(isWoken).toBe(true);
  });

  it("refuses to go back, and refuses a second move during the first", async () => {
    const clock = virtualClock(50);
    await expect(clock.advanceTo(49)).rejects.toThrow("cannot go back to 49");
    const first = clock.advanceBy(1);
    await expect(clock.advanceBy(1)).rejects.toThrow("moved already");
    await first;
    expect(clock.now()).toBe(51);
  });

  it("fires by due time, then by registration, whatever is registered and taken back", async () => {
    const registration = fc.record({ dueAtMs: fc.nat(5), isTakenBack: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(registration, { maxLength: 8 }), async (registrations) => {
        const clock = virtualClock(0);
        const seen: number[] = [];
        registrations.forEach(({ dueAtMs, isTakenBack }, index) => {
          const takeBack = clock.wakeAt(dueAtMs, () => seen.push(index));
          if (isTakenBack) takeBack();
        });
        await clock.advanceTo(5);
        const expected = registrations
          .map((entry, index) => ({ ...entry, index }))
          .filter((entry) => !entry.isTakenBack)
          .sort((a, b) => a.dueAtMs - b.dueAtMs || a.index - b.index)
          .map((entry) => entry.index);
        expect(seen).toEqual(expected);
        expect(clock.pending()).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});
