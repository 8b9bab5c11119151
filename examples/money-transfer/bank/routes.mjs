/** What the bank answers to: one entry for each method and path. */
import { BankError } from "./bank-error.mjs";
import { die, fireOnce } from "./faults.mjs";
import { openAccount, requireAccount, showAccount } from "./ledger/accounts.mjs";
import { answerOnce, settleKey } from "./ledger/idempotency.mjs";
import {
  makeReceipt,
  postTransfer,
  reserveTransfer,
  showTransfer,
  verifyTransfer,
  voidTransfer,
} from "./ledger/transfers.mjs";
import { member, readExpectation, readId, readInstruction, readOpenAccount, readText } from "./requests.mjs";

/**
 * @typedef {import("./ledger/idempotency.mjs").Answer} Answer
 *
 * @typedef {object} Call
 * @property {import("./ledger/database.mjs").LedgerDatabase} database
 * @property {import("./faults.mjs").Faults} faults
 * @property {string} method
 * @property {string} path
 * @property {string} id the part of the path that names the thing; empty where there is none
 * @property {string | undefined} key the Idempotency-Key header
 * @property {unknown} body
 * @property {string} now
 * @property {(delayMs: number) => Promise<void>} pause ends early when the bank closes
 *
 * @typedef {{ method: string, path: RegExp, answer: (call: Call) => Answer | Promise<Answer> }} Route
 */

/** @type {readonly Route[]} */
export const ROUTES = [
  { method: "GET", path: /^\/health$/, answer: () => json(200, { status: "ok" }) },
  { method: "POST", path: /^\/admin\/accounts$/, answer: open },
  {
    method: "GET",
    path: /^\/accounts\/([^/]+)$/,
    answer: ({ database, id }) => json(200, showAccount(requireAccount(database, id))),
  },
  { method: "POST", path: /^\/transfers\/([^/]+)\/verify$/, answer: verify },
  { method: "POST", path: /^\/transfers\/([^/]+)\/reserve$/, answer: reserve },
  { method: "POST", path: /^\/transfers\/([^/]+)\/post$/, answer: post },
  { method: "POST", path: /^\/transfers\/([^/]+)\/void$/, answer: giveBack },
  { method: "POST", path: /^\/transfers\/([^/]+)\/receipt$/, answer: receipt },
  {
    method: "GET",
    path: /^\/transfers\/([^/]+)$/,
    answer: ({ database, id }) => json(200, showTransfer(database, id)),
  },
  { method: "POST", path: /^\/requests\/([^/]+)\/settle$/, answer: settle },
  { method: "POST", path: /^\/callbacks$/, answer: keepCallback },
  { method: "GET", path: /^\/callbacks$/, answer: listCallbacks },
];

/**
 * @param {Call} call
 * @returns {Promise<Answer>}
 */
export async function answerCall(call) {
  const here = ROUTES.filter((route) => route.path.test(call.path));
  const route = here.find((candidate) => candidate.method === call.method);
  if (route === undefined) {
    if (here.length === 0) throw new BankError(404, "NOT_FOUND", `The bank has nothing at ${call.path}.`);
    throw new BankError(
      405,
      "METHOD_NOT_ALLOWED",
      `${call.path} takes ${here.map(({ method }) => method).join(", ")}.`,
    );
  }
  return route.answer({ ...call, id: decodeId(route.path.exec(call.path)?.[1] ?? "") });
}

/** @param {Call} call */
function open(call) {
  const request = readOpenAccount(call.body);
  return once(call, () => json(201, openAccount(call.database, request, call.now)));
}

/** @param {Call} call */
function verify(call) {
  const instruction = readInstruction(call.id, call.body);
  const customerId = readText(call.body, "customerId");
  return once(call, () => json(200, verifyTransfer(call.database, instruction, customerId, call.now)));
}

/** @param {Call} call */
function reserve(call) {
  const instruction = readInstruction(call.id, call.body);
  return once(call, () => json(201, reserveTransfer(call.database, instruction, call.now)));
}

/** @param {Call} call */
async function post(call) {
  const { database, faults, now } = call;
  const expected = readExpectation(call.id, call.body);
  if (faults.dieBeforePost && fireOnce(database, "die-before-post", now)) return vanish();
  let isDying = false;
  let isSlow = false;
  const answer = once(call, () => {
    const posted = postTransfer(database, readId(call.id), expected, now);
    // In the transaction of the posting itself: the fault is remembered exactly when the money has moved.
    if (posted.isFirst && faults.dieAfterPost) isDying = fireOnce(database, "die-after-post", now);
    if (posted.isFirst && faults.slowPostMs !== undefined) isSlow = fireOnce(database, "slow-post", now);
    return json(200, posted.answer);
  });
  if (isDying) return vanish();
  if (isSlow && faults.slowPostMs !== undefined) await call.pause(faults.slowPostMs);
  return answer;
}

/** @param {Call} call */
function giveBack(call) {
  return once(call, () => json(200, voidTransfer(call.database, readId(call.id), call.now)));
}

/** @param {Call} call */
function receipt(call) {
  if (call.faults.noReceipts)
    throw new BankError(503, "RECEIPTS_DOWN", "Receipts cannot be made now; try again later.");
  return once(call, () => json(200, makeReceipt(call.database, readId(call.id))));
}

/**
 * A question that needs no key of its own: asked again, it has the same answer.
 * @param {Call} call
 */
function settle({ database, id, now }) {
  return json(200, settleKey(database, id, now));
}

/**
 * The sink of notices: kept in the order in which they came, each once.
 * @param {Call} call
 */
function keepCallback(call) {
  const { database, body, now } = call;
  const subject = member(body, "subject");
  const type = member(body, "type");
  return once(call, () => {
    database
      .prepare("insert into callbacks (subject, type, body, received_at) values (?, ?, ?, ?)")
      .run([
        typeof subject === "string" ? subject : null,
        typeof type === "string" ? type : null,
        JSON.stringify(body),
        now,
      ]);
    return json(200, { received: true });
  });
}

/** @param {Call} call */
function listCallbacks({ database }) {
  const rows = /** @type {{ body: string, received_at: string }[]} */ (
    database.prepare("select body, received_at from callbacks order by id").all()
  );
  return json(200, {
    items: rows.map(({ body, received_at }) => ({ receivedAt: received_at, body: JSON.parse(body) })),
  });
}

/**
 * @param {Call} call
 * @param {() => Answer} operation
 */
function once(call, operation) {
  return answerOnce(call.database, call, call.now, operation);
}

/** @param {string} text */
function decodeId(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new BankError(
      400,
      "REQUEST_INVALID",
      `"${text.slice(0, 64)}" is not a well-formed part of a path.`,
    );
  }
}

/**
 * The process is going: whoever waits for this answer never gets one.
 * @returns {Promise<never>}
 */
function vanish() {
  die();
  return new Promise(() => {});
}

/**
 * @param {number} status
 * @param {Record<string, unknown>} body
 * @returns {Answer}
 */
function json(status, body) {
  return { status, body: JSON.stringify(body) };
}
