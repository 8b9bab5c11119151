/**
 * The accounts and transfers of a campaign: what number n moves is decided by the seed and n alone.
 *
 * Invariants:
 * 1. One account is hot: two transfers of five touch it, and as much leaves it as comes, so that it runs dry again and
 *    again while others have just been told that its funds suffice.
 * 2. Some transfers can never be made: nobody has so much, or the amount is nothing.
 * 3. Amounts are of every number of cents, for those are what binary fractions lose.
 */
import { drawFrom } from "./draw.mjs";

/**
 * @typedef {{ customerId: string, amount: string, currency: string, sourceAccount: string, destinationAccount: string }} Content
 * @typedef {"pays" | "pays-after-mistake" | "refuses"} Attitude what the customer answers, when asked
 * @typedef {"ordinary" | "hot" | "unfundable" | "nothing"} Sort
 * @typedef {{ number: number, instanceId: string, transferId: string, sort: Sort, attitude: Attitude, content: Content }} Transfer
 */

const CURRENCY = "USD";
const ORDINARY_ACCOUNTS = 30;
const HOT = "HOT000000000";

/** @param {number} index */
const accountId = (index) => `ACCOUNT${String(index).padStart(5, "0")}`;

/** @returns {{ accountId: string, customerId: string, currency: string, balance: string }[]} */
export function openingAccounts() {
  const ordinary = Array.from({ length: ORDINARY_ACCOUNTS }, (_, index) => ({
    accountId: accountId(index),
    customerId: `customer-of-${accountId(index)}`,
    currency: CURRENCY,
    balance: "500.00",
  }));
  return [
    ...ordinary,
    { accountId: HOT, customerId: `customer-of-${HOT}`, currency: CURRENCY, balance: "40.00" },
  ];
}

/**
 * @param {string} seed
 * @param {number} number from 1
 * @param {boolean} [isDraining] the hot account only pays
 * @returns {Transfer}
 */
export function drawTransfer(seed, number, isDraining = false) {
  const draw = drawFrom(`${seed}/transfer/${number}`);
  const sort = sortOf(draw(100));
  const [from, to] = partners(sort, draw, isDraining);
  return {
    number,
    instanceId: `transfer-${String(number).padStart(7, "0")}`,
    transferId: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
    sort,
    attitude: attitudeOf(draw(100)),
    content: {
      customerId: `customer-of-${from}`,
      amount: amountOf(sort, draw),
      currency: CURRENCY,
      sourceAccount: from,
      destinationAccount: to,
    },
  };
}

/**
 * @param {number} percent
 * @returns {Sort}
 */
function sortOf(percent) {
  if (percent < 40) return "hot";
  if (percent < 46) return "unfundable";
  return percent < 48 ? "nothing" : "ordinary";
}

/**
 * @param {number} percent
 * @returns {Attitude}
 */
function attitudeOf(percent) {
  if (percent < 7) return "refuses";
  return percent < 15 ? "pays-after-mistake" : "pays";
}

/**
 * @param {Sort} sort
 * @param {(bound: number) => number} draw
 * @param {boolean} isDraining
 * @returns {[string, string]}
 */
function partners(sort, draw, isDraining) {
  const first = draw(ORDINARY_ACCOUNTS);
  const second = (first + 1 + draw(ORDINARY_ACCOUNTS - 1)) % ORDINARY_ACCOUNTS;
  if (sort !== "hot") return [accountId(first), accountId(second)];
  return draw(2) === 0 || isDraining ? [HOT, accountId(first)] : [accountId(first), HOT];
}

/**
 * @param {Sort} sort
 * @param {(bound: number) => number} draw
 */
function amountOf(sort, draw) {
  const cents = String(draw(100)).padStart(2, "0");
  if (sort === "unfundable") return `${100_000 + draw(900_000)}.${cents}`;
  if (sort === "nothing") return "0.00";
  return `${1 + draw(30)}.${cents}`;
}
