/**
 * Which instances have committed since it was last asked to forget.
 *
 * Invariant: a commit after `forget` is never missed, be it before or after one waits for it.
 */
import type { Snapshot } from "../../core/model/snapshot.js";
import type { Committed } from "../watchers.js";

export class Changes {
  readonly #changed = new Set<string>();
  #wake: () => void = () => {};
  /** Ends the watch. */
  readonly end: () => void;

  constructor(
    watch: (watcher: (committed: Committed) => void) => () => void,
    see: (snapshot: Snapshot) => void,
  ) {
    this.end = watch(({ snapshot }) => {
      see(snapshot);
      this.#changed.add(snapshot.instanceId);
      this.#wake();
    });
  }

  forget(): void {
    this.#changed.clear();
  }

  /** True when one of them has committed. */
  has(instanceIds: ReadonlySet<string>): boolean {
    return [...instanceIds].some((instanceId) => this.#changed.has(instanceId));
  }

  /** Resolves as soon as one of them has. One waits at a time. */
  next(instanceIds: ReadonlySet<string>): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        if (this.has(instanceIds)) resolve();
        else this.forget();
      };
      this.#wake();
    });
  }
}
