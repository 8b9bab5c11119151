/**
 * What comes to the bank of a campaign of that which is sent at most once, and of the questions about it: a witness that
 * neither engine nor ledger can talk into anything.
 *
 * Invariants:
 * 1. A call is in the log before anything becomes of it, its weather included; its answer before it is given.
 * 2. A kill may cut off the last line of a life; the next life begins with a line of its own.
 */
import { openSync, writeSync } from "node:fs";

const SENT = /^\/transfers\/([^/]+)\/(post|void)$/;
const ASKED = /^\/requests\/([^/]+)\/settle$/;

/**
 * @typedef {import("../../../examples/money-transfer/bank/server.mjs").Around} Around
 * @typedef {import("../../../examples/money-transfer/bank/server.mjs").Call} Call
 * @typedef {{ step: string, key: string | undefined, transferId?: string }} Logged
 */

/**
 * @param {string} path
 * @returns {Around}
 */
export function callLog(path) {
  const file = openSync(path, "a");
  writeSync(file, "\n");
  /** @param {object} line */
  const write = (line) => writeSync(file, `${JSON.stringify(line)}\n`);
  return async (call, next) => {
    const logged = loggedOf(call);
    if (logged === undefined) return next(call);
    write({ line: "came", ...logged });
    try {
      const answer = await next(call);
      write({ line: "answered", ...logged, status: answer.status, outcome: outcomeOf(answer.body) });
      return answer;
    } catch (error) {
      if (error.status !== undefined) write({ line: "answered", ...logged, status: error.status });
      throw error;
    }
  };
}

/**
 * @param {Call} call
 * @returns {Logged | undefined}
 */
function loggedOf({ path, key }) {
  const [, transferId, step = ""] = SENT.exec(path) ?? [];
  if (transferId !== undefined) return { step, key, transferId };
  const [, about] = ASKED.exec(path) ?? [];
  return about === undefined ? undefined : { step: "settle", key: decodeURIComponent(about) };
}

/** @param {string} body */
function outcomeOf(body) {
  return JSON.parse(body).outcome;
}
