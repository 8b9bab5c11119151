// The process that the crash campaigns kill: an engine on a SQLite file and a client of it, both as somebody would
// use them. SIGTERM drains and ends it with 0.
//   [CRASH_AT=POINT:COUNT] node transfer-program.mjs '{ "engine": …, "directory": …, "bankUrl": …, "atOnce": …, "total": … }'
// Standard output: a line `ready` when the engine is there, a line `answered` for every answer in the log, and a line
// `refused CODE` for a command that came after SIGTERM.
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { openClientLog } from "./client-log.mjs";
import { crashingFaults, markingFaults } from "./crashing-faults.mjs";
import { EndUnseenError, runTransfers } from "./transfer-client.mjs";
import { BANK_ORIGIN, DEFINITIONS, STATE_MACHINE_ID } from "./transfer-definition.mjs";

const settings = JSON.parse(process.argv[2] ?? "{}");
const { createEngine, sqlite } = await import(settings.engine);
const faults = markingFaults(join(settings.directory, "commit.mark"), crashingFaults(process.env.CRASH_AT));
const logPath = join(settings.directory, "client.log");

const engine = await createEngine({
  store: sqlite(join(settings.directory, "state.db"), { faults }),
  definitions: DEFINITIONS,
  // A bank that is slow, because the machine is, must be asked all the same: a trip gives up after one try.
  outbound: { rewrite: [{ from: BANK_ORIGIN, to: settings.bankUrl }], breaker: false },
  faults,
});
let isStopping = false;
process.once("SIGTERM", async () => {
  isStopping = true;
  const closed = engine.close({ graceMs: settings.graceMs });
  await engine.start(STATE_MACHINE_ID).catch(({ code }) => say(`refused ${code}`));
  await closed;
  process.exit(0);
});
say("ready");
try {
  await runTransfers({
    engine,
    logPath,
    log: openClientLog(logPath),
    atOnce: settings.atOnce,
    total: settings.total,
    onAnswer: () => say("answered"),
  });
  await emptyOutbox();
  await engine.close();
} catch (error) {
  // A client that is refused or left waiting after the signal asks again when the engine is back.
  const isTurnedAway = error?.code === "ENGINE_STOPPED" || error instanceof EndUnseenError;
  if (!isStopping || !isTurnedAway) throw error;
}

/**
 * Until all that came of the transfers is there and over, and nothing is asked of anybody any more. Notices are no commits
 * of an instance, so nobody tells of them.
 */
async function emptyOutbox() {
  while (!(await isQuiet())) await delay(10);
}

async function isQuiet() {
  const rows = await engine.list({ limit: 1_000_000 });
  const transfers = rows.filter(({ stateMachineId }) => stateMachineId === STATE_MACHINE_ID).length;
  if (rows.length < transfers * DEFINITIONS.length) return false;
  if (rows.some(({ status }) => status === "active" || status === "suspended")) return false;
  for (const { instanceId } of rows) {
    if ((await engine.pending(instanceId)).effects.length > 0) return false;
  }
  return true;
}

/** @param {string} line */
function say(line) {
  process.stdout.write(`${line}\n`);
}
