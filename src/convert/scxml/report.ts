/** Collects what the conversion finds: everything at once, told in the order of the places in the chart. */
import type { Finding } from "../../core/definition/finding.js";
import { SCXML_CODES, type ScxmlCode } from "./scxml-codes.js";

/** One-based line and column in the chart's text. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A finding about SCXML has a place in the text and no JSON pointer. */
export interface ScxmlFinding extends Finding {
  readonly code: ScxmlCode;
}

export class Report {
  readonly #findings: ScxmlFinding[] = [];
  readonly #told = new Set<string>();

  /** The same sentence about the same place is told once. */
  add(code: ScxmlCode, place: Place, message: string, hint?: string): void {
    const key = JSON.stringify([code, place.line, place.column, message]);
    if (this.#told.has(key)) return;
    this.#told.add(key);
    const { severity } = SCXML_CODES[code];
    const finding: ScxmlFinding = { code, severity, pointer: "", ...place, message };
    this.#findings.push(hint === undefined ? finding : { ...finding, hint });
  }

  get hasErrors(): boolean {
    return this.#findings.some(({ severity }) => severity === "error");
  }

  get findings(): readonly ScxmlFinding[] {
    return this.#findings.toSorted(
      (one, other) => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0),
    );
  }
}
