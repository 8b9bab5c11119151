// The engine of a campaign, in a process that is killed: a SQLite file, and a door on the loopback interface.
//   node engine-program.mjs '{ "engine": URL, "databasePath": …, "bankUrl": …, "plant": … }'
// The door: POST /commands `{ kind, instanceId, eventId, data, key }` is answered with 200 `{ answer, isRepeated }` or
// `{ code, message }`; POST /wait `{ instanceId, states }` with `{ state, status }` when it is in one of them, has ended or
// is suspended, and with 204 when that takes too long. Standard output: `{"listening": URL}`.
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { BANK_ORIGIN, campaignDefinition, STATE_MACHINE_ID } from "./definition.mjs";

const LONGEST_WAIT_MS = 5_000;

const { engine: address, databasePath, bankUrl, plant } = JSON.parse(process.argv[2] ?? "{}");
const { createEngine, sqlite } = await import(address);
const engine = await createEngine({
  store: sqlite(databasePath),
  definitions: [campaignDefinition(plant)],
  // The bank fails on purpose and most of the time: sparing it for seconds would leave little of the storm.
  outbound: { rewrite: [{ from: BANK_ORIGIN, to: bankUrl }], breaker: false },
});
const server = createServer((request, response) => {
  answer(request.url, request).then(
    (body) => respond(response, body === undefined ? 204 : 200, body),
    (error) => respond(response, error.code === undefined ? 500 : 409, refusal(error)),
  );
});
server.listen(0, "127.0.0.1", () => {
  const listening = /** @type {import("node:net").AddressInfo} */ (server.address());
  process.stdout.write(`${JSON.stringify({ listening: `http://127.0.0.1:${listening.port}` })}\n`);
});
process.once("SIGTERM", async () => {
  await engine.close();
  process.exit(0);
});

/**
 * @param {string | undefined} path
 * @param {import("node:http").IncomingMessage} request
 */
async function answer(path, request) {
  const body = /** @type {any} */ (await json(request));
  return path === "/wait" ? wait(body) : command(body);
}

/**
 * The key also stands in the trail, as the actor, so that each entry can be traced to what was asked.
 * @param {{ kind: "start" | "event" | "update", instanceId: string, eventId?: string, data: object, key: string }} command
 */
function command({ kind, instanceId, eventId, data, key }) {
  const shared = { data, actor: key, idempotencyKey: key };
  if (kind === "start") return engine.start(STATE_MACHINE_ID, { instanceId, ...shared });
  return engine.send(instanceId, kind === "event" ? eventId : undefined, shared);
}

/** @param {{ instanceId: string, states: readonly string[] }} condition */
async function wait({ instanceId, states }) {
  /** @param {import("../../../src/core/model/snapshot.js").Snapshot} snapshot */
  const isThere = ({ status, tokens }) =>
    status !== "active" ||
    tokens.some(({ stateId, phase }) => phase === "settled" && states.includes(stateId));
  const snapshot = await engine.waitUntil(instanceId, isThere, LONGEST_WAIT_MS);
  if (snapshot === undefined) return undefined;
  const { currentState, status } = await engine.get(instanceId);
  return { state: currentState, status: snapshot.status, shown: status };
}

/** @param {{ code?: string, message: string, stack?: string }} error */
function refusal({ code, message, stack }) {
  if (code === undefined) process.stderr.write(`${stack}\n`);
  return { code: code ?? "BROKEN", message };
}

/**
 * @param {import("node:http").ServerResponse} response
 * @param {number} status
 * @param {unknown} body
 */
function respond(response, status, body) {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
