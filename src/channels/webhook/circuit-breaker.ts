/**
 * Spares an origin that does not work, and those who would wait for it.
 *
 * 1. Closed: requests pass. After so many failures in a row it opens; any success begins the count anew.
 * 2. Open: requests fail at once, and are told how long. When that time is over the next request is the probe.
 * 3. Half open: the probe is under way; who comes meanwhile waits for it, so that a recovered origin costs nobody a try.
 *    A probe that succeeds closes the breaker, one that fails opens it again, one that was given up leaves it to the next.
 * 4. What began before a change says nothing about what holds after it.
 * 5. Nothing is kept of an origin that has always worked; of the others, the newest `MOST_KEPT`.
 */
export interface BreakerSettings {
  /** Failures in a row that open it. */
  readonly failures: number;
  readonly openForMs: number;
}

export type BreakerState = "closed" | "open" | "half-open";

export class CircuitOpen extends Error {
  constructor(readonly retryAfterMs: number) {
    super("The circuit is open.");
    this.name = "CircuitOpen";
  }
}

export type Verdict = "worked" | "failed" | "given-up";

interface Lane {
  state: BreakerState;
  failures: number;
  probeAtMs: number;
  /** Counts the changes of state. */
  age: number;
  readonly waiting: Set<() => void>;
}

const MOST_KEPT = 10_000;

export class CircuitBreaker {
  readonly #lanes = new Map<string, Lane>();

  constructor(
    private readonly settings: BreakerSettings,
    private readonly now: () => number,
    private readonly onChange: (origin: string, state: BreakerState) => void = () => {},
  ) {}

  /**
   * Resolves with what must be told how the request ended, once. Rejects with `CircuitOpen`, or with the signal's reason.
   */
  async enter(origin: string, signal: AbortSignal): Promise<(verdict: Verdict) => void> {
    for (;;) {
      signal.throwIfAborted();
      const lane = this.#lanes.get(origin);
      if (lane === undefined || lane.state === "closed") return this.#reporter(origin, lane?.age ?? 0);
      if (lane.state === "open") {
        const leftMs = lane.probeAtMs - this.now();
        if (leftMs > 0) throw new CircuitOpen(leftMs);
        this.#change(origin, lane, "half-open");
        return this.#reporter(origin, lane.age);
      }
      await nextChange(lane.waiting, signal);
    }
  }

  #reporter(origin: string, age: number): (verdict: Verdict) => void {
    return (verdict) => {
      const lane = this.#lanes.get(origin);
      if ((lane?.age ?? 0) !== age) return;
      if (verdict === "failed") this.#failed(origin, lane);
      else if (lane !== undefined && verdict === "worked") this.#close(origin, lane);
      else if (lane?.state === "half-open") this.#open(origin, lane, 0);
    };
  }

  #failed(origin: string, known: Lane | undefined): void {
    const lane = known ?? this.#add(origin);
    lane.failures += 1;
    if (lane.state === "half-open" || lane.failures >= this.settings.failures) {
      this.#open(origin, lane, this.settings.openForMs);
    }
  }

  #open(origin: string, lane: Lane, forMs: number): void {
    lane.probeAtMs = this.now() + forMs;
    this.#change(origin, lane, "open");
  }

  #close(origin: string, lane: Lane): void {
    lane.failures = 0;
    if (lane.state !== "closed") this.#change(origin, lane, "closed");
    else if (lane.age === 0) this.#lanes.delete(origin);
  }

  #change(origin: string, lane: Lane, state: BreakerState): void {
    lane.state = state;
    lane.age += 1;
    for (const wake of [...lane.waiting]) wake();
    this.onChange(origin, state);
  }

  #add(origin: string): Lane {
    for (const [oldest, { state }] of this.#lanes) {
      if (this.#lanes.size < MOST_KEPT) break;
      if (state === "half-open") continue;
      this.#lanes.delete(oldest);
      if (state === "open") this.onChange(oldest, "closed");
    }
    const lane: Lane = { state: "closed", failures: 0, probeAtMs: 0, age: 0, waiting: new Set() };
    this.#lanes.set(origin, lane);
    return lane;
  }
}

function nextChange(waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      waiting.delete(wake);
      signal.removeEventListener("abort", giveUp);
    };
    const wake = (): void => {
      leave();
      resolve();
    };
    const giveUp = (): void => {
      leave();
      reject(signal.reason);
    };
    signal.addEventListener("abort", giveUp, { once: true });
    waiting.add(wake);
  });
}
