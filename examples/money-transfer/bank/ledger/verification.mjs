/** What the bank looks at before money is touched; the reservation looks again, for the world moves on in between. */
import { findAccount, isBlocked } from "./accounts.mjs";

/**
 * @typedef {object} Instruction the content of a transfer; it never changes under one id
 * @property {string} transferId
 * @property {string} source
 * @property {string} destination
 * @property {string} currency
 * @property {bigint} amount minor units, more than 0
 *
 * @typedef {object} Checks true where the check passes
 * @property {boolean} accountsExist
 * @property {boolean} accountsDiffer
 * @property {boolean} ownership
 * @property {boolean} currency
 * @property {boolean} compliance
 * @property {boolean} dailyLimit
 * @property {boolean} funds
 */

/** The first check that fails gives the reason, in this order. */
const REASONS = /** @type {const} */ ([
  ["accountsExist", "ACCOUNT_UNKNOWN", "an account does not exist"],
  ["accountsDiffer", "SAME_ACCOUNT", "source and destination are the same account"],
  ["ownership", "NOT_OWNER", "the source account does not belong to the customer"],
  ["currency", "CURRENCY_MISMATCH", "an account is kept in another currency"],
  ["compliance", "ACCOUNT_BLOCKED", "an account is on the compliance list"],
  ["dailyLimit", "DAILY_LIMIT_EXCEEDED", "the daily limit of the source account would be passed"],
  ["funds", "INSUFFICIENT_FUNDS", "the source account does not have the funds"],
]);

/**
 * @param {import("./database.mjs").LedgerDatabase} database
 * @param {Instruction} instruction
 * @param {string | undefined} customerId who says that the source is theirs; undefined leaves ownership out
 * @param {string} day UTC, for example "2026-03-01"
 * @returns {Checks}
 */
export function checkInstruction(database, instruction, customerId, day) {
  const source = findAccount(database, instruction.source);
  const destination = findAccount(database, instruction.destination);
  const exist = source?.kind === "customer" && destination?.kind === "customer";
  return {
    accountsExist: exist,
    accountsDiffer: instruction.source !== instruction.destination,
    ownership: exist && (customerId === undefined || source.customer_id === customerId),
    currency:
      exist && source.currency === instruction.currency && destination.currency === instruction.currency,
    compliance: !isBlocked(database, instruction.source) && !isBlocked(database, instruction.destination),
    dailyLimit: exist && staysWithinLimit(database, source, instruction, day),
    funds: exist && source.available >= instruction.amount,
  };
}

/**
 * @param {Checks} checks
 * @returns {{ code: string, sentence: string } | undefined} why it is refused
 */
export function refusalReason(checks) {
  const failed = REASONS.find(([check]) => !checks[check]);
  return failed === undefined ? undefined : { code: failed[1], sentence: failed[2] };
}

/**
 * What was held or posted from the account on that day counts; a voided hold does not.
 * @param {import("./database.mjs").LedgerDatabase} database
 * @param {import("./accounts.mjs").AccountRow} source
 * @param {Instruction} instruction
 * @param {string} day
 */
function staysWithinLimit(database, source, instruction, day) {
  if (source.daily_limit === null) return true;
  const { used } = /** @type {{ used: bigint }} */ (
    database
      .prepare(
        `select coalesce(sum(amount), 0) as used from transfers
         where source = ? and held_day = ? and state in ('held', 'posted') and id <> ?`,
      )
      .get([source.id, day, instruction.transferId])
  );
  return used + instruction.amount <= source.daily_limit;
}
