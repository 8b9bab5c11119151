// Everything that must hold before a change is shared, one line a step with its time; the first failure shows its
// output and ends the run. `node scripts/verify.mjs layers types` runs the named steps only, in their usual order.
import { spawn } from "node:child_process";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What is quick and fails often comes first. The tests read dist/, hence the build before them. */
const STEPS = [
  { name: "format", command: ["biome", "format", "."] },
  { name: "lint", command: ["biome", "check", "--formatter-enabled=false", "."] },
  { name: "types", command: ["tsc", "--noEmit"] },
  { name: "layers", command: ["depcruise", "--config", ".dependency-cruiser.cjs", "src"] },
  { name: "unused", command: ["knip", "--no-progress"] },
  { name: "build", command: ["node", "scripts/build.mjs"] },
  { name: "tests", command: ["vitest", "run"] },
  { name: "package", command: ["node", "scripts/check-package.mjs"] },
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !STEPS.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(
    `There is no step "${unknown.join('", "')}". Steps: ${STEPS.map(({ name }) => name).join(", ")}.`,
  );
  process.exit(2);
}

const startedAtMs = performance.now();
for (const step of STEPS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const stepAtMs = performance.now();
  const { exitCode, output } = await run(step.command);
  report(step.name, stepAtMs, exitCode === 0 ? "" : "  failed");
  if (exitCode !== 0) {
    console.error(`\n${step.command.join(" ")}\n${output}`);
    process.exit(1);
  }
}
report("all", startedAtMs, "");

/** Both streams in one, because only their order tells which message belongs to what. */
function run([program, ...args]) {
  const isNode = program === "node";
  const file = isNode ? process.execPath : `${root}node_modules/.bin/${program}`;
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    const chunks = [];
    child.stdout.on("data", (chunk) => chunks.push(chunk));
    child.stderr.on("data", (chunk) => chunks.push(chunk));
    child.once("error", (error) => resolve({ exitCode: 1, output: `${error.message}. Run: npm ci` }));
    child.once("close", (exitCode) => resolve({ exitCode, output: Buffer.concat(chunks).toString("utf8") }));
  });
}

function report(name, sinceMs, ending) {
  const seconds = ((performance.now() - sinceMs) / 1000).toFixed(1);
  console.log(`${name.padEnd(8)} ${seconds.padStart(6)} s${ending}`);
}
