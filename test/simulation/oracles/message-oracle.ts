/**
 * Messages from one instance to another. `messages`: one acts once where it is sent to; when its row is over it has acted; one
 * that was given up has not.
 */
import type { SendMessageEffect } from "../../../src/core/message/effect.js";
import type { EffectId } from "../../../src/ports/store.js";
import type { Report } from "./trail-oracle.js";

interface Sent {
  readonly to: string;
  /** The sender, who sends one in its life. */
  readonly from: string;
}

export class MessageOracle {
  readonly #sent = new Map<string, Sent>();
  readonly #arrived = new Set<string>();

  constructor(private readonly report: Report) {}

  decided(effect: EffectId, { to = "", data }: SendMessageEffect): void {
    this.#sent.set(nameOf(effect), { to, from: String(data.from) });
  }

  arrived(to: string, from: string): void {
    const name = `${from} to ${to}`;
    if (this.#arrived.has(name)) this.report("messages", `The message from ${name} acts twice.`);
    this.#arrived.add(name);
  }

  /** Its row is over. */
  ended(effect: EffectId): void {
    const sent = this.#sent.get(nameOf(effect));
    if (sent !== undefined && !this.#hasArrived(sent))
      this.report("messages", `The message from ${sent.from} to ${sent.to} is over, and has not acted.`);
  }

  /** Its sender was told that nobody takes it. */
  givenUp(effect: EffectId): void {
    const sent = this.#sent.get(nameOf(effect));
    if (sent !== undefined && this.#hasArrived(sent))
      this.report("messages", `The message from ${sent.from} to ${sent.to} was given up, and has acted.`);
  }

  #hasArrived({ from, to }: Sent): boolean {
    return this.#arrived.has(`${from} to ${to}`);
  }
}

function nameOf({ instanceId, seq, ordinal }: EffectId): string {
  return `${instanceId}/${seq}.${ordinal}`;
}
