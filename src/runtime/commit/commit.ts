/**
 * Group commit: the only place that writes. Commands that are ready while a transaction is being written join the next
 * one; each is answered when its transaction is on disk.
 *
 * Invariants:
 * 1. Items are written in the order in which they came.
 * 2. One transaction is under way at a time.
 * 3. When a transaction fails, every item of it fails alike: nothing of it was written, or the store says otherwise
 *    when the instance is read again.
 */
import { StatewrightError } from "../../core/errors.js";
import type { CommitItem, CommitOutcome, Lease } from "../../ports/store.js";
import type { RuntimePorts } from "../runtime-ports.js";

const MAX_GROUP = 256;

export function ownershipLost(): StatewrightError {
  return new StatewrightError("STORE_LOCKED", "Another process has taken over this database.", {
    hint: "Stop this process, or send the command to the process that owns the database (--url).",
  });
}

interface Waiting {
  readonly item: CommitItem;
  readonly resolve: (outcome: CommitOutcome) => void;
  readonly reject: (error: unknown) => void;
}

export class Committer {
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  constructor(
    private readonly ports: Pick<RuntimePorts, "store" | "clock" | "faults" | "telemetry">,
    private readonly lease: () => Lease,
    /** Somebody else has become the owner: nothing that is written here will ever be taken again. */
    private readonly onFenced: () => void,
    /** Nobody knows what was written: there may be effects and timers that nobody was told of. */
    private readonly onUnknown: () => void,
  ) {}

  /** Resolves when the item's transaction is durable. */
  commit(item: CommitItem): Promise<CommitOutcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  /** Resolves when nothing is waiting any more. */
  async flush(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  async #writeAll(): Promise<void> {
    await this.ports.clock.turn();
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, MAX_GROUP);
      await this.#write(group);
      await this.ports.clock.turn();
    }
    this.#writing = undefined;
  }

  async #write(group: readonly Waiting[]): Promise<void> {
    const { store, faults, telemetry } = this.ports;
    const beganAt = telemetry.now();
    try {
      faults.reach("commit.before");
      const outcomes = await store.commit(
        this.lease(),
        group.map((waiting) => waiting.item),
      );
      telemetry.commit("written", group.length, telemetry.now() - beganAt);
      faults.reach("commit.after");
      group.forEach((waiting, index) => {
        const outcome = outcomes[index];
        if (outcome === undefined)
          waiting.reject(new Error("Broken invariant: the store answered fewer items than it was given."));
        else waiting.resolve(outcome);
      });
      if (outcomes.some((outcome) => outcome.outcome === "fenced")) this.onFenced();
    } catch (error) {
      for (const waiting of group) waiting.reject(error);
      this.onUnknown();
    }
  }
}
