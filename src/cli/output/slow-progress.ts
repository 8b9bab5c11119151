import type { Terminal } from "./terminal.js";

const EVERY_MS = 1000;

/** Says how far a long work is, on standard error, once a second; a work of less than a second says nothing. */
export class SlowProgress {
  #saidAtMs = Date.now();

  constructor(
    private readonly terminal: Terminal,
    private readonly what: string,
    /** Absent where it is not known. */
    private readonly total?: number,
  ) {}

  tick(done: number): void {
    const nowMs = Date.now();
    if (nowMs - this.#saidAtMs < EVERY_MS) return;
    this.#saidAtMs = nowMs;
    const { err } = this.terminal;
    this.terminal.note(
      err.dim(`${this.what}: ${done}${this.total === undefined ? "" : ` of ${this.total}`}`),
    );
  }
}
