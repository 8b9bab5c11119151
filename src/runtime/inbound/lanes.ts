/** What has the same name is done one after the other. */
export class Lanes {
  readonly #lanes = new Map<string, Promise<unknown>>();

  run<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.#lanes.get(name) ?? Promise.resolve();
    const mine = before.then(work);
    const settled = mine.catch(() => undefined);
    this.#lanes.set(name, settled);
    void settled.then(() => {
      if (this.#lanes.get(name) === settled) this.#lanes.delete(name);
    });
    return mine;
  }
}
