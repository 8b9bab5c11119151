/**
 * Instants are milliseconds since 1970-01-01T00:00:00Z, shown as RFC 3339 in UTC with milliseconds. `Date` is used
 * here as a pure calendar, always with an argument: the core never asks what time it is.
 */

let lastMs = Number.NaN;
let lastText = "";

/** `2026-01-31T09:30:00.000Z` for an instant in milliseconds. The last one is remembered: many happen at the same. */
export function formatInstant(instantMs: number): string {
  if (instantMs === lastMs) return lastText;
  lastText = new Date(instantMs).toISOString();
  lastMs = instantMs;
  return lastText;
}

/** The instant of an RFC 3339 text; `undefined` when it is not one. */
export function parseInstant(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return undefined;
  const instantMs = new Date(text).getTime();
  return Number.isNaN(instantMs) ? undefined : instantMs;
}

/** For libraries that ask for a `Date`. */
export function dateAt(instantMs: number): Date {
  return new Date(instantMs);
}
