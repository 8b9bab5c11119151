/**
 * Signals. `signals`: a broadcast acts once in an instance; when it is over, every instance that waited when it was decided,
 * and still waits, has taken it; a machine that begins with it begins once.
 */
import type { EffectId } from "../../../src/ports/store.js";
import type { Report } from "./trail-oracle.js";

/** The one signal of the simulated machines; each broadcast has a ring of its own in its data. */
const SIGNAL = "bell";

interface UnderWay {
  readonly ring: string;
  readonly waiting: readonly string[];
}

export class SignalOracle {
  readonly #heard = new Set<string>();
  readonly #begun = new Set<string>();
  readonly #underWay = new Map<string, UnderWay>();

  constructor(
    private readonly waiters: (signal: string) => readonly string[],
    private readonly report: Report,
  ) {}

  /** Who waits for it now, and has not heard this ring. */
  waiting(ring: string): readonly string[] {
    return this.waiters(SIGNAL).filter((instanceId) => !this.#heard.has(`${instanceId} ${ring}`));
  }

  /** An instance has taken it, or keeps it. */
  took(instanceId: string, ring: string): void {
    const name = `${instanceId} ${ring}`;
    if (this.#heard.has(name)) this.report("signals", `${instanceId} has taken ring ${ring} twice.`);
    this.#heard.add(name);
  }

  /** An instance has begun with it. */
  began(stateMachineId: string, ring: string): void {
    const name = `${stateMachineId} ${ring}`;
    if (this.#begun.has(name)) this.report("signals", `${stateMachineId} has begun twice with ring ${ring}.`);
    this.#begun.add(name);
  }

  /** A commit has decided to broadcast it. */
  decided(effect: EffectId, ring: string): void {
    this.#underWay.set(nameOf(effect), { ring, waiting: this.waiting(ring) });
  }

  /** A row of the outbox is over. */
  ended(effect: EffectId): void {
    const underWay = this.#underWay.get(nameOf(effect));
    if (underWay !== undefined) this.broadcast(underWay.ring, underWay.waiting);
  }

  /** A broadcast is over, of which these had to hear. */
  broadcast(ring: string, before: readonly string[]): void {
    const still = new Set(this.waiting(ring));
    const missed = before.find((instanceId) => still.has(instanceId));
    if (missed !== undefined)
      this.report("signals", `${missed} waited for ring ${ring}, still does, and has not heard it.`);
    if (!this.#begun.has(`echo ${ring}`)) this.report("signals", `Nothing has begun with ring ${ring}.`);
  }
}

function nameOf({ instanceId, seq, ordinal }: EffectId): string {
  return `${instanceId}/${seq}.${ordinal}`;
}
