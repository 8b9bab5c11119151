/**
 * Runs every benchmark, each in a process of its own, and tells the ratios beside the goals.
 *
 *     npm run bench -- [--quick] [--document] [--out DIR]
 *
 * Writes latest.json and latest.txt to bench/results/ (or DIR). --document also keeps the run as
 * docs/internals/benchmarks.md. --quick shows that the benchmarks work; its numbers mean nothing. A goal that is not
 * reached does not fail the run; a benchmark that cannot be measured does.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { load, machineFacts } from "./machine-facts.mjs";
import { describeReport, reportPage } from "./report.mjs";

const BENCHES = ["step", "durable", "latency", "start"];
const fromHere = (path) => fileURLToPath(new URL(path, import.meta.url));

const { values: options } = parseArgs({
  options: { quick: { type: "boolean" }, document: { type: "boolean" }, out: { type: "string" } },
});
if (options.quick && options.document) {
  console.error("A quick run is no measurement, so it is not kept. Run: npm run bench -- --document");
  process.exit(2);
}

const machine = { ...machineFacts(), loadBefore: load() };
const benches = BENCHES.map(measure);
const report = {
  format: 1,
  at: new Date().toISOString(),
  mode: options.quick ? "quick" : "full",
  machine: { ...machine, loadAfter: load() },
  benches,
};

const directory = options.out ?? fromHere("results");
mkdirSync(directory, { recursive: true });
writeFileSync(join(directory, "latest.json"), `${JSON.stringify(report, null, 2)}\n`);
writeFileSync(join(directory, "latest.txt"), `${describeReport(report)}\n`);
if (options.document) writeFileSync(fromHere("../docs/internals/benchmarks.md"), reportPage(report));
console.log(describeReport(report));

/** In a process of its own, so that no benchmark runs on another's compiled code or garbage. */
function measure(name) {
  const words = [fromHere(`${name}.mjs`), "--json", ...(options.quick ? ["--quick"] : [])];
  const output = execFileSync(process.execPath, words, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(output);
}
