/**
 * What becomes of the rows of the outbox that no command ends: deliveries and links that were made, and whatever is to be
 * tried again.
 */
import type { CommitOutcome, DeliveryCommit, EffectId, EffectRow } from "../../ports/store.js";
import { type Committer, ownershipLost } from "../commit/commit.js";
import type { RuntimePorts } from "../runtime-ports.js";

const FIRST_WAIT_MS = 1_000;
const MAX_WAIT_MS = 10 * 60_000;
const STORE_TROUBLE_WAIT_MS = 1_000;

export class Outbox {
  constructor(
    private readonly ports: Pick<RuntimePorts, "clock">,
    private readonly committer: Committer,
  ) {}

  /** It was made; nothing more is to be done. */
  async end(row: EffectId): Promise<void> {
    await this.#change(row, "ended");
  }

  /** A try that is sent at most once is about to be: false when it may not be sent, now or ever. Durable when it is true. */
  async begin(row: EffectId): Promise<boolean> {
    return (await this.#change(row, "begun")) === "committed";
  }

  /** It did not work this time. */
  async tryAgainAt(row: EffectRow, dueAtMs: number): Promise<void> {
    await this.#change(row, { dueAtMs, attempts: row.attempts + 1 });
  }

  /**
   * With growing waits, so that what cannot be done stands in nobody's way. When the store cannot take even that, waits a
   * moment, or until the signal lets go.
   */
  async backOff(row: EffectRow, signal: AbortSignal): Promise<void> {
    const { clock } = this.ports;
    try {
      await this.tryAgainAt(row, clock.now() + waitAfter(row.attempts));
    } catch {
      await new Promise<void>((resolve) => {
        if (signal.aborted) return resolve();
        const cancel = clock.wakeAt(clock.now() + STORE_TROUBLE_WAIT_MS, resolve);
        const letGo = (): void => {
          cancel();
          resolve();
        };
        signal.addEventListener("abort", letGo, { once: true });
      });
    }
  }

  async #change(row: EffectId, change: DeliveryCommit["change"]): Promise<CommitOutcome["outcome"]> {
    const { instanceId, seq, ordinal } = row;
    const effectId = { instanceId, seq, ordinal };
    const outcome = await this.committer.commit({ kind: "delivery", effectId, change });
    if (outcome.outcome === "fenced") throw ownershipLost();
    return outcome.outcome;
  }
}

/** Milliseconds to wait after so many tries that ended without success. */
export function waitAfter(attempts: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** attempts, MAX_WAIT_MS);
}
