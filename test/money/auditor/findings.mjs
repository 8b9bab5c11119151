/** What an auditor found: for each rule, what breaks it. A rule that was never looked at is no rule that holds. */

/** @typedef {{ rule: string, checks: number, violations: string[] }} Finding */

export class Findings {
  /** @type {Map<string, Finding>} */
  #byRule = new Map();

  /**
   * Holds one thing against a rule.
   * @param {string} rule a sentence
   * @param {boolean} holds
   * @param {() => string} violation names what is wrong, and why
   */
  check(rule, holds, violation) {
    let finding = this.#byRule.get(rule);
    if (finding === undefined) {
      finding = { rule, checks: 0, violations: [] };
      this.#byRule.set(rule, finding);
    }
    finding.checks += 1;
    if (!holds) finding.violations.push(violation());
  }

  /** @returns {Finding[]} in the order in which the rules were first looked at */
  list() {
    return [...this.#byRule.values()];
  }
}
