const LONGEST_WAIT_MS = 24 * 3_600_000;

// RFC 9110, section 5.6.7: the form to write, then the two old ones that must be read.
const HTTP_DATES = [
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/,
  /^(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/,
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/,
];

/**
 * How long `Retry-After` asks to wait (RFC 9110, section 10.2.3), in milliseconds, at most 24 hours. A date is taken
 * from the `Date` of the same response: both come from one clock, so that a wrong one does no harm. `undefined` where
 * nothing usable is said; 0 for a date that has passed.
 */
export function retryAfterMs(retryAfter: string | undefined, date: string | undefined): number | undefined {
  if (retryAfter === undefined) return undefined;
  const text = retryAfter.trim();
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1_000, LONGEST_WAIT_MS);
  const untilMs = parseHttpDate(text);
  const sentAtMs = date === undefined ? undefined : parseHttpDate(date.trim());
  if (untilMs === undefined || sentAtMs === undefined) return undefined;
  return Math.min(Math.max(0, untilMs - sentAtMs), LONGEST_WAIT_MS);
}

function parseHttpDate(text: string): number | undefined {
  if (!HTTP_DATES.some((form) => form.test(text))) return undefined;
  const instantMs = Date.parse(text.endsWith("GMT") ? text : `${text} GMT`);
  return Number.isNaN(instantMs) ? undefined : instantMs;
}
