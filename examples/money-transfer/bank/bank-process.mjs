/** Runs the bank in a process of its own, which can die and be started again on the same port. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("./main.mjs", import.meta.url));

/**
 * @typedef {object} BankProcess
 * @property {string} url
 * @property {number} port
 * @property {Promise<{ code: number | null, signal: string | null }>} exited
 * @property {() => Promise<void>} stop ends it and waits until it is gone; harmless when it is gone already
 */

/**
 * Starts a bank process and waits until it listens.
 * @param {{ databasePath: string, port?: number, faults?: readonly string[] }} settings
 * @returns {Promise<BankProcess>}
 * @throws {Error} when it ends before it listens
 */
export async function startBankProcess({ databasePath, port = 0, faults = [] }) {
  const options = [
    "--db",
    databasePath,
    "--port",
    String(port),
    ...faults.flatMap((fault) => ["--fault", fault]),
  ];
  const child = spawn(process.execPath, [MAIN, ...options], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit").then(([code, signal]) => ({ code, signal }));
  const ready = once(createInterface({ input: child.stdout }), "line").then(
    ([line]) => JSON.parse(line).listening,
  );
  const url = await Promise.race([ready, exited.then(({ code }) => failedToStart(code))]);
  return {
    url,
    port: Number(new URL(url).port),
    exited,
    stop: async () => {
      child.kill("SIGTERM");
      await exited;
    },
  };
}

/**
 * @param {number | null} code
 * @returns {never}
 */
function failedToStart(code) {
  throw new Error(`The bank ended with status ${code} before it listened; its message is on stderr.`);
}
