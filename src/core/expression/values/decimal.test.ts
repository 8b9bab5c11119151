import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addDecimals,
  divideDecimals,
  multiplyDecimals,
  remainderOfDecimals,
  roundDecimal,
  subtractDecimals,
} from "./decimal.js";

describe("Arithmetic has no binary artefacts", () => {
  it.each([
    [addDecimals(0.1, 0.2), 0.3],
    [addDecimals(1.1, 2.2), 3.3],
    [subtractDecimals(0.3, 0.1), 0.2],
    [multiplyDecimals(1.15, 100), 115],
    [multiplyDecimals(0.1, 3), 0.3],
    [divideDecimals(0.3, 0.1), 3],
    [divideDecimals(1, 3), 1 / 3],
    [divideDecimals(-1, 8), -0.125],
    [remainderOfDecimals(5.5, 0.1), 0],
    [remainderOfDecimals(-7, 3), -1],
    [remainderOfDecimals(1e21, 7), Number(1000000000000000000000n % 7n)],
    [addDecimals(1e21, 1), 1e21],
    [addDecimals(5e-324, 5e-324), 1e-323],
    [addDecimals(1e308, 1e308), undefined],
    [multiplyDecimals(1e200, 1e200), undefined],
    [divideDecimals(1, 0), undefined],
    [divideDecimals(1e300, 1e-300), undefined],
    [remainderOfDecimals(1, 0), undefined],
  ])("%d is %d", (result, expected) => {
    expect(result).toBe(expected);
  });

  it("no result is a negative zero", () => {
    const results = [
      addDecimals(-0, -0),
      multiplyDecimals(-1, 0),
      multiplyDecimals(-0.5, 0),
      divideDecimals(0, -3),
      remainderOfDecimals(-4, 2),
      remainderOfDecimals(-0.5, 0.5),
      roundDecimal(-0.4, 0),
      roundDecimal(-0, 2),
    ];
    expect(results.map((result) => Object.is(result, 0))).toEqual(results.map(() => true));
  });
});

describe("Rounding is decimal, half away from zero", () => {
  it.each([
    [1.005, 2, 1.01],
    [-1.005, 2, -1.01],
    [2.5, 0, 3],
    [-2.5, 0, -3],
    [0.125, 2, 0.13],
    [1.45, 1, 1.5],
    [8.345, 2, 8.35],
    [1e21, 2, 1e21],
    [1.5e-7, 7, 2e-7],
    [123.456, 0, 123],
    [0.1, 20, 0.1],
    [0.5, 0, 1],
    [0.49999999999999994, 0, 0],
  ])("%d to %d digits is %d", (value, digits, expected) => {
    expect(roundDecimal(value, digits)).toBe(expected);
  });
});

describe("Laws", () => {
  const cents = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
  // Below the normal range the shortest text of a double has few digits, and decimal and binary go apart.
  const normal = fc
    .double({ min: 1e-100, max: 1e100, noNaN: true })
    .chain((value) => fc.constantFrom(value, -value, 0));

  it("sums and differences of cents are those of whole cents", () => {
    fc.assert(
      fc.property(cents, cents, (a, b) => {
        expect(addDecimals(a / 100, b / 100)).toBe((a + b) / 100 + 0);
        expect(subtractDecimals(a / 100, b / 100)).toBe((a - b) / 100 + 0);
        expect(multiplyDecimals(a / 100, 100)).toBe(a + 0);
      }),
    );
  });

  it("results differ from binary ones by rounding only", () => {
    fc.assert(
      fc.property(normal, normal, (a, b) => {
        for (const [decimal, binary] of [
          [addDecimals(a, b), a + b],
          [multiplyDecimals(a, b), a * b],
          [divideDecimals(a, b), a / b],
        ] as const) {
          if (decimal === undefined || !Number.isFinite(binary)) continue;
          const scale = Math.max(Math.abs(a), Math.abs(b), Math.abs(binary));
          expect(Math.abs(decimal - binary)).toBeLessThanOrEqual(scale * 1e-15);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("rounding moves by half a unit at most, and twice is once", () => {
    fc.assert(
      fc.property(cents, fc.integer({ min: 0, max: 6 }), (value, digits) => {
        const number = value / 10_000_000;
        const rounded = roundDecimal(number, digits) ?? Number.NaN;
        expect(Math.abs(rounded - number)).toBeLessThanOrEqual(0.5 * 10 ** -digits + 1e-12);
        expect(roundDecimal(rounded, digits)).toBe(rounded);
      }),
    );
  });
});
