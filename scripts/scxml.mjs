// Runs the suites of SCXML and prints the counts by group and cause: `npm run scxml`. With `-- --update` the ledger is
// written anew by what the run says; with `-- --show` every case that does not pass says why.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const { update, show } = given();
const env = { ...process.env, SCXML_LEDGER: update ? "update" : show ? "show" : "counts" };

const child = spawn(
  process.execPath,
  [
    `${root}node_modules/vitest/vitest.mjs`,
    "run",
    "test/scxml/",
    "--reporter=dot",
    "--disableConsoleIntercept=true",
  ],
  { cwd: root, env, stdio: "inherit" },
);
child.once("close", (exitCode) => {
  process.exitCode = exitCode ?? 1;
});

function given() {
  try {
    return parseArgs({ options: { update: { type: "boolean" }, show: { type: "boolean" } } }).values;
  } catch (error) {
    console.error(`${error.message}\nUsage: npm run scxml -- [--update] [--show]`);
    return process.exit(2);
  }
}
