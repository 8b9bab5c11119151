/**
 * Lets a bounded number of requests to each origin be under way; the others wait in order.
 *
 * 1. Whoever gives up while waiting leaves the queue at once.
 * 2. Nothing is kept of an origin to which nothing is under way.
 */
export class HostGate {
  readonly #lanes = new Map<string, { underWay: number; readonly waiting: Set<() => void> }>();

  constructor(private readonly mostPerOrigin: number) {}

  /** Resolves with what must be called when the request has ended. Rejects with the signal's reason. */
  async enter(origin: string, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    const lane = this.#lanes.get(origin) ?? { underWay: 0, waiting: new Set() };
    this.#lanes.set(origin, lane);
    if (lane.underWay < this.mostPerOrigin) lane.underWay += 1;
    else await waitIn(lane.waiting, signal);

    return () => {
      const [next] = lane.waiting;
      // A place is handed over, never freed and taken again, so that nobody slips in between.
      if (next !== undefined) next();
      else {
        lane.underWay -= 1;
        if (lane.underWay === 0) this.#lanes.delete(origin);
      }
    };
  }
}

function waitIn(waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const admit = (): void => {
      waiting.delete(admit);
      signal.removeEventListener("abort", giveUp);
      resolve();
    };
    const giveUp = (): void => {
      waiting.delete(admit);
      reject(signal.reason);
    };
    signal.addEventListener("abort", giveUp, { once: true });
    waiting.add(admit);
  });
}
