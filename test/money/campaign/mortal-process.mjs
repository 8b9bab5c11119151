/**
 * A server process that is killed and started again, and those who wait until it is there.
 *
 * Invariants:
 * 1. One life at a time: the next begins when the one before is gone.
 * 2. A death that nobody ordered is a failure of the campaign, with what the process said on standard error.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export class MortalProcess {
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #child;
  /** @type {Promise<unknown>} */
  #gone = Promise.resolve();
  #isDoomed = false;
  #isRemoved = false;
  #up = awaited();
  /** Lives begun. */
  lives = 0;

  /**
   * @param {object} settings
   * @param {string} settings.program file name, beside this one
   * @param {(life: number) => object} settings.argument of the program, for each life
   * @param {(line: Record<string, unknown>) => void} [settings.onLine] a line of JSON that is not about listening
   * @param {(error: Error) => void} settings.onFailure
   */
  constructor({ program, argument, onLine = () => {}, onFailure }) {
    this.program = fileURLToPath(new URL(program, import.meta.url));
    this.argument = argument;
    this.onLine = onLine;
    this.onFailure = onFailure;
  }

  /** Begins a life; resolves with the address when it listens. */
  start() {
    if (this.#isRemoved) throw new Error("The campaign is over.");
    this.lives += 1;
    this.#isDoomed = false;
    const child = spawn(process.execPath, [this.program, JSON.stringify(this.argument(this.lives))], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text) => {
      said += text;
    });
    this.#gone = once(child, "close").then(([code, signal]) => {
      if (!this.#isDoomed)
        this.onFailure(new Error(`${this.program} ended by itself (${code ?? signal}). ${said}`));
      else if (said !== "") this.onFailure(new Error(`${this.program} complained: ${said}`));
    });
    const up = this.#up;
    createInterface({ input: child.stdout }).on("line", (text) => {
      // A kill may cut off what is being said.
      if (!text.endsWith("}")) return;
      const line = JSON.parse(text);
      if (line.listening === undefined) this.onLine(line);
      else up.resolve(line.listening);
    });
    return up.promise;
  }

  /** The address of the present life, or of the next one that listens. */
  whenUp() {
    return this.#up.promise;
  }

  /**
   * Ends the life, by SIGKILL where nothing else is said, and waits until it is gone.
   * @param {"SIGKILL" | "SIGTERM"} [signal]
   */
  async end(signal = "SIGKILL") {
    this.#isDoomed = true;
    // Who waited for a life that ends in its boot waits on.
    const before = this.#up;
    this.#up = awaited();
    this.#up.promise.then(before.resolve);
    this.#child?.kill(signal);
    await this.#gone;
  }

  /** Ends it for good. */
  async remove() {
    this.#isRemoved = true;
    await this.end();
  }
}

/** @returns {{ promise: Promise<string>, resolve: (address: string) => void }} */
function awaited() {
  /** @type {(address: string) => void} */
  let resolve = () => {};
  const promise = new Promise((/** @type {(address: string) => void} */ done) => {
    resolve = done;
  });
  return { promise, resolve };
}
