/**
 * Whether a number is a multiple of another, by their decimal texts: 0.07 is a multiple of 0.01, which a division of
 * binary fractions denies. Both are finite, the divisor is above zero.
 */
export function isMultipleOf(value: number, divisor: number): boolean {
  const [digits, exponent] = decimal(value);
  const [divisorDigits, divisorExponent] = decimal(divisor);
  const shift = exponent - divisorExponent;
  // Digits have no zeros at the end, so a value finer than the divisor may still be none of its multiples.
  return shift >= 0
    ? (digits * 10n ** BigInt(shift)) % divisorDigits === 0n
    : digits % (divisorDigits * 10n ** BigInt(-shift)) === 0n;
}

/** The shortest decimal that reads back as the number: digits × 10^exponent. */
function decimal(value: number): readonly [digits: bigint, exponent: number] {
  const [, whole = "0", fraction = "", exponent = "0"] =
    /^-?(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(value.toExponential()) ?? [];
  return [BigInt(whole + fraction), Number(exponent) - fraction.length];
}
