/**
 * One key, one effect, one answer: the key, the effect and the answer are in one transaction, so that a repeated
 * request gets the first answer, byte for byte, even when the process died in between.
 *
 * Whoever got no answer can have a key settled: either it has an answer, or it is closed from then on, and a request that
 * is still on its way is refused when it comes. "There was no such request" stays true because of that.
 */
import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { BankError } from "../bank-error.mjs";

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {string} body JSON text
 *
 * @typedef {object} KeyedRequest
 * @property {string | undefined} key the Idempotency-Key header
 * @property {string} method
 * @property {string} path
 * @property {unknown} body
 *
 * @typedef {{ request_hash: string, status: bigint, body: string }} AnswerRow
 */

/**
 * Runs an operation at most once for its key. A refusal (`BankError`) undoes what the operation wrote and is an
 * answer like any other: it too is kept under the key.
 * @param {import("./database.mjs").LedgerDatabase} database
 * @param {KeyedRequest} request
 * @param {string} now instant of the answer
 * @param {() => Answer} operation
 * @returns {Answer}
 */
export function answerOnce(database, request, now, operation) {
  const hash = requestHash(request);
  return database.immediate(() => {
    const { key } = request;
    if (key === undefined) return attempt(database, operation);
    const first = /** @type {AnswerRow | undefined} */ (
      database.prepare("select request_hash, status, body from answers where key = ?").get([key])
    );
    if (first !== undefined) return firstAnswer(first, hash, key);
    if (isClosed(database, key)) return closed(key).toAnswer();
    const answer = attempt(database, operation);
    database
      .prepare("insert into answers (key, request_hash, status, body, answered_at) values (?, ?, ?, ?, ?)")
      .run([key, hash, answer.status, answer.body, now]);
    return answer;
  });
}

/**
 * What became of the request with a key, for good.
 * @param {import("./database.mjs").LedgerDatabase} database
 * @param {string} key
 * @param {string} now
 * @returns {Record<string, unknown>} the first answer, with `outcome`: "done", or "refused" where it was a refusal
 * @throws {BankError} 404 `REQUEST_UNKNOWN` when there was none; none is taken later
 */
export function settleKey(database, key, now) {
  const first = database.immediate(() => {
    const known = /** @type {AnswerRow | undefined} */ (
      database.prepare("select request_hash, status, body from answers where key = ?").get([key])
    );
    if (known === undefined) {
      database
        .prepare("insert into closed_keys (key, closed_at) values (?, ?) on conflict (key) do nothing")
        .run([key, now]);
    }
    return known;
  });
  if (first !== undefined)
    return { ...JSON.parse(first.body), outcome: Number(first.status) < 400 ? "done" : "refused" };
  throw new BankError(
    404,
    "REQUEST_UNKNOWN",
    `There was no request with the key "${key}", and none is taken any more.`,
  );
}

/**
 * @param {import("./database.mjs").LedgerDatabase} database
 * @param {string} key
 */
function isClosed(database, key) {
  return database.prepare("select 1 as yes from closed_keys where key = ?").get([key]) !== undefined;
}

/** @param {string} key */
function closed(key) {
  return new BankError(
    410,
    "REQUEST_CLOSED",
    `The idempotency key "${key}" was asked about before it came, and is closed; use a new key.`,
  );
}

/**
 * @param {AnswerRow} first
 * @param {string} hash
 * @param {string} key
 * @returns {Answer}
 */
function firstAnswer(first, hash, key) {
  if (first.request_hash === hash) return { status: Number(first.status), body: first.body };
  return new BankError(
    409,
    "IDEMPOTENCY_MISMATCH",
    `The idempotency key "${key}" was used before for another request; use a new key.`,
  ).toAnswer();
}

/**
 * @param {import("./database.mjs").LedgerDatabase} database
 * @param {() => Answer} operation
 * @returns {Answer}
 */
function attempt(database, operation) {
  try {
    return database.savepoint(operation);
  } catch (error) {
    if (error instanceof BankError) return error.toAnswer();
    throw error;
  }
}

/** @param {KeyedRequest} request */
function requestHash({ method, path, body }) {
  return createHash("sha256")
    .update(canonicalize([method, path, body]) ?? "")
    .digest("hex");
}
