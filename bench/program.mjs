/** Lets each benchmark be started by itself: prints its part of the report, or one JSON value with --json. */
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describeBench } from "./report.mjs";

/**
 * Runs the benchmark when its module is what node was started with; does nothing when it is imported.
 *
 * @param {string} moduleUrl
 * @param {(options: { isQuick: boolean }) => Promise<object>} measure
 */
export async function runAsProgram(moduleUrl, measure) {
  const started = process.argv[1];
  if (started === undefined || realpathSync(started) !== fileURLToPath(moduleUrl)) return;
  const words = process.argv.slice(2);
  const result = await measure({ isQuick: words.includes("--quick") });
  console.log(words.includes("--json") ? JSON.stringify(result) : describeBench(result));
}
