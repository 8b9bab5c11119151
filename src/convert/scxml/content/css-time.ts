/** Times as SCXML writes them (CSS 2: `1s`, `.5s`, `100ms`), as ISO 8601 durations. */

const UNITS: { readonly [unit: string]: number } = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `PT0.5S` for `.5s`; `undefined` for what is no time. Minutes, hours and days are read too, because charts have them. */
export function isoDuration(text: string): string | undefined {
  const match = /^\+?(\d+(?:\.\d+)?|\.\d+)\s*(ms|s|min|m|h|d)$/.exec(text.trim());
  const [, number = "", unit = ""] = match ?? [];
  const factor = UNITS[unit];
  if (factor === undefined) return undefined;
  const milliseconds = Math.round(Number(number) * factor);
  if (!Number.isSafeInteger(milliseconds)) return undefined;
  return `PT${milliseconds / 1000}S`;
}
