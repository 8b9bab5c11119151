/**
 * Which origins are spared. Only those whose breaker is not closed are kept, and of these the first `MOST_NAMED` by name: the
 * count is always whole.
 */
import type { Gauge } from "prom-client";

const MOST_NAMED = 100;
const VALUE = { closed: 0, "half-open": 0.5, open: 1 } as const;

type State = keyof typeof VALUE;

export class BreakerGauges {
  readonly #spared = new Map<string, State>();
  readonly #named = new Set<string>();

  constructor(
    private readonly count: Gauge<"state">,
    private readonly byOrigin: Gauge<"origin">,
  ) {
    this.#tell();
  }

  change(origin: string, state: State): void {
    if (state === "closed") {
      this.#spared.delete(origin);
      if (this.#named.delete(origin)) this.byOrigin.remove({ origin });
    } else {
      this.#spared.set(origin, state);
      if (this.#named.has(origin) || this.#named.size < MOST_NAMED) {
        this.#named.add(origin);
        this.byOrigin.set({ origin }, VALUE[state]);
      }
    }
    this.#tell();
  }

  #tell(): void {
    const states = [...this.#spared.values()];
    for (const state of ["open", "half-open"] as const) {
      this.count.set({ state }, states.filter((one) => one === state).length);
    }
  }
}
