/**
 * What a batch has changed, so that it can be taken back: the counterpart of a database's rollback. Outside a transaction
 * nothing is noted.
 */
export class Journal {
  #undo: (() => void)[] | undefined;

  /** Runs the work; what it changed is taken back when it throws. */
  transaction<Result>(work: () => Result): Result {
    const undo: (() => void)[] = [];
    this.#undo = undo;
    try {
      return work();
    } catch (error) {
      for (const takeBack of undo.reverse()) takeBack();
      throw error;
    } finally {
      this.#undo = undefined;
    }
  }

  note(takeBack: () => void): void {
    this.#undo?.push(takeBack);
  }
}
