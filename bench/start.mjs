/**
 * Cold start of the command line, as whole processes: from the start of node to the end of the process.
 *
 *     node bench/start.mjs [--quick] [--json]
 *
 * Files are in the cache of the file system after the warm-up; the process is what is cold.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtFile } from "./built-engine.mjs";
import { runAsProgram } from "./program.mjs";
import { judged, measureOf, median, ratioOf, runRounds } from "./rounds.mjs";
import { transferDefinition } from "./transfer.mjs";

export async function measureStart({ isQuick }) {
  const settings = isQuick ? { rounds: 2, warmUpRounds: 0 } : { rounds: 15, warmUpRounds: 2 };
  const directory = mkdtempSync(join(tmpdir(), "statewright-bench-"));
  try {
    const file = join(directory, "transfer.json");
    writeFileSync(file, JSON.stringify(transferDefinition({ hasSchemas: true }), null, 2));
    const cli = builtFile("cli/main.js");
    const contenders = [
      { id: "validate", what: "statewright validate, a file of five states", words: [cli, "validate", file] },
      { id: "version", what: "statewright --version", words: [cli, "--version"] },
      { id: "node", what: "node -e 0", words: ["-e", "0"] },
    ];
    const values = await runRounds(
      contenders.map(({ id, words }) => ({ id, run: () => wholeProcessMs(words) })),
      settings,
    );
    return {
      bench: "start",
      title: "Cold start of the command line",
      settings,
      measures: contenders.map(({ id, what }) => measureOf({ id, what, unit: "ms" }, values.get(id))),
      ratios: [
        judged(
          { id: "validateMs", what: "validate of a small file", goal: { atMost: 150 } },
          median(values.get("validate")),
          "ms",
        ),
        ratioOf(
          { id: "validateToNode", what: "validate / node -e 0" },
          values.get("validate"),
          values.get("node"),
        ),
        ratioOf(
          { id: "versionToNode", what: "--version / node -e 0" },
          values.get("version"),
          values.get("node"),
        ),
      ],
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function wholeProcessMs(words) {
  const startedAt = process.hrtime.bigint();
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
  const tookMs = Number(process.hrtime.bigint() - startedAt) / 1e6;
  if (status !== 0) throw new Error(`${words.join(" ")} ended with ${status}.\n${stdout}${stderr}`);
  return tookMs;
}

await runAsProgram(import.meta.url, measureStart);
