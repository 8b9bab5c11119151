/**
 * Goes through the bank's books from the first line to the last, and looks after each line: money that is made and lost
 * again, and an overdraft that is covered again, are both found.
 */

/**
 * @typedef {import("./read-evidence.mjs").Books} Books
 * @typedef {import("./findings.mjs").Findings} Findings
 */

export const BOOK_RULES = {
  whole: "every amount in the books is a whole number of minor units",
  paired: "every posting has its counterpart: money is conserved at every prefix of the postings",
  known:
    "every posting belongs to the opening of an account or to a transfer, between its two accounts, of its amount",
  neverBelow: "no account is below zero at any prefix of the postings",
  neverOverheld: "no account holds more than it has at any prefix of the journal",
  balances: "what an account says is what its postings and holds come to",
  once: "no transfer is posted more than once",
  moved: "a transfer is held, and then posted or voided, once each",
};

/**
 * @param {Books} books
 * @param {Findings} findings
 */
export function checkBooks(books, findings) {
  const isWhole = checkWhole(books, findings);
  // Sums of what are no numbers would only repeat it.
  if (!isWhole) return;
  const balances = walkPostings(books, findings);
  const available = walkJournal(books, findings);
  for (const { id, balance, available: left, kind } of books.accounts) {
    const came = balances.get(id) ?? 0n;
    const isRight = balance === came && (kind !== "customer" || left === (available.get(id) ?? 0n));
    findings.check(
      BOOK_RULES.balances,
      isRight,
      () => `${id} says ${balance}, available ${left}; it is ${came}, available ${available.get(id)}`,
    );
  }
}

/**
 * @param {Books} books
 * @param {Findings} findings
 */
function checkWhole({ accounts, postings, transfers }, findings) {
  const amounts = [
    ...accounts.flatMap(({ id, balance, available }) => [
      { name: `account ${id}`, amount: balance },
      { name: `account ${id}`, amount: available },
    ]),
    ...postings.map(({ id, amount }) => ({ name: `posting ${id}`, amount })),
    ...transfers.map(({ id, amount }) => ({ name: `transfer ${id}`, amount })),
  ];
  for (const { name, amount } of amounts)
    findings.check(BOOK_RULES.whole, typeof amount === "bigint", () => `${name} says ${amount}`);
  return amounts.every(({ amount }) => typeof amount === "bigint");
}

/**
 * Postings come in pairs, written together: a prefix ends after a pair.
 * @param {Books} books
 * @param {Findings} findings
 * @returns {Map<string, bigint>} balances by account
 */
function walkPostings({ postings, accounts, transfers }, findings) {
  const customers = new Set(accounts.filter(({ kind }) => kind === "customer").map(({ id }) => id));
  const byId = new Map(transfers.map((transfer) => [transfer.id, transfer]));
  /** @type {Map<string, bigint>} */
  const balances = new Map();
  /** @type {Map<string, number>} */
  const pairs = new Map();
  for (let index = 0; index < postings.length; index += 2) {
    const [debit, credit] = [postings[index], postings[index + 1]];
    const isPair =
      debit !== undefined &&
      credit !== undefined &&
      debit.transfer_id === credit.transfer_id &&
      debit.currency === credit.currency &&
      Number(debit.amount) < 0 &&
      BigInt(/** @type {bigint} */ (debit.amount)) + BigInt(/** @type {bigint} */ (credit.amount)) === 0n;
    findings.check(BOOK_RULES.paired, isPair, () => `posting ${debit?.id} of ${debit?.transfer_id}`);
    if (debit === undefined || credit === undefined) break;
    const transfer = byId.get(debit.transfer_id);
    const isKnown =
      transfer === undefined
        ? debit.transfer_id === `opening:${credit.account_id}`
        : transfer.source === debit.account_id &&
          transfer.destination === credit.account_id &&
          transfer.currency === credit.currency &&
          transfer.amount === credit.amount;
    findings.check(BOOK_RULES.known, isKnown, () => `posting ${debit.id} of ${debit.transfer_id}`);
    for (const { account_id: account, amount, id } of [debit, credit]) {
      const balance = (balances.get(account) ?? 0n) + /** @type {bigint} */ (amount);
      balances.set(account, balance);
      if (customers.has(account))
        findings.check(
          BOOK_RULES.neverBelow,
          balance >= 0n,
          () => `${account} is at ${balance} after posting ${id}`,
        );
    }
    pairs.set(debit.transfer_id, (pairs.get(debit.transfer_id) ?? 0) + 1);
  }
  for (const [transferId, count] of pairs)
    findings.check(BOOK_RULES.once, count === 1, () => `${transferId} has ${count} pairs of postings`);
  return balances;
}

/**
 * Accounts are opened before anything is held, so their openings stand before the journal.
 * @param {Books} books
 * @param {Findings} findings
 * @returns {Map<string, bigint>} what is available, by account
 */
function walkJournal({ postings, transfers, moves }, findings) {
  const byId = new Map(transfers.map((transfer) => [transfer.id, transfer]));
  /** @type {Map<string, bigint>} */
  const available = new Map();
  /** @type {Map<string, string>} */
  const states = new Map();
  /**
   * @param {string} account
   * @param {unknown} amount
   */
  const add = (account, amount) =>
    available.set(account, (available.get(account) ?? 0n) + /** @type {bigint} */ (amount));
  for (const { transfer_id: id, account_id: account, amount } of postings)
    if (id.startsWith("opening:")) add(account, amount);
  for (const { transfer_id: id, state } of moves) {
    const transfer = byId.get(id);
    const before = states.get(id) ?? "instructed";
    findings.check(
      BOOK_RULES.moved,
      transfer !== undefined && canMove(before, state),
      () => `${id} went from ${before} to ${state}`,
    );
    states.set(id, state);
    if (transfer === undefined) continue;
    if (state === "held") add(transfer.source, -(/** @type {bigint} */ (transfer.amount)));
    if (state === "voided" && before === "held") add(transfer.source, transfer.amount);
    if (state === "posted") add(transfer.destination, transfer.amount);
    const left = available.get(transfer.source) ?? 0n;
    findings.check(
      BOOK_RULES.neverOverheld,
      left >= 0n,
      () => `${transfer.source} has ${left} left after ${id} was ${state}`,
    );
  }
  for (const { id, state } of transfers) {
    const last = states.get(id) ?? "instructed";
    findings.check(BOOK_RULES.moved, state === last, () => `${id} says ${state}, its journal ${last}`);
  }
  return available;
}

/**
 * @param {string} before
 * @param {string} state
 */
function canMove(before, state) {
  if (state === "held") return before === "instructed";
  if (state === "posted") return before === "held";
  return state === "voided" && (before === "instructed" || before === "held");
}
