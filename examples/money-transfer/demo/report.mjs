/** What the demonstration prints: calm lines, one thing each, and at the end whether every promise was kept. */

/**
 * @typedef {object} Report
 * @property {(line?: string) => void} say
 * @property {(title: string) => void} chapter
 * @property {(promise: string, isKept: boolean, otherwise?: string) => void} promise
 * @property {() => readonly string[]} broken the promises that were not kept
 */

/**
 * @param {(text: string) => void} write
 * @returns {Report}
 */
export function createReport(write) {
  /** @type {string[]} */
  const broken = [];
  const say = (line = "") => write(`${line}\n`);
  return {
    say,
    chapter: (title) => say(`\n${title}\n${"─".repeat(title.length)}`),
    promise: (promise, isKept, otherwise = "") => {
      say(`  ${isKept ? "ok" : "NO"}  ${promise}${isKept || otherwise === "" ? "" : `: ${otherwise}`}`);
      if (!isKept) broken.push(promise);
    },
    broken: () => broken,
  };
}

/**
 * The path of a transfer: one line a state, with the time since the start and what was done there.
 * @param {import("./command-line.mjs").InstanceDocument} instance
 * @returns {string[]}
 */
export function describePath(instance) {
  const startMs = Date.parse(instance.history[0]?.enteredAt ?? "");
  return instance.history.map((visit) => {
    const afterMs = Date.parse(visit.enteredAt) - startMs;
    const cause = visit.event?.startsWith("error") === true ? [`because of ${visit.event}`] : [];
    const done = visit.actions.map(describeAction);
    const line = `  ${`+${afterMs} ms`.padStart(9)}  ${visit.state.padEnd(20)} ${[...cause, ...done].join("; ")}`;
    return line.trimEnd();
  });
}

/** @param {import("./command-line.mjs").Visit["actions"][number]} action */
function describeAction({ actionId, status, tries, error }) {
  const times = tries > 1 ? ` after ${tries} tries` : "";
  // Completed by what was found out, for nobody had answered it.
  if (status === "completed" && error !== undefined) return `${actionId} without an answer${times}`;
  const outcome = status === "completed" ? "" : ` ${status}`;
  return `${actionId}${outcome}${times}${error === undefined ? "" : ` (${error.code})`}`;
}

/**
 * A command line as a person would type it; long values are cut.
 * @param {readonly string[]} options
 */
export function describeCommand(options) {
  const words = options.map((option) => (/^[\w./:=-]+$/.test(option) ? option : `'${shorten(option)}'`));
  return `statewright ${words.join(" ")}`;
}

/** @param {string} text */
function shorten(text) {
  return text.length > 36 ? `${text.slice(0, 35)}…` : text;
}
