// Kills real processes under load: `npm run crash -- [--kills N] [--seconds T] [--seed S]`; N are the kills amid work (500),
// T ends it earlier. Fails when something is lost or doubled, or when too little was hit. The campaign is
// test/crash/random-kills.test.ts; this only says how many.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const CAMPAIGN = "test/crash/random-kills.test.ts";
const SETTINGS = { kills: "CRASH_KILLS", seconds: "CRASH_SECONDS", seed: "CRASH_SEED" };
const DEFAULT_KILLS = "500";

const numbers = given();
if (numbers.kills === undefined && numbers.seconds === undefined) numbers.kills = DEFAULT_KILLS;
const env = { ...process.env };
for (const [name, variable] of Object.entries(SETTINGS)) {
  delete env[variable];
  if (numbers[name] === undefined) continue;
  const least = name === "seed" ? 0 : 1;
  if (!/^\d+$/.test(numbers[name]) || Number(numbers[name]) < least)
    fail(`--${name} takes a whole number from ${least}, not "${numbers[name]}".`);
  env[variable] = numbers[name];
}

const child = spawn(process.execPath, [`${root}node_modules/vitest/vitest.mjs`, "run", CAMPAIGN], {
  cwd: root,
  env,
  stdio: "inherit",
});
child.once("close", (exitCode) => {
  process.exitCode = exitCode ?? 1;
});

function given() {
  const options = Object.fromEntries(Object.keys(SETTINGS).map((name) => [name, { type: "string" }]));
  try {
    return { ...parseArgs({ options }).values };
  } catch (error) {
    return fail(error.message);
  }
}

function fail(message) {
  console.error(`${message}\nUsage: npm run crash -- [--kills N] [--seconds T] [--seed S]`);
  process.exit(2);
}
