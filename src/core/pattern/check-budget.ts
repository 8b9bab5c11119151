/** Thrown when a pattern cannot be checked within its budget. */
export class TooComplexError extends Error {}

const BUDGET = {
  /** Nodes that are written out: groups that take nothing have no places, but cost time all the same. */
  parts: 50_000,
  /** Edges of the automata, each as often as it is drawn. */
  edges: 400_000,
  /** Edges of the products: by far the most of the time, about half a second in all. */
  comparisons: 2_000_000,
};

/** The work that checking one pattern may take, whatever its number of repetitions. */
export class CheckBudget {
  private readonly left = { ...BUDGET };

  spend(what: keyof typeof BUDGET, amount: number): void {
    this.left[what] -= amount;
    if (this.left[what] < 0)
      throw new TooComplexError(`Written out it has more than ${BUDGET[what]} ${what}.`);
  }
}
