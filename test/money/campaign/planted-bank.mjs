/**
 * Mistakes of banks, each behind a name, for an auditor that must notice them. The bank itself knows none of them: they
 * stand around its calls, and two of them need a ledger without the constraints that would refuse what they do. Each
 * brings the occasion for it along, which an honest bank and definition get over.
 *
 * - `float-money`: amounts go through a binary fraction on their way to the cents.
 * - `check-then-update`: the funds are looked at, and taken a moment later without another look.
 * - `posts-again`: an id that is posted can be posted again. The occasion: every posting arrives twice.
 * - `keeps-holds`: a hold is said to be voided, and stays. The occasion: some transfers cannot be posted.
 * - `breaks-its-word`: says that a request never came, and takes it when it comes. The occasion: some postings are late.
 * - `gives-up-unknown`, `gives-back-unknown`, `sends-again`: are the definition's mistakes. The occasion: some postings are
 *   never answered.
 * - `believes-too-early`: is the definition's. The occasion: some postings are late.
 */
import { setTimeout as delay } from "node:timers/promises";
import Database from "libsql";
import { BankError } from "../../../examples/money-transfer/bank/bank-error.mjs";
import { CutOff } from "../../../examples/money-transfer/bank/cut-off.mjs";
import { PLANTED_PATIENCE_MS } from "./definition.mjs";

/**
 * @typedef {import("../../../examples/money-transfer/bank/server.mjs").Around} Around
 * @typedef {import("../../../examples/money-transfer/bank/server.mjs").Call} Call
 * @typedef {import("../../../examples/money-transfer/bank/server.mjs").Answer} Answer
 * @typedef {{ id: string, source: string, destination: string, currency: string, amount: bigint, state: string, hold_id: string | null, reference: string | null, posted_at: string | null }} TransferRow
 */

const CALL = /^\/(?:transfers|requests)\/([^/]+)\/([a-z]+)$/;
/** Long enough that others look meanwhile, and short enough that the engine still waits. */
const MOMENT_MS = 2_000;
/** Long enough that the engine has given up, and asked. */
const TOO_LATE_MS = PLANTED_PATIENCE_MS + 1_000;
/** The transfers that an occasion concerns: one in five. */
const CHOSEN = /[27]$/;

/** The tables of the ledger without what guards them. */
const LOOSE = `
create table if not exists accounts (
  id text primary key, kind text not null, customer_id text, currency text not null, balance integer not null,
  available integer not null, daily_limit integer, opening text not null, opened_at text not null
) strict, without rowid;
create table if not exists postings (
  id integer primary key autoincrement, transfer_id text not null, account_id text not null, currency text not null,
  amount integer not null, posted_at text not null
) strict;`;

/**
 * Mistakes by name: what each does in place of a step; undefined leaves the step to the bank.
 * @type {Readonly<Record<string, (call: Call, step: string, id: string, next: (call: Call) => Promise<Answer>) => Promise<Answer> | undefined>>}
 */
const MISTAKES = {
  "float-money": (call, _step, _id, next) => next({ ...call, body: { ...floated(call.body) } }),
  "check-then-update": (call, step, id) => {
    if (step === "reserve") return takeLater(call, id);
    return step === "post" ? postUnguarded(call, id, ["held"]) : undefined;
  },
  "posts-again": (call, step, id) => (step === "post" ? postTwice(call, id) : undefined),
  "keeps-holds": (call, step, id) => {
    if (step === "post" && CHOSEN.test(id))
      return Promise.reject(new BankError(503, "BANK_BUSY", "The bank is busy; try again later."));
    return step === "void" ? Promise.resolve(json(200, { state: "voided", voidedAt: call.now })) : undefined;
  },
  "breaks-its-word": (call, step, id, next) =>
    step === "settle" ? settleWithoutClosing(call, id, next) : late(call, step, id, next),
  "believes-too-early": late,
  "gives-up-unknown": unanswered,
  "gives-back-unknown": unanswered,
  "sends-again": unanswered,
};

/**
 * @param {Call} call
 * @param {string} step
 * @param {string} id
 * @param {(call: Call) => Promise<Answer>} next
 */
function unanswered(call, step, id, next) {
  if (step !== "post" || !CHOSEN.test(id)) return undefined;
  return next(call).then(() => Promise.reject(new CutOff()));
}

/**
 * @param {Call} call
 * @param {string} step
 * @param {string} id
 * @param {(call: Call) => Promise<Answer>} next
 */
function late(call, step, id, next) {
  return step === "post" && CHOSEN.test(id) ? delay(TOO_LATE_MS).then(() => next(call)) : undefined;
}

/**
 * @param {Call} call
 * @param {string} id
 * @param {(call: Call) => Promise<Answer>} next
 * @returns {Promise<Answer>}
 */
async function settleWithoutClosing(call, id, next) {
  const key = decodeURIComponent(id);
  const known = call.database.prepare("select 1 as yes from answers where key = ?").get([key]);
  return known === undefined ? json(404, { errorCode: "REQUEST_UNKNOWN" }) : next(call);
}

/** @param {string} databasePath of a ledger that is not there yet, or was loose from the beginning */
export function loosenLedger(databasePath) {
  const database = new Database(databasePath);
  database.exec(LOOSE);
  database.close();
}

/**
 * @param {string | undefined} name
 * @returns {Around}
 */
export function plantedMistake(name) {
  const mistake = name === undefined ? undefined : MISTAKES[name];
  return async (call, next) => {
    const [, id = "", step = ""] = CALL.exec(call.path) ?? [];
    return (step === "" ? undefined : mistake?.(call, step, id, next)) ?? next(call);
  };
}

/**
 * @param {unknown} body
 * @returns {Record<string, unknown>}
 */
function floated(body) {
  const members = /** @type {Record<string, unknown>} */ (body);
  if (typeof members.amount !== "string") return members;
  const cents = Math.trunc(Number.parseFloat(members.amount) * 100);
  return { ...members, amount: `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, "0")}` };
}

/**
 * @param {Call} call
 * @param {string} id
 * @returns {Promise<Answer>}
 */
async function takeLater({ database, now }, id) {
  const { source, amount, state, hold_id: holdId } = transferOf(database, id);
  if (state === "voided") throw new BankError(422, "TRANSFER_VOIDED", `Transfer ${id} was voided.`);
  if (state !== "instructed") return json(201, { holdId, state: "held" });
  const row = database.prepare("select available from accounts where id = ?").get([source]);
  const { available } = /** @type {{ available: bigint }} */ (row);
  if (available < amount) throw new BankError(422, "INSUFFICIENT_FUNDS", `Transfer ${id} has no funds.`);
  await delay(MOMENT_MS);
  return database.immediate(() => {
    const hold = database.prepare(
      "update transfers set state = 'held', hold_id = ?, held_at = ?, held_day = ? where id = ? and state = 'instructed'",
    );
    const held = Number(hold.run([`H-${id}`, now, now.slice(0, 10), id]).changes) === 1;
    if (held)
      database.prepare("update accounts set available = available - ? where id = ?").run([amount, source]);
    return json(201, { holdId: `H-${id}`, state: "held" });
  });
}

/**
 * @param {Call} call
 * @param {string} id
 */
async function postTwice(call, id) {
  await postUnguarded(call, id, ["held", "posted"]);
  return postUnguarded(call, id, ["held", "posted"]);
}

/**
 * @param {Call} call
 * @param {string} id
 * @param {readonly string[]} states in which money moves
 * @returns {Promise<Answer>}
 */
async function postUnguarded({ database, now }, id, states) {
  return database.immediate(() => {
    const transfer = transferOf(database, id);
    const { source, destination, amount, currency, state } = transfer;
    const answer = {
      state: "posted",
      reference: transfer.reference ?? `R-${id}`,
      postedAt: transfer.posted_at ?? now,
    };
    if (!states.includes(state)) {
      if (state === "posted") return json(200, answer);
      throw new BankError(422, "NOTHING_HELD", `Transfer ${id} holds no money.`);
    }
    const insert = database.prepare(
      "insert into postings (transfer_id, account_id, currency, amount, posted_at) values (?, ?, ?, ?, ?)",
    );
    insert.run([id, source, currency, -amount, now]);
    insert.run([id, destination, currency, amount, now]);
    database.prepare("update accounts set balance = balance - ? where id = ?").run([amount, source]);
    database
      .prepare("update accounts set balance = balance + ?, available = available + ? where id = ?")
      .run([amount, amount, destination]);
    if (state === "held") {
      database
        .prepare("update transfers set state = 'posted', reference = ?, posted_at = ? where id = ?")
        .run([answer.reference, now, id]);
    }
    return json(200, answer);
  });
}

/**
 * @param {Call["database"]} database
 * @param {string} id
 * @returns {TransferRow}
 */
function transferOf(database, id) {
  const row = database.prepare("select * from transfers where id = ?").get([id]);
  if (row === undefined) throw new BankError(404, "TRANSFER_UNKNOWN", `There is no transfer ${id}.`);
  return /** @type {TransferRow} */ (row);
}

/**
 * @param {number} status
 * @param {Record<string, unknown>} body
 * @returns {Answer}
 */
function json(status, body) {
  return { status, body: JSON.stringify(body) };
}
