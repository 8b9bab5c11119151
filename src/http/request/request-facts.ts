/** What headers of a request say about its command. */
import type { IncomingHttpHeaders } from "node:http";
import { RequestInvalidError } from "../answer/problem.js";

/** As long as `?wait=settled` waits, and no longer. */
export const DEFAULT_WAIT_MS = 30_000;

export function etagOf(seq: number): string {
  return `"${seq}"`;
}

export function keyOf(headers: IncomingHttpHeaders): { readonly idempotencyKey?: string } {
  const key = headers["idempotency-key"];
  return typeof key === "string" ? { idempotencyKey: key } : {};
}

/** The seq that `If-Match` names, with or without quotes; `*` is any. Throws `REQUEST_INVALID`. */
export function expectedSeqOf(headers: IncomingHttpHeaders): { readonly expectedSeq?: number } {
  const given = headers["if-match"];
  if (given === undefined || given.trim() === "*") return {};
  const [, seq] = /^\s*"?(\d{1,15})"?\s*$/.exec(given) ?? [];
  if (seq !== undefined) return { expectedSeq: Number(seq) };
  throw new RequestInvalidError("The header If-Match names no seq.", [
    { path: "/if-match", message: 'Give the seq as the ETag has it, for example "4".' },
  ]);
}
