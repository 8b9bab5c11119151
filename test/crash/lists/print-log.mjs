/**
 * What the printer was asked, beside the engine's database: one JSON value a line, synced before the printer answers. A
 * last line that a kill has cut off does not count.
 */
import { existsSync, fdatasyncSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";

/** @typedef {{ sheet: number, key: string, instanceId: string }} Print */

/**
 * @param {string} path
 * @returns {Print[]}
 */
export function readPrints(path) {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

/**
 * @param {string} path
 * @returns {(print: Print) => void}
 */
export function openPrintLog(path) {
  if (existsSync(path)) truncateSync(path, readFileSync(path).lastIndexOf(10) + 1);
  const file = openSync(path, "a");
  return (print) => {
    writeSync(file, `${JSON.stringify(print)}\n`);
    fdatasyncSync(file);
  };
}
