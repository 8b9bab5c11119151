/** Names for new things. */
export interface Ids {
  /** A new UUID (version 4, or 7 where order helps). */
  uuid(): string;
}
