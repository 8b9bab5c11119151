/**
 * What is sent at most once (`at-most-once`), by what is sent, by what the outside has done and by the trail's records:
 *
 * - nothing is sent more often than a commit has decided a try of it
 * - a further try is decided only where it is certain that the one before did nothing, or an operator says so
 * - what the outside has done is never called failed, and what it has not is done only when an operator says so
 */
import type { JsonObject } from "../../../src/core/json/json.js";
import type { Effect, TryEffect } from "../../../src/core/message/effect.js";
import type { Ledger, OutsideRequest } from "../world/ledger.js";
import type { WorkDone } from "../world/work-done.js";
import type { Report } from "./trail-oracle.js";

interface Sending {
  readonly place: string;
  tries: number;
  sent: number;
  /** Another try may be decided. */
  mayBeSent: boolean;
  isCalledFailed: boolean;
}

export class OnceOracle {
  readonly #byKey = new Map<string, Sending>();
  /** By instance and action, the key of the newest. */
  readonly #keys = new Map<string, string>();

  constructor(
    private readonly ledger: Ledger,
    private readonly work: WorkDone,
    private readonly report: Report,
  ) {}

  sent({ key, path }: OutsideRequest): void {
    const sending = this.#byKey.get(key);
    if (sending === undefined) return;
    sending.sent += 1;
    if (sending.sent > sending.tries)
      this.#say(`${path} was sent ${sending.sent} times under ${key}, and ${sending.tries} were decided.`);
  }

  /** One entry of a trail, and what the step made of it. */
  follow(instanceId: string, records: readonly JsonObject[], effects: readonly Effect[]): void {
    for (const each of records) this.#take(`${instanceId}/${String(each.actionId)}`, each);
    for (const effect of effects)
      if (effect.kind === "try" && effect.delivery === "atMostOnce") this.#decided(instanceId, effect);
  }

  /** When nothing is on its way any more. */
  checkEnd(): void {
    for (const [key, { place, isCalledFailed }] of this.#byKey)
      if (isCalledFailed && this.ledger.appliedKeys.has(key))
        this.#say(`${place} was called failed, and in the end the outside has done it.`);
  }

  #decided(instanceId: string, { actionId, key }: TryEffect): void {
    const place = `${instanceId}/${actionId}`;
    this.#keys.set(place, key);
    const fresh = { place, tries: 0, sent: 0, mayBeSent: true, isCalledFailed: false };
    const sending = this.#byKey.get(key) ?? fresh;
    this.#byKey.set(key, sending);
    if (!sending.mayBeSent) this.#say(`${place} is sent again, and nobody knows that it was not done.`);
    sending.tries += 1;
    sending.mayBeSent = false;
    sending.isCalledFailed = false;
  }

  #take(place: string, { type, takenAsDone }: JsonObject): void {
    const key = this.#keys.get(place) ?? "";
    const sending = this.#byKey.get(key);
    if (sending === undefined) return;
    const isDone = this.ledger.appliedKeys.has(key);
    switch (type) {
      case "action-unknown":
        this.work.unknowns += 1;
        return;
      case "action-sent-again":
        sending.mayBeSent = true;
        return;
      case "try-failed":
      case "action-failed":
        sending.mayBeSent = true;
        sending.isCalledFailed = true;
        if (isDone) this.#say(`${place} is called failed, and the outside has done it.`);
        return;
      case "action-completed":
        if (!isDone && takenAsDone !== true)
          this.#say(`${place} counts as done, and the outside never did it.`);
        if (isDone) this.work.foundOut += 1;
        return;
    }
  }

  #say(message: string): void {
    this.report("at-most-once", message);
  }
}
