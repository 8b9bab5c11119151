import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseExactJson } from "../json-body.mjs";
import { formatAmount, parseAmount } from "./money.mjs";

describe("an amount", () => {
  it("is read from decimal text into whole minor units", () => {
    expect(parseAmount("1000.00", "USD")).toBe(100_000n);
    expect(parseAmount("1000.5", "EUR")).toBe(100_050n);
    expect(parseAmount("7", "GBP")).toBe(700n);
    expect(parseAmount("1000", "JPY")).toBe(1000n);
  });

  it("is taken as a JSON number and kept exact", () => {
    expect(parseAmount(1000.1, "USD")).toBe(100_010n);
    expect(parseAmount(0.29, "USD")).toBe(29n);
  });

  it.each([
    ["the trace of a binary sum", 0.1 + 0.2, "USD"],
    ["more digits than the currency has", "10.001", "USD"],
    ["decimals of a currency without any", "10.0", "JPY"],
    ["a negative amount", "-1.00", "USD"],
    ["an exponent", "1e3", "USD"],
    ["a number so large that it is written with an exponent", 1e21, "USD"],
    ["a leading zero", "01.00", "USD"],
    ["white space", " 1.00", "USD"],
    ["an empty text", "", "USD"],
    ["a point without digits", "1.", "USD"],
    ["thirteen digits", "1000000000000", "USD"],
    ["null", null, "USD"],
    ["NaN", Number.NaN, "USD"],
  ])("is refused when it is %s", (_, value, currency) => {
    expect(() => parseAmount(value, currency)).toThrow(
      expect.objectContaining({ status: 400, errorCode: "AMOUNT_INVALID" }),
    );
  });

  it("is refused in a currency that the bank does not keep", () => {
    expect(() => parseAmount("1.00", "CHF")).toThrow(
      expect.objectContaining({ errorCode: "CURRENCY_UNKNOWN" }),
    );
  });

  it("comes back as it went in, for every amount and currency", () => {
    const minorUnits = fc.bigInt({ min: 0n, max: 10n ** 12n - 1n });
    fc.assert(
      fc.property(minorUnits, fc.constantFrom("USD", "EUR", "GBP", "JPY"), (amount, currency) => {
        expect(parseAmount(formatAmount(amount, currency), currency)).toBe(amount);
      }),
    );
  });

  it("means the same as text and as a JSON number", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), (amount) => {
        const text = formatAmount(amount, "EUR");
        expect(parseAmount(parseExactJson(text), "EUR")).toBe(amount);
      }),
    );
  });
});
