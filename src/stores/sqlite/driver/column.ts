/** Reads the columns of a row. What has another type than the schema gives it is a broken invariant. */
import type { Row } from "./driver.js";

export function textAt(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw unexpected(column, "a text", value);
  return value;
}

export function integerAt(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== "number" || !Number.isSafeInteger(value))
    throw unexpected(column, "an integer", value);
  return value;
}

export function booleanAt(row: Row, column: string): boolean {
  return integerAt(row, column) !== 0;
}

function unexpected(column: string, wanted: string, value: unknown): Error {
  return new Error(
    `Broken invariant: the column ${column} should hold ${wanted}, but holds ${String(value)}.`,
  );
}
