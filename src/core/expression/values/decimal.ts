/**
 * Arithmetic on the decimal text of numbers. `0.1 + 0.2` is 0.3 and `round(1.005, 2)` is 1.01, because money must not
 * suffer from binary artefacts: a number stands for the shortest decimal that reads back as it, the operation is done
 * exactly on that decimal, and the result is the double nearest to the exact result.
 *
 * 1. Whole numbers within 2^53 take the processor's way, whose result is the same.
 * 2. No result is -0; a result that is no finite number is `undefined`.
 */

interface Decimal {
  readonly digits: bigint;
  /** Power of ten that the digits are multiplied with. */
  readonly power: number;
}

/** Digits of a quotient: more than any double tells apart, so that the last rounding is the only one. */
const QUOTIENT_DIGITS = 40;

export function addDecimals(left: number, right: number): number | undefined {
  const sum = left + right;
  if (Number.isSafeInteger(sum) && Number.isSafeInteger(left) && Number.isSafeInteger(right)) return sum + 0;
  const [a, b, power] = aligned(left, right);
  return toNumber(a + b, power);
}

export function subtractDecimals(left: number, right: number): number | undefined {
  return addDecimals(left, -right);
}

export function multiplyDecimals(left: number, right: number): number | undefined {
  const product = left * right;
  if (Number.isSafeInteger(product) && Number.isSafeInteger(left) && Number.isSafeInteger(right)) {
    return product + 0;
  }
  const a = toDecimal(left);
  const b = toDecimal(right);
  return toNumber(a.digits * b.digits, a.power + b.power);
}

/** `undefined` for a division by zero too. */
export function divideDecimals(left: number, right: number): number | undefined {
  if (right === 0) return undefined;
  const quotient = left / right;
  if (Number.isSafeInteger(quotient) && Number.isSafeInteger(left) && Number.isSafeInteger(right)) {
    if (quotient * right === left) return quotient + 0;
  }
  const a = toDecimal(left);
  const b = toDecimal(right);
  const shift = QUOTIENT_DIGITS + String(b.digits).length;
  const scaled = a.digits * 10n ** BigInt(shift);
  const truncated = scaled / b.digits;
  // A sticky last digit keeps "a little more than half" apart from "half" in the rounding to a double.
  const sticky = scaled % b.digits === 0n ? 0n : scaled < 0n === b.digits < 0n ? 1n : -1n;
  return toNumber(truncated * 10n + sticky, a.power - b.power - shift - 1);
}

/** The remainder with the sign of the dividend, as in JavaScript; `undefined` for a division by zero. */
export function remainderOfDecimals(left: number, right: number): number | undefined {
  if (right === 0) return undefined;
  if (Number.isSafeInteger(left) && Number.isSafeInteger(right)) return (left % right) + 0;
  const [a, b, power] = aligned(left, right);
  return toNumber(a % b, power);
}

/**
 * The number rounded to so many digits after the point, half away from zero: 1.005 to two digits is 1.01, -2.5 to
 * none is -3. `fractionDigits` is a whole number from 0.
 */
export function roundDecimal(value: number, fractionDigits: number): number | undefined {
  const { digits, power } = toDecimal(value);
  const drop = -power - fractionDigits;
  if (drop <= 0) return value + 0;
  const unit = 10n ** BigInt(drop);
  const magnitude = digits < 0n ? -digits : digits;
  const rounded = (magnitude + unit / 2n) / unit;
  return toNumber(digits < 0n ? -rounded : rounded, -fractionDigits);
}

function aligned(left: number, right: number): [bigint, bigint, number] {
  const a = toDecimal(left);
  const b = toDecimal(right);
  const power = Math.min(a.power, b.power);
  return [a.digits * 10n ** BigInt(a.power - power), b.digits * 10n ** BigInt(b.power - power), power];
}

/** The shortest decimal that reads back as the number, as ECMAScript prints it. */
function toDecimal(value: number): Decimal {
  const [mantissa = "0", exponent = "0"] = String(value).split("e");
  const point = mantissa.indexOf(".");
  if (point === -1) return { digits: BigInt(mantissa), power: Number(exponent) };
  const fractionDigits = mantissa.length - point - 1;
  return { digits: BigInt(mantissa.replace(".", "")), power: Number(exponent) - fractionDigits };
}

function toNumber(digits: bigint, power: number): number | undefined {
  const value = Number(`${digits}e${power}`);
  return Number.isFinite(value) ? value + 0 : undefined;
}
