import { describe, expect, it } from "vitest";
import { parseCron } from "./parse-cron.js";

function runsAfter(start: string, text: string, zone: string, count: number): string[] {
  const parsed = parseCron(text, zone);
  if (!parsed.ok) throw new Error(parsed.message);
  const found: string[] = [];
  let at = Date.parse(start);
  while (found.length < count) {
    const next = parsed.schedule.nextAfter(at);
    if (next === undefined) break;
    found.push(new Date(next).toISOString());
    at = next;
  }
  return found;
}

describe("A cron expression", () => {
  it("comes at its times, after the given instant and never at it", () => {
    expect(runsAfter("2026-03-01T09:00:00Z", "0 9 * * 1-5", "UTC", 3)).toEqual([
      "2026-03-02T09:00:00.000Z",
      "2026-03-03T09:00:00.000Z",
      "2026-03-04T09:00:00.000Z",
    ]);
    expect(runsAfter("2026-01-31T00:00:00Z", "*/20 * * * * *", "UTC", 2)).toEqual([
      "2026-01-31T00:00:20.000Z",
      "2026-01-31T00:00:40.000Z",
    ]);
  });

  it("keeps the hour of its zone over a change of the clocks", () => {
    expect(runsAfter("2026-03-28T00:00:00Z", "0 9 * * *", "Europe/Berlin", 2)).toEqual([
      "2026-03-28T08:00:00.000Z",
      "2026-03-29T07:00:00.000Z",
    ]);
  });

  it("comes once on the day on which its time does not exist, right after the gap", () => {
    expect(runsAfter("2026-03-28T12:00:00Z", "30 2 * * *", "Europe/Berlin", 2)).toEqual([
      "2026-03-29T01:00:00.000Z",
      "2026-03-30T00:30:00.000Z",
    ]);
  });

  it("comes once at a fixed time that exists twice", () => {
    const [first, second] = runsAfter("2026-10-24T12:00:00Z", "30 2 * * *", "Europe/Berlin", 2);
    expect(first).toBe("2026-10-25T00:30:00.000Z");
    expect(second).toBe("2026-10-26T01:30:00.000Z");
  });

  it("ends where no such day ever comes", () => {
    expect(runsAfter("2026-01-01T00:00:00Z", "0 0 30 2 *", "UTC", 1)).toEqual([]);
  });

  it.each([
    ["61 * * * *", "UTC"],
    ["* * *", "UTC"],
    ["? * * * *", "UTC"],
    ["@daily", "UTC"],
    ["0 9 * * *", "Mars/Olympus"],
    ["x".repeat(300), "UTC"],
    ["", "UTC"],
  ])("%j in %s is refused with why", (text, zone) => {
    expect(parseCron(text, zone)).toMatchObject({
      ok: false,
      message: expect.stringContaining("cannot be used as a cron expression"),
    });
  });
});
