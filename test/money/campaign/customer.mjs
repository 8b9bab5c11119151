/**
 * The customer of one transfer: opens it, starts it, answers when asked, and waits for its end. Each command is sent 1 to
 * 5 times under its key, by clients drawn for each copy: most at once, some after the first answer is there, some amid
 * whatever comes next.
 */
import { STATE_MACHINE_ID } from "./definition.mjs";
import { drawFrom } from "./draw.mjs";

const MOST_COPIES = 5;
const WHEN = "2026-03-01T10:00:00Z";

/**
 * @typedef {import("./client.mjs").Client} Client
 * @typedef {import("./client.mjs").Command} Command
 * @typedef {{ copies: number, answeredAgain: number }} Sent
 */

/**
 * Resolves when the transfer has ended, is suspended or seems stuck, and every copy is answered.
 * @param {{ clients: readonly Client[], transfer: import("./workload.mjs").Transfer, seed: string, sent: Sent }} settings
 */
export async function makeTransfer({ clients, transfer, seed, sent }) {
  const { instanceId, transferId, content, sort, attitude, number } = transfer;
  const draw = drawFrom(`${seed}/customer/${number}`);
  const anyone = () => clientAt(clients, draw(clients.length));
  /** @type {Promise<void>[]} */
  const copies = [];
  /** @param {Omit<Command, "instanceId" | "key"> & { name: string }} command */
  const command = async ({ name, ...rest }) => {
    const whole = { ...rest, instanceId, key: `${instanceId}#${name}` };
    const send = async () => {
      const { isRepeated } = await anyone().send(whole);
      sent.copies += 1;
      if (isRepeated) sent.answeredAgain += 1;
    };
    const more = draw(MOST_COPIES);
    const atOnce = draw(more + 1);
    const first = send();
    for (let copy = 0; copy < more; copy += 1) copies.push(copy < atOnce ? send() : first.then(send));
    // A failure of a copy is reported at the end, with that of the others.
    for (const copy of copies) copy.catch(() => {});
    await first;
  };

  await anyone().note({
    line: "opens",
    stateMachineId: STATE_MACHINE_ID,
    instanceId,
    transferId,
    sort,
    content,
  });
  await command({ name: "start", kind: "start", data: { transferId, timestamp: WHEN } });
  await command({ name: "startTransfer", kind: "event", eventId: "startTransfer", data: { ...content } });
  let seen = await anyone().wait(instanceId, ["confirm"]);
  if (seen?.state === "confirm") {
    for (const answer of answersOf(attitude, content))
      await command({ ...answer, kind: "update", data: { ...answer.data, confirmationTimestamp: WHEN } });
    seen = await anyone().wait(instanceId, []);
  }
  await Promise.all(copies);
  if (seen !== undefined)
    await anyone().note({ line: "over", instanceId, state: seen.state, status: seen.status });
}

/**
 * A mistaken yes repeats an amount that the customer never saw; it must move nothing.
 * @param {import("./workload.mjs").Attitude} attitude
 * @param {import("./workload.mjs").Content} content
 * @returns {{ name: string, data: Record<string, unknown> }[]}
 */
function answersOf(attitude, { customerId, amount, destinationAccount }) {
  /** @param {string} confirmedAmount */
  const yes = (confirmedAmount) => ({
    userConfirmed: true,
    userId: customerId,
    confirmedAmount,
    confirmedPayee: destinationAccount,
  });
  if (attitude === "refuses") return [{ name: "no", data: { userConfirmed: false, userId: customerId } }];
  const right = { name: "yes", data: yes(amount) };
  return attitude === "pays" ? [right] : [{ name: "mistake", data: yes(`9${amount}`) }, right];
}

/**
 * @param {readonly Client[]} clients
 * @param {number} index
 */
function clientAt(clients, index) {
  const client = clients[index];
  if (client === undefined) throw new Error("A campaign has clients.");
  return client;
}
