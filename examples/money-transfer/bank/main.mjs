// Runs the bank: node main.mjs --db PATH [--port N] [--fault NAME]…  Prints {"listening":"http://127.0.0.1:PORT"} when
// it is ready; SIGTERM and SIGINT end it.
import { parseArgs } from "node:util";
import { startBank } from "./server.mjs";

const { values } = parseArgs({
  options: { db: { type: "string" }, port: { type: "string" }, fault: { type: "string", multiple: true } },
});
const port = Number(values.port ?? "0");
if (values.db === undefined || !Number.isInteger(port) || port < 0 || port > 65_535) {
  process.stderr.write("usage: node main.mjs --db PATH [--port 0-65535] [--fault NAME]...\n");
  process.exit(2);
}
const bank = await startBank({ databasePath: values.db, port, faults: values.fault ?? [] });
process.stdout.write(`${JSON.stringify({ listening: bank.url })}\n`);
for (const signal of ["SIGTERM", "SIGINT"]) {
  process.once(signal, () => {
    bank.close().then(() => process.exit(0));
  });
}
