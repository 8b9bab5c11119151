/**
 * Money at the door and on the way out: decimal text on the wire, whole minor units (bigint) inside.
 *
 * 1. No arithmetic is ever done on a binary fraction: an amount is read from its decimal text, digit by digit.
 * 2. More decimal digits than the currency has are refused, never rounded; so is the trace of a rounding elsewhere
 *    (the number 0.1 + 0.2 reads 0.30000000000000004).
 */
import { BankError } from "../bank-error.mjs";

/** Decimal digits of each currency that the bank keeps. */
const DIGITS = new Map([
  ["USD", 2],
  ["EUR", 2],
  ["GBP", 2],
  ["JPY", 0],
]);

export const CURRENCIES = [...DIGITS.keys()];

/** Twelve digits before the point: sums over every account stay far below 2^63. */
const AMOUNT = /^(0|[1-9][0-9]{0,11})(?:\.([0-9]+))?$/;

/**
 * Reads an amount.
 * @param {unknown} value a decimal text ("1000.00"), or a JSON number, which counts by its shortest decimal text
 * @param {string} currency
 * @returns {bigint} minor units, 0 or more
 * @throws {BankError} 400 AMOUNT_INVALID or CURRENCY_UNKNOWN
 */
export function parseAmount(value, currency) {
  const digits = digitsOf(currency);
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string") throw invalid('must be a decimal text such as "1000.00"');
  const match = AMOUNT.exec(text);
  if (match === null) throw invalid(`must be a plain decimal below 10^12, but is "${text.slice(0, 40)}"`);
  const [, whole = "0", fraction = ""] = match;
  if (fraction.length > digits) {
    throw invalid(
      `has ${fraction.length} decimal digits, but ${currency} has ${digits}: "${text.slice(0, 40)}"`,
    );
  }
  return BigInt(whole + fraction.padEnd(digits, "0"));
}

/**
 * @param {bigint} minorUnits may be negative
 * @param {string} currency
 * @returns {string} for example "-12.50"
 */
export function formatAmount(minorUnits, currency) {
  const digits = digitsOf(currency);
  const sign = minorUnits < 0n ? "-" : "";
  const text = String(minorUnits < 0n ? -minorUnits : minorUnits).padStart(digits + 1, "0");
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** @param {string} currency */
function digitsOf(currency) {
  const digits = DIGITS.get(currency);
  if (digits === undefined) {
    throw new BankError(
      400,
      "CURRENCY_UNKNOWN",
      `The bank keeps ${CURRENCIES.join(", ")}, not "${currency}".`,
    );
  }
  return digits;
}

/** @param {string} what */
function invalid(what) {
  return new BankError(400, "AMOUNT_INVALID", `The amount ${what}.`);
}
