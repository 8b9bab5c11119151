import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CircuitBreaker, CircuitOpen, type Verdict } from "./circuit-breaker.js";

const ORIGIN = "http://bank.test";
const never = new AbortController().signal;

function bench(failures = 3) {
  const time = { nowMs: 1_000 };
  const changes: string[] = [];
  const breaker = new CircuitBreaker(
    { failures, openForMs: 10_000 },
    () => time.nowMs,
    (origin, state) => changes.push(`${origin} ${state}`),
  );
  const end = async (verdict: Verdict, origin = ORIGIN) => (await breaker.enter(origin, never))(verdict);
  return { time, changes, breaker, end };
}

async function opened() {
  const all = bench();
  for (let count = 0; count < 3; count += 1) await all.end("failed");
  return all;
}

describe("a circuit breaker", () => {
  it("opens after so many failures in a row, and says how long it stays so", async () => {
    const { end, breaker, time, changes } = bench();
    await end("failed");
    await end("failed");
    expect(changes).toEqual([]);
    await end("failed");
    expect(changes).toEqual([`${ORIGIN} open`]);
    time.nowMs += 4_000;
    await expect(breaker.enter(ORIGIN, never)).rejects.toMatchObject({ retryAfterMs: 6_000 });
  });

  it("begins to count anew after a success", async () => {
    const { end, changes } = bench();
    for (const verdict of ["failed", "failed", "worked", "failed", "failed"] as const) await end(verdict);
    expect(changes).toEqual([]);
  });

  it("does not count what was given up", async () => {
    const { end, changes } = bench();
    for (let count = 0; count < 10; count += 1) await end("given-up");
    expect(changes).toEqual([]);
  });

  it("knows one origin from another", async () => {
    const { breaker } = await opened();
    expect(await breaker.enter("http://other.test", never)).toBeTypeOf("function");
  });

  it("lets one probe pass when its time is over, and others wait for what comes of it", async () => {
    const { breaker, time, changes } = await opened();
    time.nowMs += 10_000;
    const probe = await breaker.enter(ORIGIN, never);
    let admitted = 0;
    const waiting = [1, 2].map(() => breaker.enter(ORIGIN, never).then(() => (admitted += 1)));
    await new Promise((resolve) => setImmediate(resolve));
    expect(admitted).toBe(0);
    probe("worked");
    await Promise.all(waiting);
    expect(admitted).toBe(2);
    expect(changes).toEqual([`${ORIGIN} open`, `${ORIGIN} half-open`, `${ORIGIN} closed`]);
  });

  it("opens again when the probe fails, and those who waited fail too", async () => {
    const { breaker, time } = await opened();
    time.nowMs += 10_000;
    const probe = await breaker.enter(ORIGIN, never);
    const waiting = breaker.enter(ORIGIN, never);
    probe("failed");
    await expect(waiting).rejects.toBeInstanceOf(CircuitOpen);
    await expect(breaker.enter(ORIGIN, never)).rejects.toMatchObject({ retryAfterMs: 10_000 });
  });

  it("gives the probe to the next when it was given up", async () => {
    const { breaker, time } = await opened();
    time.nowMs += 10_000;
    const probe = await breaker.enter(ORIGIN, never);
    const waiting = breaker.enter(ORIGIN, never);
    probe("given-up");
    (await waiting)("worked");
    expect(await breaker.enter(ORIGIN, never)).toBeTypeOf("function");
  });

  it("lets a wait end with its signal", async () => {
    const { breaker, time } = await opened();
    time.nowMs += 10_000;
    await breaker.enter(ORIGIN, never);
    const aborter = new AbortController();
    const waiting = breaker.enter(ORIGIN, aborter.signal);
    aborter.abort("timeout");
    await expect(waiting).rejects.toBe("timeout");
  });

  it("learns nothing from what began before it changed", async () => {
    const { breaker, time, end, changes } = bench();
    const early = [await breaker.enter(ORIGIN, never), await breaker.enter(ORIGIN, never)] as const;
    for (let count = 0; count < 3; count += 1) await end("failed");
    early[0]("worked");
    await expect(breaker.enter(ORIGIN, never)).rejects.toBeInstanceOf(CircuitOpen);
    time.nowMs += 10_000;
    await end("worked");
    early[1]("failed");
    await end("failed");
    await end("failed");
    expect(changes.at(-1)).toBe(`${ORIGIN} closed`);
  });

  it("is open only after enough failures, and never for longer than it says, whatever happens", async () => {
    const act = fc.oneof(
      fc.constantFrom<Verdict>("worked", "failed", "given-up"),
      fc.integer({ min: 1, max: 6_000 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 60 }), async (acts) => {
        const { breaker, time } = bench();
        let failed = 0;
        for (const next of acts) {
          if (typeof next === "number") {
            time.nowMs += next;
            continue;
          }
          try {
            (await breaker.enter(ORIGIN, never))(next);
            failed = next === "failed" ? failed + 1 : next === "worked" ? 0 : failed;
          } catch (error) {
            expect(failed).toBeGreaterThanOrEqual(3);
            time.nowMs += (error as CircuitOpen).retryAfterMs;
            const probe = await breaker.enter(ORIGIN, never);
            probe("given-up");
          }
        }
      }),
    );
  });
});
