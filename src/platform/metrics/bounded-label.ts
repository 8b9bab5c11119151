/**
 * A label's values, kept few: a metric has a time series for each, and some come from definitions or from what others answer.
 * The first `most` are themselves; what comes later is `other`.
 */
export class BoundedLabel {
  readonly #known = new Set<string>();

  constructor(private readonly most: number) {}

  of(value: string): string {
    if (this.#known.has(value)) return value;
    if (this.#known.size >= this.most || value.length > MOST_CHARS) return "other";
    this.#known.add(value);
    return value;
  }
}

const MOST_CHARS = 100;
