/** Sets of code points, as sorted ranges that neither overlap nor touch. */

export type CharRange = readonly [min: number, max: number];
export type CharSet = readonly CharRange[];

const MAX_CODE_POINT = 0x10ffff;

/** The union of any ranges. */
export function charSet(ranges: readonly CharRange[]): CharSet {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [min, max] of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && min <= last[1] + 1) last[1] = Math.max(last[1], max);
    else merged.push([min, max]);
  }
  return merged;
}

/** Every code point that is not in the set. */
export function complement(set: CharSet): CharSet {
  const ranges: CharRange[] = [];
  let next = 0;
  for (const [min, max] of set) {
    if (min > next) ranges.push([next, min - 1]);
    next = max + 1;
  }
  if (next <= MAX_CODE_POINT) ranges.push([next, MAX_CODE_POINT]);
  return ranges;
}

/** True when some code point is in both. */
export function overlaps(left: CharSet, right: CharSet): boolean {
  let i = 0;
  let j = 0;
  for (;;) {
    const a = left[i];
    const b = right[j];
    if (a === undefined || b === undefined) return false;
    if (a[1] < b[0]) i += 1;
    else if (b[1] < a[0]) j += 1;
    else return true;
  }
}
