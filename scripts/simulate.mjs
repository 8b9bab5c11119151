// Runs the deterministic simulation: `npm run simulate -- --seeds N [--from S] [--seconds T]`, or `--seed S` for one run
// alone; `--store sqlite` on a real database file. Fails when a run does, or when too little was done. The runs are the tests under test/simulation; this only says which seeds.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const HALVES = ["test/simulation/even-seeds", "test/simulation/odd-seeds"];
const SETTINGS = {
  seeds: "SIM_SEEDS",
  from: "SIM_FROM",
  seconds: "SIM_SECONDS",
  seed: "SIM_SEED",
  store: "SIM_STORE",
};

const env = { ...process.env };
for (const [name, text] of Object.entries(given())) {
  if (name === "store") {
    if (text !== "memory" && text !== "sqlite") fail(`--store is memory or sqlite, not "${text}".`);
  } else if (!/^\d+$/.test(text)) fail(`--${name} takes a whole number from 0, not "${text}".`);
  env[SETTINGS[name]] = text;
}

const child = spawn(
  process.execPath,
  [`${root}node_modules/vitest/vitest.mjs`, "run", "--maxWorkers=2", ...HALVES],
  { cwd: root, env, stdio: "inherit" },
);
child.once("close", (exitCode) => {
  process.exitCode = exitCode ?? 1;
});

function given() {
  const options = Object.fromEntries(Object.keys(SETTINGS).map((name) => [name, { type: "string" }]));
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return fail(error.message);
  }
}

function fail(message) {
  console.error(
    `${message}\nUsage: npm run simulate -- [--seeds N] [--from S] [--seconds T] [--seed S] [--store sqlite]`,
  );
  process.exit(2);
}
