/** Holds the three witnesses against each other, transfer by transfer: the clients' logs, the engine, the bank. */
import { minorUnits } from "./minor-units.mjs";

/**
 * @typedef {import("./read-evidence.mjs").Instance} Instance
 * @typedef {import("./read-evidence.mjs").BankTransfer} BankTransfer
 * @typedef {import("./read-evidence.mjs").Clients} Clients
 * @typedef {import("./findings.mjs").Findings} Findings
 */

export const TRANSFER_RULES = {
  opened: "every transfer that a client opened is there, and no other",
  ended: "no transfer is stuck: each has ended, or has an open incident",
  nothingLeft: "nothing is left to do for a transfer that has ended",
  completed: "a completed transfer is posted",
  given: "a transfer that ended otherwise is not posted, and holds nothing",
  same: "engine and bank moved what the client asked for",
  agreed: "what is posted is what the customer saw and said yes to",
  unfundable: "a transfer of more money than there is ends refused",
  atBank: "every transfer of the bank is one of the engine",
};

export const COMMAND_RULES = {
  kept: "every acknowledged command is in the trail, where its answer said",
  once: "no command is in the trail twice, however often it was sent",
  sameAnswer: "every copy of a command got the same answer",
  asked: "no client's command is in the trail that no client sent",
  seen: "what a client saw as the end is the end",
};

/**
 * @param {Instance} instance
 * @param {object} witnesses
 * @param {Clients} witnesses.clients
 * @param {ReadonlyMap<string, BankTransfer>} witnesses.bank
 * @param {bigint} witnesses.money all that was ever paid in
 * @param {Findings} witnesses.findings
 */
export function checkTransfer(instance, { clients, bank, money, findings }) {
  const { instanceId, state, status, data, openIncidents, undone } = instance;
  const opening = clients.openings.get(instanceId);
  findings.check(TRANSFER_RULES.opened, opening !== undefined, () => `${instanceId} was opened by nobody`);
  const hasEnded = status === "completed" || status === "error";
  findings.check(
    TRANSFER_RULES.ended,
    hasEnded || openIncidents > 0,
    () => `${instanceId} is ${status} in ${state}, without an incident`,
  );
  if (opening === undefined) return;
  const transfer = bank.get(opening.transferId);
  if (hasEnded) {
    findings.check(TRANSFER_RULES.nothingLeft, undone === 0, () => `${instanceId} has ${undone} left`);
    checkEnd(instance, transfer, findings);
  }
  if (transfer === undefined) return;
  if (/** @type {bigint} */ (transfer.amount) > money) {
    const isRefused = hasEnded && state !== "complete";
    findings.check(TRANSFER_RULES.unfundable, isRefused, () => `${instanceId} is ${status} in ${state}`);
  }
  const wanted = minorUnits(opening.content.amount, transfer.currency);
  const told = minorUnits(data.amount, transfer.currency);
  const isSame =
    data.transferId === opening.transferId &&
    wanted !== undefined &&
    told === wanted &&
    transfer.amount === wanted &&
    [data.currency, transfer.currency].every((currency) => currency === opening.content.currency) &&
    [data.sourceAccount, transfer.source].every((account) => account === opening.content.sourceAccount) &&
    [data.destinationAccount, transfer.destination].every(
      (account) => account === opening.content.destinationAccount,
    );
  findings.check(
    TRANSFER_RULES.same,
    isSame,
    () =>
      `${instanceId} was to move ${opening.content.amount}; the engine says ${data.amount}, the bank ${transfer.amount}`,
  );
  if (transfer.state === "posted") {
    const asks = clients.asksOf.get(instanceId) ?? [];
    const isAgreed = asks.some(({ kind, data: said }) => kind === "update" && saysYesTo(said, transfer));
    findings.check(TRANSFER_RULES.agreed, isAgreed, () => `${instanceId} is posted without a yes to it`);
  }
}

/**
 * @param {Instance} instance
 * @param {BankTransfer | undefined} transfer
 * @param {Findings} findings
 */
function checkEnd({ instanceId, state }, transfer, findings) {
  const atBank = transfer?.state ?? "unknown";
  if (state === "complete") {
    findings.check(
      TRANSFER_RULES.completed,
      atBank === "posted",
      () => `${instanceId} is complete, at the bank it is ${atBank}`,
    );
    return;
  }
  findings.check(
    TRANSFER_RULES.given,
    atBank !== "posted" && atBank !== "held",
    () => `${instanceId} ended in ${state}, at the bank it is ${atBank}`,
  );
}

/**
 * @param {Record<string, unknown>} data
 * @param {BankTransfer} transfer
 */
function saysYesTo({ userConfirmed, confirmedAmount, confirmedPayee }, { amount, destination, currency }) {
  return (
    userConfirmed === true &&
    minorUnits(confirmedAmount, currency) === amount &&
    confirmedPayee === destination
  );
}

/**
 * @param {Instance} instance
 * @param {Clients} clients
 * @param {Findings} findings
 */
export function checkCommands({ instanceId, trail }, clients, findings) {
  /** @type {Map<string, number[]>} */
  const seqs = new Map();
  for (const { seq, entry } of trail) {
    const { actor } = JSON.parse(entry);
    if (actor !== "system") seqs.set(actor, [...(seqs.get(actor) ?? []), seq]);
  }
  for (const [key, places] of seqs) {
    findings.check(
      COMMAND_RULES.asked,
      clients.asksOf.get(instanceId)?.some((ask) => ask.key === key) === true,
      () => key,
    );
    findings.check(
      COMMAND_RULES.once,
      places.length === 1,
      () => `${key} is in entries ${places.join(", ")}`,
    );
  }
  /** @type {Map<string, number>} */
  const first = new Map();
  for (const { key, seq } of clients.answersOf.get(instanceId) ?? []) {
    findings.check(
      COMMAND_RULES.kept,
      seqs.get(key)?.includes(seq) === true,
      () => `${key} was answered with entry ${seq}, and is in ${seqs.get(key)?.join(", ") ?? "none"}`,
    );
    const told = first.get(key) ?? seq;
    first.set(key, told);
    findings.check(
      COMMAND_RULES.sameAnswer,
      told === seq,
      () => `${key} was answered with ${told} and ${seq}`,
    );
  }
}
