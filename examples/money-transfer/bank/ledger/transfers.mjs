/**
 * The life of a transfer at the bank: instructed → held → posted, or voided before it is posted.
 *
 * 1. An id means one transfer: the first request that names it fixes its content, another content is refused.
 * 2. A repeated request is answered as the first was; nothing happens twice.
 * 3. Every change is a guarded write that must change exactly one row; there is no check followed by an update.
 * 4. Voiding an id before anything is held makes a later (a late) hold impossible: no money is caught by a request
 *    that was given up.
 */
import { randomBytes } from "node:crypto";
import { BankError } from "../bank-error.mjs";
import { writePostings } from "./accounts.mjs";
import { changedOne } from "./database.mjs";
import { formatAmount } from "./money.mjs";
import { checkInstruction, refusalReason } from "./verification.mjs";

/**
 * @typedef {import("./database.mjs").LedgerDatabase} LedgerDatabase
 * @typedef {import("./verification.mjs").Instruction} Instruction
 *
 * @typedef {object} TransferRow
 * @property {string} id
 * @property {string} source
 * @property {string} destination
 * @property {string} currency
 * @property {bigint} amount
 * @property {"instructed" | "held" | "posted" | "voided"} state
 * @property {string | null} hold_id
 * @property {string | null} held_at
 * @property {string | null} reference
 * @property {string | null} posted_at
 * @property {string | null} voided_at
 * @property {string | null} receipt_id
 */

/**
 * Says whether the transfer may go on; holds nothing.
 * @param {LedgerDatabase} database
 * @param {Instruction} instruction
 * @param {string} customerId
 * @param {string} now
 */
export function verifyTransfer(database, instruction, customerId, now) {
  instruct(database, instruction);
  const checks = checkInstruction(database, instruction, customerId, now.slice(0, 10));
  const reason = refusalReason(checks);
  return { verified: reason === undefined, reason: reason?.code ?? null, checks };
}

/**
 * Holds the funds.
 * @param {LedgerDatabase} database
 * @param {Instruction} instruction
 * @param {string} now
 */
export function reserveTransfer(database, instruction, now) {
  const transfer = instruct(database, instruction);
  if (transfer.state === "voided")
    throw unfit(transfer, "TRANSFER_VOIDED", "was voided and holds nothing any more");
  if (transfer.state !== "instructed") return { holdId: transfer.hold_id, state: "held" };
  const reason = refusalReason(checkInstruction(database, instruction, undefined, now.slice(0, 10)));
  if (reason !== undefined) throw refused(instruction, reason.code, reason.sentence);
  const { source, amount, currency, transferId } = instruction;
  const take = database.prepare(
    "update accounts set available = available - ? where id = ? and available >= ? and currency = ?",
  );
  if (!changedOne(take, amount, source, amount, currency)) {
    throw refused(instruction, "INSUFFICIENT_FUNDS", "the source account does not have the funds");
  }
  const holdId = newId("H");
  const hold = database.prepare(
    "update transfers set state = 'held', hold_id = ?, held_at = ?, held_day = ? where id = ? and state = 'instructed'",
  );
  if (!changedOne(hold, holdId, now, now.slice(0, 10), transferId)) throw broken(transferId, "hold");
  return { holdId, state: "held" };
}

/**
 * Moves the held money, once.
 * @param {LedgerDatabase} database
 * @param {string} transferId
 * @param {Partial<Instruction>} expected what the caller believes the transfer to be; another content is refused
 * @param {string} now
 * @returns {{ isFirst: boolean, answer: { state: "posted", reference: string | null, postedAt: string | null } }}
 */
export function postTransfer(database, transferId, expected, now) {
  const transfer = requireTransfer(database, transferId);
  refuseOtherContent(transfer, expected);
  const { source, destination, amount, currency } = transfer;
  const reference = newId("R");
  const post = database.prepare(
    "update transfers set state = 'posted', reference = ?, posted_at = ? where id = ? and state = 'held'",
  );
  if (!changedOne(post, reference, now, transferId))
    return { isFirst: false, answer: answerUnmoved(transfer) };
  writePostings(database, { transferId, from: source, to: destination, currency, amount, now });
  const take = database.prepare("update accounts set balance = balance - ? where id = ? and balance >= ?");
  if (!changedOne(take, amount, source, amount)) throw broken(transferId, "debit");
  const give = database.prepare(
    "update accounts set balance = balance + ?, available = available + ? where id = ?",
  );
  if (!changedOne(give, amount, amount, destination)) throw broken(transferId, "credit");
  return { isFirst: true, answer: { state: "posted", reference, postedAt: now } };
}

/**
 * Gives held money back, or makes sure that it is never held.
 * @param {LedgerDatabase} database
 * @param {string} transferId
 * @param {string} now
 */
export function voidTransfer(database, transferId, now) {
  const transfer = requireTransfer(database, transferId);
  if (transfer.state === "posted") throw unfit(transfer, "HOLD_POSTED", "is posted and cannot be voided");
  if (transfer.state === "voided") return { state: "voided", voidedAt: transfer.voided_at };
  const end = database.prepare(
    "update transfers set state = 'voided', voided_at = ? where id = ? and state = ?",
  );
  if (!changedOne(end, now, transferId, transfer.state)) throw broken(transferId, "void");
  if (transfer.state === "held") {
    const give = database.prepare(
      "update accounts set available = available + ? where id = ? and available + ? <= balance",
    );
    if (!changedOne(give, transfer.amount, transfer.source, transfer.amount))
      throw broken(transferId, "release");
  }
  return { state: "voided", voidedAt: now };
}

/**
 * What became of a transfer.
 * @param {LedgerDatabase} database
 * @param {string} transferId
 */
export function showTransfer(database, transferId) {
  const transfer = findTransfer(database, transferId);
  if (transfer === undefined || transfer.state === "instructed") {
    throw new BankError(404, "NOTHING_HELD", `Nothing was ever held for transfer ${transferId}.`);
  }
  return {
    transferId,
    state: transfer.state,
    amount: formatAmount(transfer.amount, transfer.currency),
    currency: transfer.currency,
    sourceAccount: transfer.source,
    destinationAccount: transfer.destination,
    holdId: transfer.hold_id,
    reference: transfer.reference,
    heldAt: transfer.held_at,
    postedAt: transfer.posted_at,
    voidedAt: transfer.voided_at,
  };
}

/**
 * One receipt for a posted transfer.
 * @param {LedgerDatabase} database
 * @param {string} transferId
 */
export function makeReceipt(database, transferId) {
  const transfer = requireTransfer(database, transferId);
  if (transfer.state !== "posted")
    throw unfit(transfer, "NOT_POSTED", "is not posted, so there is nothing to receipt");
  if (transfer.receipt_id !== null) return { receiptId: transfer.receipt_id };
  const receiptId = newId("Q");
  const keep = database.prepare("update transfers set receipt_id = ? where id = ? and receipt_id is null");
  if (!changedOne(keep, receiptId, transferId)) throw broken(transferId, "receipt");
  return { receiptId };
}

/**
 * Fixes the content of an id, or refuses another one.
 * @param {LedgerDatabase} database
 * @param {Instruction} instruction
 * @returns {TransferRow}
 */
function instruct(database, instruction) {
  const { transferId, source, destination, currency, amount } = instruction;
  database
    .prepare(
      `insert into transfers (id, source, destination, currency, amount, state) values (?, ?, ?, ?, ?, 'instructed')
       on conflict (id) do nothing`,
    )
    .run([transferId, source, destination, currency, amount]);
  const transfer = requireTransfer(database, transferId);
  refuseOtherContent(transfer, instruction);
  return transfer;
}

/**
 * @param {TransferRow} transfer
 * @param {Partial<Instruction>} expected
 */
function refuseOtherContent(transfer, expected) {
  for (const property of /** @type {const} */ (["source", "destination", "currency", "amount"])) {
    if (expected[property] !== undefined && expected[property] !== transfer[property]) {
      throw conflict(transfer, "TRANSFER_MISMATCH", `is another transfer already: its ${property} differs`);
    }
  }
}

/**
 * The answer to a posting that changed nothing: the first answer where it is posted, else a refusal.
 * @param {TransferRow} transfer
 */
function answerUnmoved(transfer) {
  if (transfer.state === "posted") {
    return {
      state: /** @type {const} */ ("posted"),
      reference: transfer.reference,
      postedAt: transfer.posted_at,
    };
  }
  if (transfer.state === "voided")
    throw unfit(transfer, "TRANSFER_VOIDED", "was voided and cannot be posted");
  throw unfit(transfer, "NOTHING_HELD", "holds no money; reserve it first");
}

/**
 * @param {LedgerDatabase} database
 * @param {string} transferId
 * @returns {TransferRow | undefined}
 */
function findTransfer(database, transferId) {
  return /** @type {TransferRow | undefined} */ (
    database.prepare("select * from transfers where id = ?").get([transferId])
  );
}

/**
 * @param {LedgerDatabase} database
 * @param {string} transferId
 * @returns {TransferRow}
 */
function requireTransfer(database, transferId) {
  const transfer = findTransfer(database, transferId);
  if (transfer === undefined)
    throw new BankError(404, "TRANSFER_UNKNOWN", `There is no transfer ${transferId}.`);
  return transfer;
}

/**
 * @param {Instruction} instruction
 * @param {string} code
 * @param {string} sentence
 */
function refused(instruction, code, sentence) {
  return new BankError(422, code, `Transfer ${instruction.transferId} is refused: ${sentence}.`);
}

/**
 * The transfer is in a state in which this cannot be done, and asking again does not change that.
 * @param {TransferRow} transfer
 * @param {string} code
 * @param {string} sentence
 */
function unfit(transfer, code, sentence) {
  return new BankError(422, code, `Transfer ${transfer.id} ${sentence}.`, { state: transfer.state });
}

/**
 * @param {TransferRow} transfer
 * @param {string} code
 * @param {string} sentence
 */
function conflict(transfer, code, sentence) {
  return new BankError(409, code, `Transfer ${transfer.id} ${sentence}.`, { state: transfer.state });
}

/**
 * @param {string} transferId
 * @param {string} step
 */
function broken(transferId, step) {
  return new Error(`Broken invariant: the ${step} of transfer ${transferId} did not change exactly one row.`);
}

/** @param {string} prefix */
function newId(prefix) {
  return prefix + randomBytes(8).toString("hex").toUpperCase();
}
