/**
 * What a client knows for sure: a log of its own, beside the engine's database, one JSON value a line.
 *
 * Invariants:
 * 1. `write` resolves when the line is synced to disk; lines of the same turn share one sync.
 * 2. A last line that a kill has cut off does not count, and is cut away before anything is added.
 */
import { existsSync, fdatasyncSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";

/**
 * @typedef {{ kind: "opens", instanceId: string, amount: number }} Opens a transfer that the client is about to make
 * @typedef {{ kind: "asks", instanceId: string, place: number, key: string }} Asks a command that is about to be sent
 * @typedef {{ kind: "answered", instanceId: string, place: number, key: string, seq: number, isRepeated: boolean }} Answered
 * @typedef {{ kind: "over", instanceId: string }} Over the client has seen the end of the transfer
 * @typedef {Opens | Asks | Answered | Over} ClientLine
 */

/**
 * @param {string} path
 * @returns {ClientLine[]} whole lines, in the order in which they were written
 */
export function readClientLog(path) {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

/**
 * @param {string} path
 * @returns {{ write: (line: ClientLine) => Promise<void> }}
 */
export function openClientLog(path) {
  if (existsSync(path)) truncateSync(path, readFileSync(path).lastIndexOf(10) + 1);
  const file = openSync(path, "a");
  let text = "";
  /** @type {Promise<void> | undefined} */
  let syncing;
  const sync = () => {
    writeSync(file, text);
    fdatasyncSync(file);
    text = "";
    syncing = undefined;
  };
  return {
    write: (line) => {
      text += `${JSON.stringify(line)}\n`;
      syncing ??= new Promise((resolve) => setImmediate(resolve)).then(sync);
      return syncing;
    },
  };
}
