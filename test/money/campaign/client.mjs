/**
 * A client of the engine: one of several that send the same command under the same key. It relies on nothing but its own
 * synced log.
 *
 * Invariants:
 * 1. What it is about to send is in its log before it is sent; what was answered is in its log before it goes on.
 * 2. A command without an answer is sent again, under its key, until there is one.
 */
import { openClientLog } from "../../crash/client-log.mjs";

/** Refusals after which the same command may be sent again: the engine is going or has just come. */
const PASSING = new Set(["ENGINE_STOPPED", "STORE_LOCKED", "STORE_UNAVAILABLE"]);
/** A process that is killed closes its connections; this is for what neither lives nor closes. */
const PATIENCE_MS = 15_000;
/** After that nobody waits for a transfer any more: it is stuck. */
const STUCK_AFTER_MS = 180_000;

/**
 * @typedef {{ kind: "start" | "event" | "update", instanceId: string, eventId?: string, data: Record<string, unknown>, key: string }} Command
 * @typedef {{ whenUp: () => Promise<string> }} Door
 */

export class Client {
  /** Answers that never came. */
  lost = 0;

  /**
   * @param {string} logPath
   * @param {Door} door
   */
  constructor(logPath, door) {
    this.log = openClientLog(logPath);
    this.door = door;
  }

  /**
   * Writes a line of its log.
   * @param {Record<string, unknown>} line
   */
  note(line) {
    return this.log.write(/** @type {any} */ (line));
  }

  /**
   * Sends a command until it is answered; resolves with whether the answer was one given again.
   * @param {Command} command
   * @returns {Promise<{ isRepeated: boolean }>}
   * @throws {Error} when it is refused for good: no command of a campaign may be
   */
  async send(command) {
    const { instanceId, key, kind, eventId, data } = command;
    for (;;) {
      await this.note({ line: "asks", instanceId, key, kind, eventId, data });
      const reply = await this.#post("/commands", command);
      if (reply === undefined || (reply.status === 409 && PASSING.has(reply.body.code))) continue;
      if (reply.status !== 200)
        throw new Error(`${key} was refused: ${reply.status} ${JSON.stringify(reply.body)}`);
      const { answer, isRepeated } = reply.body;
      await this.note({ line: "answered", instanceId, key, seq: answer.seq, isRepeated });
      return { isRepeated };
    }
  }

  /**
   * Waits until an instance is settled in one of the states, has ended or is suspended; undefined when it does not come
   * to that.
   * @param {string} instanceId
   * @param {readonly string[]} states
   * @returns {Promise<{ state: string, status: string } | undefined>}
   */
  async wait(instanceId, states) {
    const endAtMs = performance.now() + STUCK_AFTER_MS;
    while (performance.now() < endAtMs) {
      const reply = await this.#post("/wait", { instanceId, states });
      if (reply?.status === 200) return reply.body;
      if (reply !== undefined && reply.status !== 204 && !PASSING.has(reply.body.code))
        throw new Error(`${instanceId} cannot be waited for: ${JSON.stringify(reply.body)}`);
    }
    return undefined;
  }

  /**
   * @param {string} path
   * @param {object} body
   * @returns {Promise<{ status: number, body: any } | undefined>} nothing where the engine went away meanwhile
   */
  async #post(path, body) {
    const address = await this.door.whenUp();
    try {
      const response = await fetch(address + path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const text = await response.text();
      return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
    } catch {
      this.lost += 1;
      // The campaign learns a moment later than its clients that the process is gone.
      await new Promise((resolve) => setTimeout(resolve, 20));
      return undefined;
    }
  }
}
