/** Who is in the story, and the four transfers that it tells. */
import { randomUUID } from "node:crypto";

export const ADA = "ADA00000001";
export const BEN = "BEN00000001";

export const ACCOUNTS = [
  { accountId: ADA, customerId: "ada", currency: "USD", balance: "1000.00", dailyLimit: "20000.00" },
  { accountId: BEN, customerId: "ben", currency: "USD", balance: "50.00" },
];

/**
 * @typedef {object} Transfer
 * @property {string} instanceId
 * @property {string} title
 * @property {{ transferId: string, timestamp: string, clientReference: string }} opening
 * @property {Record<string, unknown>} content what the event startTransfer brings
 * @property {Record<string, unknown> | undefined} answer the customer's, once the transfer is verified
 * @property {Promised} promised
 *
 * @typedef {object} Promised how it must end
 * @property {number} exitCode
 * @property {readonly string[]} path states, without those that only route
 * @property {"completed" | "error"} status
 * @property {Record<string, unknown>} data properties that the instance must have
 * @property {{ ada: string, ben: string }} balances
 */

/** @returns {{ completes: Transfer, refused: Transfer, rejected: Transfer, survives: Transfer }} */
export function fourTransfers() {
  return {
    completes: transfer(1, "Ada pays Ben 250.00 and everything goes well", "250.00", true, {
      exitCode: 0,
      path: ["init", "verify", "confirm", "reserve", "process", "receipt", "complete"],
      status: "completed",
      data: { status: "success" },
      balances: { ada: "750.00", ben: "300.00" },
    }),
    refused: transfer(2, "Ada wants to pay 9000.00, which she does not have", "9000.00", undefined, {
      exitCode: 1,
      path: ["init", "verify", "verification_failed"],
      status: "error",
      data: { errorCode: "INSUFFICIENT_FUNDS" },
      balances: { ada: "750.00", ben: "300.00" },
    }),
    rejected: transfer(3, "Ada is asked to confirm 100.00 and says no", "100.00", false, {
      exitCode: 0,
      path: ["init", "verify", "confirm", "rejected"],
      status: "completed",
      data: { rejectionReason: "user" },
      balances: { ada: "750.00", ben: "300.00" },
    }),
    survives: transfer(
      4,
      "Ada pays Ben 300.00 and the bank dies in the middle of the posting",
      "300.00",
      true,
      {
        exitCode: 0,
        path: ["init", "verify", "confirm", "reserve", "process", "receipt", "complete"],
        status: "completed",
        data: { status: "success", postAttempts: 1 },
        balances: { ada: "450.00", ben: "600.00" },
      },
    ),
  };
}

/**
 * @param {number} number
 * @param {string} title
 * @param {string} amount
 * @param {boolean | undefined} yes the customer's answer; undefined where it is not asked for
 * @param {Promised} promised
 * @returns {Transfer}
 */
function transfer(number, title, amount, yes, promised) {
  const now = new Date().toISOString();
  const answer = { userConfirmed: yes, confirmationTimestamp: now, userId: "ada" };
  const seen = { confirmedAmount: amount, confirmedPayee: BEN };
  return {
    instanceId: `transfer-${number}`,
    title,
    opening: { transferId: randomUUID(), timestamp: now, clientReference: `Example ${number}` },
    content: { customerId: "ada", amount, currency: "USD", sourceAccount: ADA, destinationAccount: BEN },
    answer: yes === undefined ? undefined : yes ? { ...answer, ...seen } : answer,
    promised,
  };
}
