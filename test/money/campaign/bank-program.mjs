// The bank of a campaign, in a process that is killed: the example's bank with weather around it, and perhaps a mistake.
//   node bank-program.mjs '{ "databasePath": …, "callsPath": …, "port": …, "seed": …, "hasWeather": …, "plant": … }'
// Standard output: `{"listening": URL}`, then a line for each piece of weather.
import { setTimeout as delay } from "node:timers/promises";
import { startBank } from "../../../examples/money-transfer/bank/server.mjs";
import { callLog } from "./call-log.mjs";
import { drawFrom } from "./draw.mjs";
import { loosenLedger, plantedMistake } from "./planted-bank.mjs";
import { badWeather } from "./weather.mjs";

const TRIES = 100;
const { databasePath, callsPath, port, seed, hasWeather, plant } = JSON.parse(process.argv[2] ?? "{}");
const mistake = plantedMistake(plant);
const weather = badWeather({ draw: drawFrom(seed), tell: say });

const log = callLog(callsPath);

if (plant !== undefined) loosenLedger(databasePath);
const bank = await start(TRIES);
say({ listening: bank.url });
process.once("SIGTERM", () => bank.close().then(() => process.exit(0)));

/**
 * The port was this bank's before, and a connection of somebody else may have it for a moment.
 * @param {number} triesLeft
 * @returns {ReturnType<typeof startBank>}
 */
async function start(triesLeft) {
  try {
    return await startBank({
      databasePath,
      port,
      around: (call, next) => {
        /** @type {typeof next} */
        const mistaken = (weathered) => mistake(weathered, next);
        return log(call, (logged) => (hasWeather ? weather(logged, mistaken) : mistaken(logged)));
      },
    });
  } catch (error) {
    if (error.code !== "EADDRINUSE" || triesLeft === 0) throw error;
    await delay(100);
    return start(triesLeft - 1);
  }
}

/** @param {object} line */
function say(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
