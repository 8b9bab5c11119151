import { distance } from "fastest-levenshtein";

/** The candidate that is most like `name` (edits, upper and lower case alike); undefined when none is near. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  // More than a third of the name changed is another name; short ones may differ in two letters.
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  const lower = name.toLowerCase();
  for (const candidate of candidates) {
    if (candidate === name || Math.abs(candidate.length - name.length) >= least) continue;
    const edits = distance(lower, candidate.toLowerCase());
    if (edits < least && edits < name.length) {
      least = edits;
      nearest = candidate;
    }
  }
  return nearest;
}

/** `Did you mean "process"?`, where there is a near name. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const nearest = nearestName(name, candidates);
  return nearest === undefined ? undefined : `Did you mean "${nearest}"?`;
}
