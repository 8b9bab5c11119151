/**
 * ISO 8601 durations: `PT10S`, `P1M`, `P2W`, `PT0.5S`, `P1DT12H`.
 *
 * 1. Years, months, weeks and days are calendar arithmetic in a time zone, UTC if none is given: `P1M` from 31 January
 *    is the last day of February, and `P1D` is the same time of the next day, also over a change of the clocks.
 * 2. Hours, minutes and seconds are elapsed time, added after the calendar part.
 * 3. Only the smallest unit that is written may have a fraction. A fraction of a week or day counts as time, a day as
 *    24 hours; a fraction of a month or year has no meaning and is refused.
 * 4. There are no negative durations, and none of more than 1,000 years.
 */
import { Temporal } from "temporal-polyfill";
import { MS_OF, timeMs, unitMs } from "./exact-time.js";

export interface ParsedDuration {
  readonly text: string;
  /** True without months and years: then its length in UTC is known. */
  readonly isExact: boolean;
  /** The length in UTC, when exact. With weeks or days, another zone can make it an hour more or less. */
  readonly milliseconds?: number;
  /**
   * The instant so much later, in milliseconds since 1970 UTC; `timeZone` is an IANA name.
   *
   * @throws RangeError for an unknown time zone, and beyond the years that ECMAScript can name.
   */
  readonly addTo: (instantMs: number, timeZone?: string) => number;
}

export type DurationOrMessage =
  | { readonly ok: true; readonly duration: ParsedDuration }
  | { readonly ok: false; readonly message: string };

const MAX_CHARS = 64;
const MAX_YEARS = 1000;
const EXAMPLE = "Write for example PT10S, PT5M, P1DT12H or P1M.";

const AMOUNT = String.raw`(\d+(?:[.,]\d+)?)`;
const DURATION = new RegExp(
  `^P(?:${AMOUNT}Y)?(?:${AMOUNT}M)?(?:${AMOUNT}W)?(?:${AMOUNT}D)?(T(?:${AMOUNT}H)?(?:${AMOUNT}M)?(?:${AMOUNT}S)?)?$`,
);

export function parseDuration(text: string): DurationOrMessage {
  const match = text.length > MAX_CHARS ? null : DURATION.exec(text);
  if (match === null) return refused(text, whyUnreadable(text));
  const [, years, months, weeks, days, time, hours, minutes, seconds] = match;
  const written = [years, months, weeks, days, hours, minutes, seconds].filter(
    (amount) => amount !== undefined,
  );
  if (written.length === 0 || time === "T") return refused(text, `It has no amount. ${EXAMPLE}`);
  if (written.slice(0, -1).some(isFraction))
    return refused(text, "Only the smallest unit may have a fraction.");
  if (isFraction(years) || isFraction(months)) {
    return refused(
      text,
      "A fraction of a year or month has no fixed length. Write it in months, days or hours.",
    );
  }
  const amounts = {
    years: Number(years ?? 0),
    months: Number(months ?? 0),
    ...wholeAndRest(weeks ?? "0", days ?? "0"),
  };
  const elapsedMs =
    amounts.restMs + timeMs({ hours: hours ?? "0", minutes: minutes ?? "0", seconds: seconds ?? "0" });
  const approximateYears =
    amounts.years + amounts.months / 12 + (amounts.days * MS_OF.day + elapsedMs) / (365 * MS_OF.day);
  if (!(approximateYears <= MAX_YEARS)) return refused(text, `It is longer than ${MAX_YEARS} years.`);
  return { ok: true, duration: makeDuration(text, amounts, elapsedMs) };
}

interface CalendarAmounts {
  readonly years: number;
  readonly months: number;
  /** Weeks are seven days each: they are the same in every calendar of ISO 8601. */
  readonly days: number;
}

function makeDuration(
  text: string,
  { years, months, days }: CalendarAmounts,
  elapsedMs: number,
): ParsedDuration {
  const isExact = years === 0 && months === 0;
  const lengthMs = days * MS_OF.day + elapsedMs;
  const addTo = (instantMs: number, timeZone = "UTC"): number => {
    // What is exact everywhere needs no calendar; timers are added all the time.
    if (isExact && (days === 0 || timeZone === "UTC")) return instantMs + lengthMs;
    const start = Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(timeZone);
    return start.add({ years, months, days }).epochMilliseconds + elapsedMs;
  };
  return isExact ? { text, isExact, milliseconds: lengthMs, addTo } : { text, isExact, addTo };
}

/** Weeks and days as whole days, and the fraction of a day as time. */
function wholeAndRest(weeks: string, days: string): { readonly days: number; readonly restMs: number } {
  const ms = unitMs(weeks, MS_OF.week) + unitMs(days, MS_OF.day);
  return { days: Math.floor(ms / MS_OF.day), restMs: ms % MS_OF.day };
}

function isFraction(amount: string | undefined): boolean {
  return amount !== undefined && /[.,]/.test(amount);
}

function whyUnreadable(text: string): string {
  if (text.length > MAX_CHARS) return `It has more than ${MAX_CHARS} characters.`;
  if (/[+-]/.test(text)) return "A duration has no sign and no dashes: time only goes forward.";
  if (DURATION.test(text.toUpperCase())) return `Write it in capitals: ${text.toUpperCase()}.`;
  if (/^\d+$/.test(text)) return `A bare number has no unit. ${EXAMPLE}`;
  return `It is not a duration of ISO 8601. ${EXAMPLE}`;
}

function refused(text: string, why: string): DurationOrMessage {
  const shown = text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS)}...` : text;
  return { ok: false, message: `"${shown}" cannot be used as a duration. ${why}` };
}
