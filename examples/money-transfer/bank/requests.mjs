/** The shapes that the bank takes, checked by hand at the door; every refusal names the member. */
import { BankError } from "./bank-error.mjs";
import { parseAmount } from "./ledger/money.mjs";

const ID = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/;

/**
 * @param {string} transferId
 * @param {unknown} body `{ amount, currency, sourceAccount, destinationAccount }`
 * @returns {import("./ledger/verification.mjs").Instruction}
 */
export function readInstruction(transferId, body) {
  const currency = readText(body, "currency");
  const amount = parseAmount(member(body, "amount"), currency);
  if (amount === 0n) throw new BankError(400, "AMOUNT_INVALID", "The amount must be more than zero.");
  return {
    transferId: readId(transferId),
    source: readText(body, "sourceAccount"),
    destination: readText(body, "destinationAccount"),
    currency,
    amount,
  };
}

/**
 * @param {string} transferId
 * @param {unknown} body what the caller believes the transfer to be: all of its content, or nothing
 * @returns {Partial<import("./ledger/verification.mjs").Instruction>}
 */
export function readExpectation(transferId, body) {
  return member(body, "amount") === undefined ? {} : readInstruction(transferId, body);
}

/**
 * @param {unknown} body
 * @returns {import("./ledger/accounts.mjs").OpenAccountRequest}
 */
export function readOpenAccount(body) {
  const blocked = member(body, "blocked");
  if (blocked !== undefined && typeof blocked !== "boolean")
    throw invalid("blocked", "must be true or false");
  return {
    accountId: readId(readText(body, "accountId")),
    customerId: readText(body, "customerId"),
    currency: readText(body, "currency"),
    balance: member(body, "balance"),
    dailyLimit: member(body, "dailyLimit"),
    blocked: blocked === true,
  };
}

/** @param {string} id */
export function readId(id) {
  if (!ID.test(id)) throw invalid("id", "must be 1 to 64 letters, digits, or one of _ . : -");
  return id;
}

/**
 * @param {unknown} body
 * @param {string} name
 * @returns {string}
 */
export function readText(body, name) {
  const value = member(body, name);
  if (typeof value !== "string" || value === "" || value.length > 255) {
    throw invalid(name, "must be a text of 1 to 255 characters");
  }
  return value;
}

/**
 * @param {unknown} body
 * @param {string} name
 * @returns {unknown}
 */
export function member(body, name) {
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw invalid("body", "must be a JSON object");
  return Object.hasOwn(body, name) ? Reflect.get(body, name) : undefined;
}

/**
 * @param {string} name
 * @param {string} what
 */
function invalid(name, what) {
  return new BankError(400, "REQUEST_INVALID", `"${name}" ${what}.`);
}
