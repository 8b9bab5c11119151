import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ParsedDuration, parseDuration } from "./parse-duration.js";

function read(text: string): ParsedDuration {
  const parsed = parseDuration(text);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.duration;
}

const at = (text: string): number => new Date(text).getTime();
const later = (start: string, duration: string, zone?: string): string =>
  new Date(read(duration).addTo(at(start), zone)).toISOString();

describe("Durations without months and years are exact", () => {
  it.each([
    ["PT10S", 10_000],
    ["PT0.5S", 500],
    ["PT0,5S", 500],
    ["PT1.5M", 90_000],
    ["PT0.25H", 900_000],
    ["P1DT12H", 129_600_000],
    ["P2W", 1_209_600_000],
    ["P0.5D", 43_200_000],
    ["P1.5W", 907_200_000],
    ["P1W2DT3H4M5.006S", 788_645_006],
    ["PT0S", 0],
    ["P0D", 0],
    ["PT36H", 129_600_000],
    ["PT0.0001S", 1],
    ["PT1.0000000001S", 1001],
  ])("%s is %d ms", (text, milliseconds) => {
    expect(read(text)).toMatchObject({ text, isExact: true, milliseconds });
    expect(read(text).addTo(1000)).toBe(1000 + milliseconds);
  });

  it("months and years are not", () => {
    expect(read("P1M").isExact).toBe(false);
    expect(read("P1Y2M3DT4H")).not.toHaveProperty("milliseconds");
  });
});

describe("Months, years and days are calendar arithmetic", () => {
  it.each([
    ["2026-01-31T10:00:00Z", "P1M", "2026-02-28T10:00:00.000Z"],
    ["2024-01-31T10:00:00Z", "P1M", "2024-02-29T10:00:00.000Z"],
    ["2024-02-29T00:00:00Z", "P1Y", "2025-02-28T00:00:00.000Z"],
    ["2026-12-31T23:59:59.999Z", "P1Y1M1DT1S", "2028-02-02T00:00:00.999Z"],
    ["1969-12-31T23:59:59.999Z", "P2M", "1970-02-28T23:59:59.999Z"],
  ])("%s and %s is %s", (start, duration, end) => {
    expect(later(start, duration)).toBe(end);
  });

  it("a day in a zone is the same time of the next day, over a change of the clocks too", () => {
    expect(later("2026-03-28T11:00:00Z", "P1D", "Europe/Berlin")).toBe("2026-03-29T10:00:00.000Z");
    expect(later("2026-03-28T11:00:00Z", "P1D")).toBe("2026-03-29T11:00:00.000Z");
    expect(later("2026-03-28T11:00:00Z", "PT24H", "Europe/Berlin")).toBe("2026-03-29T11:00:00.000Z");
  });

  it("hours come after the calendar part", () => {
    expect(later("2026-03-28T11:00:00Z", "P1MT1H", "America/New_York")).toBe("2026-04-28T12:00:00.000Z");
  });

  it("an unknown zone is a RangeError", () => {
    expect(() => read("P1M").addTo(0, "Mars/Olympus")).toThrow(RangeError);
  });
});

describe("What is no duration is refused with what to do", () => {
  it.each([
    ["P", "no amount"],
    ["PT", "no amount"],
    ["P1DT", "no amount"],
    ["", "not a duration"],
    ["10", "no unit"],
    ["10s", "not a duration"],
    ["pt10s", "PT10S"],
    ["-PT10S", "no sign"],
    ["PT-10S", "no sign"],
    ["P1.5M", "fraction of a year or month"],
    ["P0.5Y", "fraction of a year or month"],
    ["PT1.5H30M", "smallest unit"],
    ["P1M1Y", "not a duration"],
    ["P1001Y", "1000 years"],
    ["P99999999999999999999W", "1000 years"],
    [`PT${"9".repeat(100)}S`, "64 characters"],
    [" PT1S", "not a duration"],
    ["P0001-02-03T04:05:06", "no dashes"],
    ["PT1H\n", "not a duration"],
  ])("%j", (text, why) => {
    const parsed = parseDuration(text);
    expect(parsed).toMatchObject({ ok: false, message: expect.stringContaining(why) });
    expect(parsed).toMatchObject({ message: expect.stringContaining("cannot be used as a duration") });
  });
});

describe("Laws", () => {
  const amount = fc.nat({ max: 500 });

  it("an exact duration is the sum of its parts", () => {
    fc.assert(
      fc.property(amount, amount, amount, amount, amount, (w, d, h, m, s) => {
        const { milliseconds } = read(`P${w}W${d}DT${h}H${m}M${s}S`);
        expect(milliseconds).toBe((((w * 7 + d) * 24 + h) * 60 + m) * 60_000 + s * 1000);
      }),
    );
  });

  it("adding never goes back, whatever the duration, the instant and the zone", () => {
    const zone = fc.constantFrom(
      "UTC",
      "Europe/Berlin",
      "America/New_York",
      "Australia/Lord_Howe",
      "Asia/Kathmandu",
    );
    const instantMs = fc.integer({ min: 0, max: 4_000_000_000_000 });
    fc.assert(
      fc.property(amount, amount, amount, amount, instantMs, zone, (y, m, d, h, start, timeZone) => {
        const end = read(`P${y}Y${m}M${d}DT${h}H`).addTo(start, timeZone);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(Number.isInteger(end)).toBe(true);
      }),
    );
  });

  it("any text is answered", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^P?[0-9.,YMWDTHS-]{0,12}$/), (text) => {
        const parsed = parseDuration(text);
        if (parsed.ok) expect(parsed.duration.addTo(0)).toBeGreaterThanOrEqual(0);
        else expect(parsed.message).not.toBe("");
      }),
      { numRuns: 1000 },
    );
  });
});
