/**
 * Bad weather around a bank: requests that are slow, late, refused, cut off, applied without an answer, applied twice.
 *
 * - `refused`: 503, nothing is applied. `refused-after`: applied, and then 503 all the same.
 * - `cut-before`, `cut-after`: the connection is reset, before or after it was applied.
 * - `slow`: applied after a moment, and answered in time.
 * - `late`: applied only when the caller has given up; more often for what is sent at most once, which then has been asked about.
 * - `hangs-after`: applied at once, and answered only when the caller has given up.
 * - `twice`: arrives twice at the same time, as a proxy that tries again does it.
 * - `stubborn`: some transfers are refused with 503 whenever they are to be posted, so that their holds must be given back.
 *
 * Invariants:
 * 1. Only calls about transfers, and questions about such calls, have weather; accounts and notices have none.
 * 2. Each piece of weather is told when it is over, with what the bank had answered: what was applied is known.
 */
import { setTimeout as delay } from "node:timers/promises";
import { BankError } from "../../../examples/money-transfer/bank/bank-error.mjs";
import { CutOff } from "../../../examples/money-transfer/bank/cut-off.mjs";
import { PATIENCE_MS } from "./definition.mjs";

/**
 * @typedef {import("../../../examples/money-transfer/bank/server.mjs").Around} Around
 * @typedef {import("../../../examples/money-transfer/bank/server.mjs").Answer} Answer
 * @typedef {{ weather: string, step: string, isApplied: boolean }} Told
 */

/** In a thousand calls. */
const RATES = /** @type {const} */ ([
  ["refused", 35],
  ["refused-after", 10],
  ["cut-before", 10],
  ["cut-after", 30],
  ["slow", 60],
  ["late", 15],
  ["hangs-after", 25],
  ["twice", 40],
]);

/** In a thousand calls of those that are sent at most once. */
const LATE_RATE = 60;
const SENT_ONCE = new Set(["post", "void"]);

/** One in fifty, by the end of its number. */
const STUBBORN = /[37]0\/post$/;
const CALL = /^\/(?:transfers|requests)\/[^/]+(?:\/([a-z]+))?$/;

/**
 * @param {{ draw: (bound: number) => number, tell: (told: Told) => void }} surroundings
 * @returns {Around}
 */
export function badWeather({ draw, tell }) {
  return async (call, next) => {
    const match = CALL.exec(call.path);
    if (match === null) return next(call);
    const step = match[1] ?? "ask";
    if (isRepeated(call)) tell({ weather: "repeat", step, isApplied: true });
    const weather = weatherOf(step, call.path, draw);
    if (weather === undefined) return next(call);
    /** @type {Answer | undefined} */
    let answer;
    try {
      return await inWeather(weather, draw, async () => {
        answer = await next(call);
        return answer;
      });
    } finally {
      tell({ weather, step, isApplied: answer !== undefined && answer.status < 400 });
    }
  };
}

/**
 * @param {string} step
 * @param {string} path
 * @param {(bound: number) => number} draw
 */
function weatherOf(step, path, draw) {
  if (step === "post" && STUBBORN.test(path)) return "stubborn";
  if (SENT_ONCE.has(step) && draw(1_000) < LATE_RATE) return "late";
  const place = draw(1_000);
  let bound = 0;
  for (const [weather, rate] of RATES) {
    bound += rate;
    if (place < bound) return weather;
  }
  return undefined;
}

/**
 * @param {(typeof RATES)[number][0] | "stubborn"} weather
 * @param {(bound: number) => number} draw
 * @param {() => Promise<Answer>} apply
 * @returns {Promise<Answer>}
 */
async function inWeather(weather, draw, apply) {
  switch (weather) {
    case "refused":
    case "stubborn":
      throw unavailable();
    case "refused-after":
      await apply();
      throw unavailable();
    case "cut-before":
      throw new CutOff();
    case "cut-after":
      await apply();
      throw new CutOff();
    case "slow":
      await delay(20 + draw(PATIENCE_MS / 4));
      return apply();
    case "late":
      await delay(PATIENCE_MS + draw(PATIENCE_MS / 2));
      return apply();
    case "hangs-after": {
      const answer = await apply();
      await delay(PATIENCE_MS + draw(PATIENCE_MS / 2));
      return answer;
    }
    case "twice":
      return (await Promise.all([apply(), apply()]))[1];
  }
}

/** @param {import("../../../examples/money-transfer/bank/server.mjs").Call} call */
function isRepeated({ database, key }) {
  return (
    key !== undefined &&
    database.prepare("select 1 as yes from answers where key = ?").get([key]) !== undefined
  );
}

function unavailable() {
  return new BankError(503, "BANK_BUSY", "The bank is busy; try again later.");
}
