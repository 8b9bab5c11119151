import type { Clock } from "../../ports/clock.js";

/** What a loop waits on: a call to `beat`, or an instant, whichever comes first. A beat while nobody waits is kept. */
export class Pulse {
  #hasBeaten = false;
  #resume: (() => void) | undefined;

  constructor(private readonly clock: Clock) {}

  beat(): void {
    this.#hasBeaten = true;
    this.#resume?.();
  }

  /** Resolves at the next beat, or at `untilMs`; at once when a beat was kept. */
  async next(untilMs: number | undefined): Promise<void> {
    if (!this.#hasBeaten) {
      await new Promise<void>((resolve) => {
        const cancel = untilMs === undefined ? () => {} : this.clock.wakeAt(untilMs, resolve);
        this.#resume = () => {
          cancel();
          resolve();
        };
      });
    }
    this.#resume = undefined;
    this.#hasBeaten = false;
  }
}
