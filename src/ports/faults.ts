/**
 * Named places where a test may make the process die or an operation fail. In production every point is empty; the
 * names are the vocabulary of the crash campaigns, so a name is never reused for another place.
 */
export interface Faults {
  /** Called on the way through a named point; may throw or never return. */
  reach(point: FaultPoint): void;
}

export type FaultPoint =
  | "commit.before"
  | "commit.after"
  | "effect.before-send"
  | "effect.after-send"
  | "timer.before-fire"
  | "answer.before"
  | "boot.before-recovery"
  | "boot.after-recovery";

export const NO_FAULTS: Faults = { reach: () => {} };
