/**
 * Retention: forgets stored answers that have expired, once at the start and every hour, in small portions, so that the
 * database does not grow with every request for ever.
 */
import type { RuntimePorts } from "./runtime-ports.js";

const INTERVAL_MS = 3_600_000;
const PORTION = 1_000;

export class Retention {
  #cancel: () => void = () => {};
  #isStopping = false;

  constructor(private readonly ports: RuntimePorts) {}

  start(): void {
    this.#cancel = this.ports.clock.wakeAt(this.ports.clock.now() + INTERVAL_MS, () => void this.#run());
  }

  stop(): void {
    this.#isStopping = true;
    this.#cancel();
  }

  async #run(): Promise<void> {
    try {
      while (!this.#isStopping) {
        const forgotten = await this.ports.store.pruneAnswers(this.ports.clock.now(), PORTION);
        if (forgotten < PORTION) break;
        await this.ports.clock.turn();
      }
    } catch (error) {
      this.ports.logger.warn("Expired answers could not be forgotten; trying again in an hour.", {
        error: String(error),
      });
    }
    if (!this.#isStopping) this.start();
  }
}
