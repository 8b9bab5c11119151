/**
 * The least that must have happened in a campaign before it shows anything, as so many in a thousand transfers: each
 * several times less than is usual.
 */

/**
 * @typedef {import("./campaign/run-campaign.mjs").Figures} Figures
 * @typedef {import("./auditor/audit-evidence.mjs").Counted} Counted
 * @typedef {{ what: string, least: number, count: (figures: Figures, counted: Counted) => number }} Floor
 */

/** @param {string} name */
const weather = (name) => (/** @type {Figures} */ figures) => figures.weather[name] ?? 0;

/** @type {readonly Floor[]} */
const FLOORS = [
  { what: "kills of the engine", least: 6, count: ({ engineKills }) => engineKills },
  { what: "kills of the bank", least: 3, count: ({ bankKills }) => bankKills },
  { what: "answers given again to duplicates", least: 2_000, count: ({ answeredAgain }) => answeredAgain },
  { what: "answers to clients lost", least: 20, count: ({ lostAnswers }) => lostAnswers },
  { what: "calls that the engine repeated under their key", least: 80, count: weather("repeat") },
  { what: "calls applied, and answered too late", least: 15, count: weather("hangs-after applied") },
  { what: "calls applied after the engine gave up", least: 10, count: weather("late applied") },
  { what: "calls applied, and cut off", least: 30, count: weather("cut-after applied") },
  { what: "calls applied, and answered with 503", least: 8, count: weather("refused-after applied") },
  { what: "calls that arrived twice at once", least: 30, count: weather("twice applied") },
  { what: "calls refused with 503", least: 30, count: weather("refused") },
  { what: "transfers completed", least: 400, count: (_, { ends }) => ends.complete ?? 0 },
  { what: "transfers rejected by the customer", least: 15, count: (_, { ends }) => ends.rejected ?? 0 },
  {
    what: "transfers without funds",
    least: 15,
    count: (_, { refusals }) => refusals.INSUFFICIENT_FUNDS ?? 0,
  },
  { what: "transfers looked up at the bank", least: 50, count: (_, { reconciled }) => reconciled },
  { what: "holds given back", least: 3, count: (_, { givenBack }) => givenBack },
  { what: "unknown outcomes found done", least: 50, count: (_, { foundDone }) => foundDone },
  { what: "unknown outcomes found not done", least: 60, count: (_, { foundNotDone }) => foundNotDone },
  { what: "late requests refused", least: 12, count: (_, { refusedLate }) => refusedLate },
];

/**
 * @param {Figures} figures
 * @param {Counted} counted
 * @returns {string[]} one for each floor that was not reached
 */
export function missedFloors(figures, counted) {
  return FLOORS.flatMap(({ what, least, count }) => {
    const needed = Math.max(1, Math.floor((least * figures.transfers) / 1_000));
    const happened = count(figures, counted);
    return happened >= needed ? [] : [`${what}: ${happened}, and at least ${needed} are needed`];
  });
}

/**
 * The figures for people.
 * @param {Figures} figures
 * @param {Counted} counted
 * @returns {string} lines, with a line feed at the end
 */
export function describeFigures(figures, counted) {
  const lines = FLOORS.map(({ what, count }) => `  ${String(count(figures, counted)).padStart(8)} ${what}`);
  return `${figures.transfers} transfers in ${figures.seconds.toFixed(0)} s, ${figures.copies} commands sent and answered\n${lines.join("\n")}\n`;
}
