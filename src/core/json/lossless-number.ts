/**
 * True when a JSON number literal keeps its value in a double, which is so when the shortest text of the double has
 * the literal's value: `0.1` and `1000.00` do, `9007199254740993` and `1e400` do not.
 */
export function isLosslessNumber(literal: string): boolean {
  const value = Number(literal);
  if (!Number.isFinite(value)) return false;
  const shortest = String(value);
  if (shortest === literal) return true;
  return decimalValue(shortest) === decimalValue(literal);
}

/** A text that two literals share exactly when their values are equal: sign, digits without outer zeros, exponent. */
function decimalValue(literal: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(literal);
  if (match === null) return literal;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const digits = (whole + fraction).replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return "0";
  // Exponents of any length can be written: big integers keep the sum exact.
  const power = BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - significant.length);
  return `${sign}${significant}e${power}`;
}
