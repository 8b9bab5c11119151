/**
 * Named places where a test may make the process die or an operation fail. In production every point is empty; the
 * names are the vocabulary of the crash campaigns, so a name is never reused for another place.
 */
export interface Faults {
  /** Called on the way through a named point; may throw or never return. */
  reach(point: FaultPoint): void;
}

/** Every point, in the order in which work passes them. A campaign that leaves one out shows nothing about it. */
export const FAULT_POINTS = [
  /** The store is open; nobody owns it yet. */
  "boot.before-recovery",
  /** The store is owned; no loop has begun. */
  "boot.after-claim",
  /** The loops have begun to take up what was left. */
  "boot.after-recovery",
  /** A batch is made; its transaction has not begun. */
  "commit.before",
  /** All rows are written; the transaction is still open. Reached by stores that were given the faults. */
  "commit.rows-written",
  /** The transaction is durable; nobody knows of it yet. */
  "commit.after",
  /** The commit of a command is known and was told to watchers; its sender has no answer yet. */
  "answer.before",
  /** A row of the outbox is due and was read; nothing is under way. */
  "effect.before-launch",
  /** Its try or delivery is under way. */
  "effect.after-launch",
  /** A try that is sent at most once is about to be written down as begun. */
  "effect.before-begin",
  /** It is written down; nothing is sent yet. */
  "effect.after-begin",
  "effect.before-send",
  /** The outside has answered; nothing of it is kept yet. */
  "effect.after-send",
  /** What came of it is about to be committed. */
  "effect.before-result",
  /** What came of it is committed. */
  "effect.after-result",
  /** What one instance asks of another is due and was read; nothing is under way. */
  "link.before-launch",
  /** It is under way. */
  "link.after-launch",
  /** Of each kind: nothing of what it asks is done, and all of it is committed while it still stands in the outbox. */
  "start-child.before",
  "start-child.after",
  "cancel-child.before",
  "cancel-child.after",
  "tell-parent.before",
  "tell-parent.after",
  "compensate-child.before",
  "compensate-child.after",
  "tell-compensated.before",
  "tell-compensated.after",
  "broadcast.before",
  "broadcast.after",
  /** A message that starts whatever begins with it. */
  "message.before",
  "message.after",
  /** A message to one instance. */
  "message-to.before",
  "message-to.after",
  /** What it asks is committed, in whatever instances it concerns; it still stands in the outbox. */
  "link.before-end",
  /** It is gone from the outbox. */
  "link.after-end",
  /** The notice of an incident is about to be sent. */
  "incident.before-notice",
  /** It was heard, and is gone from the outbox. */
  "incident.after-notice",
  /** An operator's act on many: one of them is about to be acted on. */
  "operate.before-act",
  /** That is committed; the others may be or not, and the operator has no answer. */
  "operate.after-act",
  /** A timer is due and was read. */
  "timer.before-fire",
  /** What the timer did is committed. */
  "timer.after-fire",
] as const;

export type FaultPoint = (typeof FAULT_POINTS)[number];

export const NO_FAULTS: Faults = { reach: () => {} };
