/**
 * A finding is what validation has to say about a place in a definition. Findings are values: all of them are
 * collected and returned at once, in the order of their places in the source.
 */
export interface Finding {
  /** A stable word, for example `UNKNOWN_STATE`; `docs/reference/findings.md` lists all of them. */
  readonly code: string;
  readonly severity: "error" | "warning";
  /** RFC 6901 pointer into the document as the author wrote it (short form stays short form); "" is the whole. */
  readonly pointer: string;
  /** One-based place of `pointer` in the source text; absent when the document did not come from text. */
  readonly line?: number;
  readonly column?: number;
  /** One sentence in plain English that names the thing. */
  readonly message: string;
  /** What to do about it, where that is obvious. */
  readonly hint?: string;
}
