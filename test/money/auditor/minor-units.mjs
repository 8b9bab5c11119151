/** Decimal digits of the currencies that a campaign may use. */
const DIGITS = new Map([
  ["USD", 2],
  ["EUR", 2],
  ["GBP", 2],
  ["JPY", 0],
]);

/**
 * An amount in whole minor units, by its text alone.
 * @param {unknown} text for example "12.5"
 * @param {string} currency
 * @returns {bigint | undefined} undefined where it is none, or has more digits than the currency
 */
export function minorUnits(text, currency) {
  const digits = DIGITS.get(currency);
  if (typeof text !== "string" || digits === undefined) return undefined;
  const [, whole = "", cents = ""] = /^([0-9]+)(?:[.]([0-9]+))?$/.exec(text) ?? [];
  return whole === "" || cents.length > digits ? undefined : BigInt(whole + cents.padEnd(digits, "0"));
}
