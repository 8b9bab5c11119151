/** Makes ids that nothing else has; what is taken is said beforehand. */

export class Names {
  readonly #taken: Set<string>;

  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set(taken);
  }

  /** How many there are. */
  get size(): number {
    return this.#taken.size;
  }

  /** The wish itself where it is free, else the wish with the first number that is. */
  unique(wish: string): string {
    let name = wish;
    for (let number = 2; this.#taken.has(name); number += 1) name = `${wish}${number}`;
    this.#taken.add(name);
    return name;
  }
}

/** An id of actions and machines: ASCII letters, digits and `_ . -`, a letter or underscore first. */
export function plainId(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9_.-]/g, "_");
  return /^[A-Za-z_]/.test(plain) ? plain : `_${plain}`;
}
