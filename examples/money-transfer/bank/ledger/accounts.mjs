/** Accounts: opened with a balance that comes, by a posting like any other, from an equity account. */
import { BankError } from "../bank-error.mjs";
import { changedOne } from "./database.mjs";
import { formatAmount, parseAmount } from "./money.mjs";

/**
 * @typedef {object} AccountRow
 * @property {string} id
 * @property {"customer" | "equity"} kind
 * @property {string | null} customer_id
 * @property {string} currency
 * @property {bigint} balance minor units
 * @property {bigint} available balance less what is held
 * @property {bigint | null} daily_limit
 * @property {string} opening
 * @property {string} opened_at
 */

/**
 * @typedef {object} OpenAccountRequest
 * @property {string} accountId
 * @property {string} customerId
 * @property {string} currency
 * @property {unknown} balance
 * @property {unknown} [dailyLimit]
 * @property {boolean} [blocked] puts the account on the compliance list
 */

/**
 * Opens an account; the same request again is answered as the first.
 * @param {import("./database.mjs").LedgerDatabase} database
 * @param {OpenAccountRequest} request
 * @param {string} now
 * @returns {Record<string, unknown>} the account
 */
export function openAccount(database, request, now) {
  const { accountId, customerId, currency } = request;
  const balance = parseAmount(request.balance, currency);
  const limit = request.dailyLimit === undefined ? null : parseAmount(request.dailyLimit, currency);
  const opening = JSON.stringify([
    customerId,
    currency,
    String(balance),
    limit === null ? null : String(limit),
    request.blocked === true,
  ]);
  const known = findAccount(database, accountId);
  if (known !== undefined) {
    if (known.opening === opening) return showAccount(known);
    throw new BankError(409, "ACCOUNT_EXISTS", `Account ${accountId} is open already, with other content.`);
  }
  insertAccount(database, { accountId, kind: "customer", customerId, currency, limit, opening, now });
  if (request.blocked === true) {
    database
      .prepare("insert into blocked_accounts (account_id, reason) values (?, 'compliance')")
      .run([accountId]);
  }
  if (balance > 0n) fund(database, accountId, currency, balance, now);
  return showAccount(requireAccount(database, accountId));
}

/**
 * @param {import("./database.mjs").LedgerDatabase} database
 * @param {string} accountId
 * @returns {AccountRow | undefined}
 */
export function findAccount(database, accountId) {
  return /** @type {AccountRow | undefined} */ (
    database.prepare("select * from accounts where id = ?").get([accountId])
  );
}

/**
 * @param {import("./database.mjs").LedgerDatabase} database
 * @param {string} accountId
 * @returns {AccountRow}
 */
export function requireAccount(database, accountId) {
  const account = findAccount(database, accountId);
  if (account === undefined) throw new BankError(404, "ACCOUNT_UNKNOWN", `There is no account ${accountId}.`);
  return account;
}

/**
 * @param {import("./database.mjs").LedgerDatabase} database
 * @param {string} accountId
 */
export function isBlocked(database, accountId) {
  return (
    database.prepare("select 1 as yes from blocked_accounts where account_id = ?").get([accountId]) !==
    undefined
  );
}

/**
 * @param {AccountRow} account
 * @returns {Record<string, unknown>}
 */
export function showAccount(account) {
  const { currency } = account;
  return {
    accountId: account.id,
    customerId: account.customer_id,
    currency,
    balance: formatAmount(account.balance, currency),
    available: formatAmount(account.available, currency),
    dailyLimit: account.daily_limit === null ? null : formatAmount(account.daily_limit, currency),
    openedAt: account.opened_at,
  };
}

/**
 * Writes the two sides of a movement; the balances are moved by the caller.
 * @param {import("./database.mjs").LedgerDatabase} database
 * @param {{ transferId: string, from: string, to: string, currency: string, amount: bigint, now: string }} movement
 */
export function writePostings(database, { transferId, from, to, currency, amount, now }) {
  const insert = database.prepare(
    "insert into postings (transfer_id, account_id, currency, amount, posted_at) values (?, ?, ?, ?, ?)",
  );
  insert.run([transferId, from, currency, -amount, now]);
  insert.run([transferId, to, currency, amount, now]);
}

/**
 * @param {import("./database.mjs").LedgerDatabase} database
 * @param {string} accountId
 * @param {string} currency
 * @param {bigint} amount
 * @param {string} now
 */
function fund(database, accountId, currency, amount, now) {
  const equityId = `EQUITY-${currency}`;
  if (findAccount(database, equityId) === undefined) {
    insertAccount(database, {
      accountId: equityId,
      kind: "equity",
      customerId: null,
      currency,
      limit: null,
      opening: "",
      now,
    });
  }
  writePostings(database, {
    transferId: `opening:${accountId}`,
    from: equityId,
    to: accountId,
    currency,
    amount,
    now,
  });
  const move = database.prepare(
    "update accounts set balance = balance + ?, available = available + ? where id = ?",
  );
  if (!changedOne(move, -amount, -amount, equityId) || !changedOne(move, amount, amount, accountId)) {
    throw new Error(
      `Broken invariant: the opening of account ${accountId} did not move one row on each side.`,
    );
  }
}

/**
 * @param {import("./database.mjs").LedgerDatabase} database
 * @param {{ accountId: string, kind: string, customerId: string | null, currency: string, limit: bigint | null, opening: string, now: string }} account
 */
function insertAccount(database, account) {
  database
    .prepare(
      `insert into accounts (id, kind, customer_id, currency, balance, available, daily_limit, opening, opened_at)
       values (?, ?, ?, ?, 0, 0, ?, ?, ?)`,
    )
    .run([
      account.accountId,
      account.kind,
      account.customerId,
      account.currency,
      account.limit,
      account.opening,
      account.now,
    ]);
}
