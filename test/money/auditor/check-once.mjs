/**
 * What is sent at most once: holds the bank's log of calls against the trails and the books.
 *
 * The bank's word about a key is 404 (it never came, and never will), or 200 with what became of it.
 */

/**
 * @typedef {import("./read-evidence.mjs").Instance} Instance
 * @typedef {import("./read-evidence.mjs").BankCall} BankCall
 * @typedef {import("./findings.mjs").Findings} Findings
 */

export const ONCE_RULES = {
  posting: "no posting comes to the bank twice under one key",
  again: "nothing that is sent at most once comes again before the bank has said that it was not done",
  asked: "every outcome that was unknown was found out from the bank",
  before: "nothing is given back, and nothing ends, while an outcome is unknown",
  settled:
    "nothing is given back before each posting that came was refused, or the bank has said what became of it",
  kept: "what the bank has said was never done is not done later",
};

/**
 * What the bank's log says of each key.
 * @typedef {object} Word
 * @property {number} came how often it has come so far
 * @property {boolean} isSettled the bank has said what became of it
 * @property {boolean} isNotDone the bank has said, or answered, that it was not done
 * @property {boolean} isClosed the bank has said that it never came
 * @typedef {Map<string, Word>} Words
 */

/**
 * Goes through the bank's log from the first line to the last.
 * @param {readonly BankCall[]} calls
 * @param {ReadonlySet<string>} done the keys under which the bank did something
 * @param {Findings} findings
 * @returns {Words}
 */
export function checkCalls(calls, done, findings) {
  /** @type {Words} */
  const words = new Map();
  /** @type {Map<string, string[]>} keys of postings by transfer */
  const postings = new Map();
  for (const call of calls) {
    const word = wordOf(words, String(call.key));
    if (call.line === "answered") hear(word, call);
    else if (call.step !== "settle") {
      checkArrival(word, call, findings);
      word.came += 1;
      const transferId = String(call.transferId);
      const known = postings.get(transferId) ?? [];
      if (call.step === "post") postings.set(transferId, [...known, String(call.key)]);
      else checkGivingBack(transferId, known, words, findings);
    }
  }
  for (const [key, { isClosed }] of words) {
    if (isClosed)
      findings.check(ONCE_RULES.kept, !done.has(key), () => `${key} was never to be done, and was done`);
  }
  return words;
}

/**
 * @param {Word} word
 * @param {BankCall} call
 */
function hear(word, { step, status = 0, outcome }) {
  if (step !== "settle") {
    // Who refuses says so with a 4xx; another try can come of it.
    if (status >= 400 && status < 500 && status !== 408) word.isNotDone = true;
    return;
  }
  if (status === 404) word.isClosed = true;
  if (status === 404 || (status === 200 && outcome === "refused")) word.isNotDone = true;
  if (status === 404 || status === 200) word.isSettled = true;
}

/**
 * @param {Word} word
 * @param {BankCall} call
 * @param {Findings} findings
 */
function checkArrival({ came, isNotDone }, { step, key }, findings) {
  const said = () => `${key} has come ${came + 1} times`;
  if (step === "post") findings.check(ONCE_RULES.posting, came === 0, said);
  findings.check(ONCE_RULES.again, came === 0 || isNotDone, said);
}

/**
 * @param {string} transferId
 * @param {readonly string[]} keys of its postings that have come
 * @param {Words} words
 * @param {Findings} findings
 */
function checkGivingBack(transferId, keys, words, findings) {
  for (const key of keys) {
    const { isSettled, isNotDone } = wordOf(words, key);
    findings.check(
      ONCE_RULES.settled,
      isSettled || isNotDone,
      () => `${transferId} was given back, and nobody had asked about ${key}`,
    );
  }
}

/**
 * Goes through a trail: what is unknown is known before anything follows from it.
 * @param {Instance} instance
 * @param {Words} words
 * @param {Findings} findings
 * @returns {{ done: number, notDone: number }} the outcomes that were unknown, by what was found out
 */
export function checkUnknown({ instanceId, trail }, words, findings) {
  /** @type {Map<string, string>} keys by action */
  const open = new Map();
  const found = { done: 0, notDone: 0 };
  for (const { seq, entry } of trail) {
    for (const { type, actionId, key, state } of JSON.parse(entry).records) {
      if (type === "action-unknown") {
        open.set(actionId, key);
        findings.check(
          ONCE_RULES.asked,
          words.get(key)?.isSettled === true,
          () => `${key} was unknown, and the bank has not said what became of it`,
        );
      } else if (open.has(actionId) && ["action-completed", "try-failed", "action-failed"].includes(type)) {
        found[type === "action-completed" ? "done" : "notDone"] += 1;
        open.delete(actionId);
      } else if (type === "instance-ended" || (type === "entered" && state === "release")) {
        findings.check(
          ONCE_RULES.before,
          open.size === 0,
          () => `${instanceId} at entry ${seq}, with ${[...open.values()].join(", ")} unknown`,
        );
      }
    }
  }
  return found;
}

/**
 * @param {Words} words
 * @param {string} key
 * @returns {Word}
 */
function wordOf(words, key) {
  let word = words.get(key);
  if (word === undefined) {
    word = { came: 0, isSettled: false, isNotDone: false, isClosed: false };
    words.set(key, word);
  }
  return word;
}
