// The process that is killed while it runs one list, each item an instance of its own. It ends with 0 when the list is
// over and nobody has anything to send any more.
//   node list-program.mjs '{ "engine": …, "directory": …, "instanceId": …, "sheets": … }'
// Standard output: a line `answered` for every sheet that was printed or has jammed.
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { jams, LIST_DEFINITION, LIST_MACHINE_ID, SHEET_DEFINITION, stampOf } from "./print-definitions.mjs";
import { openPrintLog } from "./print-log.mjs";

const { engine: library, directory, instanceId, sheets } = JSON.parse(process.argv[2] ?? "{}");
const { createEngine, sqlite } = await import(library);
const log = openPrintLog(join(directory, "prints.log"));

const engine = await createEngine({
  store: sqlite(join(directory, "state.db")),
  definitions: [LIST_DEFINITION, SHEET_DEFINITION],
  functions: { print },
});
engine.watch(({ snapshot }) => {
  if (snapshot.parent !== undefined && ["completed", "error"].includes(snapshot.status)) say("answered");
});
const data = { sheets: Array.from({ length: sheets }, (_, sheet) => sheet) };
await engine.start(LIST_MACHINE_ID, { instanceId, data, idempotencyKey: "start" });
await engine.waitFor(instanceId, { status: "completed", timeoutMs: Number.POSITIVE_INFINITY });
for (const each of await engine.list({ limit: 1_000_000 })) {
  while ((await engine.pending(each.instanceId)).effects.length > 0) await delay(10);
}
await engine.close();

/** @param {{ data: { sheet: number }, idempotencyKey: string, instanceId: string }} asked */
async function print({ data: { sheet }, idempotencyKey, instanceId: child }) {
  log({ sheet, key: idempotencyKey, instanceId: child });
  // A sheet takes its time, so that kills fall into calls whose end nobody hears.
  await delay(5);
  if (jams(sheet)) throw Object.assign(new Error("The printer has jammed."), { code: "JAMMED" });
  return { stamp: stampOf(sheet) };
}

/** @param {string} line */
function say(line) {
  process.stdout.write(`${line}\n`);
}
