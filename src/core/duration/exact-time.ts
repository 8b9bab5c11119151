/**
 * The part of a duration that has a fixed length, in whole milliseconds. Fractions are computed on their digits, never
 * in binary, and what is left below a millisecond is rounded up: a timer never fires before its time.
 */

export const MS_OF = {
  week: 7 * 24 * 3_600_000,
  day: 24 * 3_600_000,
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
} as const;

export interface FixedAmounts {
  readonly hours: string;
  readonly minutes: string;
  readonly seconds: string;
}

/** Milliseconds of a decimal amount of a unit, `"1.5"` hours for example, rounded up. */
export function unitMs(amount: string, msPerUnit: number): number {
  const [whole = "0", fraction = ""] = amount.split(/[.,]/);
  const scale = 10n ** BigInt(fraction.length);
  const scaled = (BigInt(whole) * scale + BigInt(fraction || "0")) * BigInt(msPerUnit);
  return Number((scaled + scale - 1n) / scale);
}

/** Hours, minutes and seconds together; only the smallest that is written may have a fraction. */
export function timeMs({ hours, minutes, seconds }: FixedAmounts): number {
  return unitMs(hours, MS_OF.hour) + unitMs(minutes, MS_OF.minute) + unitMs(seconds, MS_OF.second);
}
