/**
 * The bank as an HTTP server on the loopback interface. One process, one ledger; every request that changes
 * something is one synced transaction, answered after its commit.
 */
import { createServer } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { BankError } from "./bank-error.mjs";
import { CutOff } from "./cut-off.mjs";
import { parseFaults } from "./faults.mjs";
import { readJsonBody } from "./json-body.mjs";
import { openDatabase } from "./ledger/database.mjs";
import { answerCall } from "./routes.mjs";

/**
 * @typedef {object} BankSettings
 * @property {string} databasePath
 * @property {number} [port] 0 (the default) takes a free one
 * @property {readonly string[]} [faults] see faults.mjs
 * @property {() => Date} [clock]
 * @property {Around} [around] stands around every call, for tests: bad weather, planted mistakes
 *
 * @typedef {import("./routes.mjs").Call} Call
 * @typedef {import("./ledger/idempotency.mjs").Answer} Answer
 * @typedef {(call: Call, next: (call: Call) => Promise<Answer>) => Promise<Answer>} Around what it throws is answered as
 *   the bank's own errors are; `CutOff` cuts the connection
 *
 * @typedef {object} Bank
 * @property {string} url for example "http://127.0.0.1:40123"
 * @property {() => Promise<void>} close
 */

/**
 * Starts a bank.
 * @param {BankSettings} settings
 * @returns {Promise<Bank>}
 */
export async function startBank({ databasePath, port = 0, faults = [], clock = () => new Date(), around }) {
  const plan = parseFaults(faults);
  const database = openDatabase(databasePath);
  const closing = new AbortController();
  /** @param {number} delayMs */
  const pause = (delayMs) => delay(delayMs, undefined, { signal: closing.signal }).catch(() => {});
  const server = createServer((request, response) => {
    readCall(request, { database, faults: plan, pause, now: clock().toISOString() })
      .then((call) => (around === undefined ? answerCall(call) : around(call, answerCall)))
      .catch(toAnswer)
      .then((answer) => {
        if (answer === undefined) return request.socket.resetAndDestroy();
        const { status, body } = answer;
        response.writeHead(status, {
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
        });
        response.end(body);
      });
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(undefined));
  }).catch((error) => {
    database.close();
    throw error;
  });
  const address = server.address();
  if (address === null || typeof address === "string")
    throw new Error("The bank does not listen on a TCP port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      closing.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      await closed;
      database.close();
    },
  };
}

/**
 * @param {import("node:http").IncomingMessage} request
 * @param {Pick<Call, "database" | "faults" | "pause" | "now">} surroundings
 * @returns {Promise<Call>}
 */
async function readCall(request, surroundings) {
  const key = request.headers["idempotency-key"];
  return {
    ...surroundings,
    method: request.method ?? "GET",
    path: (request.url ?? "/").split("?")[0] ?? "/",
    id: "",
    key: typeof key === "string" && key !== "" ? key : undefined,
    body: await readJsonBody(request),
  };
}

/**
 * @param {unknown} error
 * @returns {Answer | undefined} nothing where the connection is cut instead
 */
function toAnswer(error) {
  if (error instanceof CutOff) return undefined;
  if (error instanceof BankError) return error.toAnswer();
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return new BankError(500, "INTERNAL", "The bank could not do this; its log says why.").toAnswer();
}
