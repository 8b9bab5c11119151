/** Time, as everything outside the core sees it. The real one is the machine's; tests and simulations use a virtual one. */
export interface Clock {
  /** Milliseconds since 1970 UTC. */
  now(): number;
  /**
   * Calls `wake` once, not before `instantMs`. Waits of any length are allowed (the implementation splits what a
   * platform timer cannot hold). Returns what takes the call back.
   */
  wakeAt(instantMs: number, wake: () => void): () => void;
  /** Resolves when everything that is ready to run now has had its turn: the point where a group commit closes. */
  turn(): Promise<void>;
}
