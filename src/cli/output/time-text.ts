/** Times and spans as people read them. */

/** `0.04 s`, `12.3 s`, `2 min 05 s`, `3 h 20 min`, `2 d 4 h`. */
export function spanText(spanMs: number): string {
  const seconds = Math.max(0, spanMs) / 1000;
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${twoDigits(whole % 60)} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** The span between two RFC 3339 texts; empty when the second is not there yet. */
export function spanBetween(from: string, to: string | undefined): string {
  return to === undefined ? "" : spanText(Date.parse(to) - Date.parse(from));
}

/** `2026-01-31 09:30:00.123` of an RFC 3339 text in UTC. */
export function instantText(instant: string): string {
  return instant.replace("T", " ").replace(/Z$/, "");
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
