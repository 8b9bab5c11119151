/** Drives transfers through the command line, each run a process of its own, as a person at a terminal would. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { relative } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
export const DEFINITION = fileURLToPath(new URL("../money-transfer.json", import.meta.url));
const COMMAND_LINE = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));

/** One run may not hang: what takes longer than this is ended, and the demonstration has failed. */
const RUN_LIMIT_MS = 14_000;

/**
 * @typedef {object} Place where everything is
 * @property {string} directory
 * @property {string} engineDatabase
 * @property {string} bankDatabase
 * @property {string} instances
 *
 * @typedef {{ exitCode: number | null, stdout: string, stderr: string }} Outcome
 *
 * @typedef {object} Visit one stay in a state
 * @property {string} state
 * @property {string} enteredAt
 * @property {string} [event]
 * @property {{ actionId: string, status: string, tries: number, error?: { code: string, message: string } }[]} actions
 *
 * @typedef {object} InstanceDocument
 * @property {string} instanceId
 * @property {string} currentState
 * @property {string} status
 * @property {Record<string, unknown>} data
 * @property {Visit[]} history
 */

/** @throws {Error} when the command line has not been built */
export function requireBuild() {
  if (!existsSync(COMMAND_LINE)) {
    throw new Error(`${relative(ROOT, COMMAND_LINE)} is not there; build it first: npm run build`);
  }
}

/**
 * @param {string} path
 * @returns {string} as it is seen from the root of the repository
 */
export function shortPath(path) {
  return relative(ROOT, path);
}

/**
 * The options of `statewright run` for one transfer.
 * @param {Place} place
 * @param {string} bankUrl
 * @param {import("./story.mjs").Transfer} transfer
 * @returns {string[]}
 */
export function runOptions(place, bankUrl, transfer) {
  return [
    "run",
    shortPath(DEFINITION),
    ...["--db", `sqlite:${shortPath(place.engineDatabase)}`],
    ...["--instances", shortPath(place.instances)],
    ...["--rewrite", `http://bank.example=${bankUrl}`],
    ...["--instance", transfer.instanceId],
    ...["--data", JSON.stringify(transfer.opening)],
    ...["--event", `startTransfer=${JSON.stringify(transfer.content)}`],
    ...(transfer.answer === undefined ? [] : ["--update", JSON.stringify(transfer.answer)]),
    "--json",
  ];
}

/**
 * Runs the command line to its end.
 * @param {readonly string[]} options
 * @param {AbortSignal} signal ends it
 * @returns {Promise<Outcome>}
 */
export async function runCommandLine(options, signal) {
  const child = spawn(process.execPath, [COMMAND_LINE, ...options], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: RUN_LIMIT_MS,
    killSignal: "SIGKILL",
    signal,
  });
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { exitCode, stdout, stderr };
}

/**
 * @param {Outcome} outcome
 * @returns {InstanceDocument}
 * @throws {Error} when the run did not print an instance; what it said is in the message
 */
export function readInstance({ exitCode, stdout, stderr }) {
  try {
    const document = JSON.parse(stdout);
    if (Array.isArray(document.history)) return document;
  } catch {
    // Said below, with what the run printed.
  }
  throw new Error(`The run printed no instance (exit status ${exitCode}).\n${stdout}${stderr}`);
}
