import type { Command } from "../core/message/command.js";
import type { Effect } from "../core/message/effect.js";
import type { StepRecord } from "../core/message/record.js";
import type { Snapshot } from "../core/model/snapshot.js";
import type { Logger } from "../ports/logger.js";

/** What a watcher is told: one commit of one instance, after it is durable, in the order of its seq. */
export interface Committed {
  readonly snapshot: Snapshot;
  readonly command: Command;
  readonly records: readonly StepRecord[];
  readonly effects: readonly Effect[];
}

/** Watchers of commits. A watcher that throws is logged and harms nobody. */
export class Watchers {
  readonly #watchers = new Set<(committed: Committed) => void>();

  constructor(private readonly logger: Logger) {}

  add(watcher: (committed: Committed) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  tell(committed: Committed): void {
    for (const watcher of this.#watchers) {
      try {
        watcher(committed);
      } catch (error) {
        this.logger.error("A watcher failed.", { error: String(error) });
      }
    }
  }
}
