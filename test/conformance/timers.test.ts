import { expect, test } from "vitest";
import { describeStore } from "./describe-store.js";
import { AT_MS, instanceCommit, timerRow } from "./rows.js";

const ALL = { dueBeforeMs: Number.MAX_SAFE_INTEGER, limit: 1000 };

describeStore("timers", (current) => {
  test("due timers come by due time, then instance, then timer id, up to the limit", async () => {
    const { store, lease } = current();
    const rows = [
      timerRow("b", "y", 10),
      timerRow("b", "x", 10),
      timerRow("b", "late", AT_MS),
      timerRow("b", "z", 9),
    ];
    await store.commit(lease, [
      instanceCommit("b", 1, { timersSet: rows }),
      instanceCommit("a", 1, { timersSet: [timerRow("a", "z", 10)] }),
    ]);
    const expected = [
      timerRow("b", "z", 9),
      timerRow("a", "z", 10),
      timerRow("b", "x", 10),
      timerRow("b", "y", 10),
      timerRow("b", "late", AT_MS),
    ];
    expect(await store.dueTimers(lease, ALL)).toEqual(expected);
    expect(await store.dueTimers(lease, { ...ALL, limit: 3 })).toEqual(expected.slice(0, 3));
    expect(await store.dueTimers(lease, { ...ALL, dueBeforeMs: 9 })).toEqual(expected.slice(0, 1));
    expect(await store.dueTimers(lease, { ...ALL, dueBeforeMs: 8 })).toEqual([]);
    expect(await store.nextTimerAt(lease)).toBe(9);
    expect((await store.loadTimers("b")).map((row) => row.timerId)).toEqual(["late", "x", "y", "z"]);
  });

  test("a timer that is set again is replaced", async () => {
    const { store, lease } = current();
    await store.commit(lease, [
      instanceCommit("i", 1, { timersSet: [timerRow("i", "t", 5)] }),
      instanceCommit("i", 2, { timersSet: [timerRow("i", "t", 70)] }),
    ]);
    expect(await store.dueTimers(lease, ALL)).toEqual([timerRow("i", "t", 70)]);
    expect(await store.nextTimerAt(lease)).toBe(70);
  });

  test("a timer that is cleared is gone, and clearing one that is not there is no error", async () => {
    const { store, lease } = current();
    await store.commit(lease, [
      instanceCommit("i", 1, { timersSet: [timerRow("i", "t", 5)] }),
      instanceCommit("j", 1, { timersSet: [timerRow("j", "t", 6)] }),
      instanceCommit("i", 2, { timersCleared: ["t", "never"] }),
    ]);
    expect(await store.dueTimers(lease, ALL)).toEqual([timerRow("j", "t", 6)]);
    expect(await store.loadTimers("i")).toEqual([]);
  });

  test("a timer that is cleared and set in one commit is set", async () => {
    const { store, lease } = current();
    await store.commit(lease, [
      instanceCommit("i", 1, { timersSet: [timerRow("i", "t", 5)] }),
      instanceCommit("i", 2, { timersCleared: ["t"], timersSet: [timerRow("i", "t", 8)] }),
    ]);
    expect(await store.loadTimers("i")).toEqual([timerRow("i", "t", 8)]);
  });

  test("with no timer there is no next instant, and the farthest one counts", async () => {
    const { store, lease } = current();
    expect(await store.nextTimerAt(lease)).toBeUndefined();
    const inAThousandYears = AT_MS + 1000 * 365 * 86_400_000;
    await store.commit(lease, [
      instanceCommit("i", 1, { timersSet: [timerRow("i", "t", inAThousandYears)] }),
    ]);
    expect(await store.nextTimerAt(lease)).toBe(inAThousandYears);
  });
});
