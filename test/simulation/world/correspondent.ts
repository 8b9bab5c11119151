/**
 * Somebody outside who is told where to call back: calls in time or late, once, more often or never, before the request is
 * answered or after it, and sometimes an address that was never given out. Posts again what nobody answers.
 */
import { StatewrightError } from "../../../src/core/errors.js";
import type { JsonObject } from "../../../src/core/json/json.js";
import type { Engine } from "../../../src/engine.js";
import type { Owner } from "./seeded-scheduler.js";
import type { LiveProcess, Simulation } from "./simulation.js";

const TIMES = [0, 1, 1, 1, 2, 3] as const;
const DELAYS_MS = [0, 0, 1_000, 20_000, 300_000, 3_600_000] as const;
const PATIENCE_MS = 20_000;
const FORGED_CHANCE = 0.3;
const ERROR_CHANCE = 0.15;
const TRY_AGAIN = new Set(["STORE_UNAVAILABLE", "STORE_LOCKED", "ENGINE_STOPPED"]);

export class Correspondent implements Owner {
  readonly name = "correspondent";
  readonly pausedUntilMs = 0;

  constructor(
    private readonly world: Simulation,
    private readonly atHand: () => (LiveProcess & { readonly engine: Engine | undefined }) | undefined,
  ) {}

  told(callbackUrl: string): void {
    const { travel, oracles } = this.world;
    const token = callbackUrl.slice(callbackUrl.lastIndexOf("/") + 1);
    oracles.callbacks.given(token);
    const times = travel.pick(TIMES);
    for (let time = 0; time < times; time += 1) {
      const error = travel.chance(ERROR_CHANCE) ? { error: { code: "DENIED" } } : {};
      this.#later(travel.pick(DELAYS_MS), token, { address: token, ...error });
    }
    if (travel.chance(FORGED_CHANCE)) {
      const forged = `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`;
      this.#later(travel.pick(DELAYS_MS), forged, { address: forged });
    }
  }

  #later(delayMs: number, token: string, body: JsonObject): void {
    this.world.scheduler.after(this, delayMs, "posts to a callback address", () => this.#post(token, body));
  }

  #post(token: string, body: JsonObject): void {
    const { world } = this;
    const { scheduler, travel } = world;
    const process = this.atHand();
    if (process?.engine === undefined) {
      this.#later(PATIENCE_MS, token, body);
      return;
    }
    const sentAtMs = scheduler.elapsedMs;
    let isHeard = false;
    scheduler.after(this, PATIENCE_MS, "waits no longer for an answer to a callback", () => {
      if (!isHeard) this.#later(0, token, body);
    });
    process.engine.callback(token, body, { actor: this.name }).then(
      (outcome) => {
        if (!process.isAlive) return;
        scheduler.note(`a callback is answered: ${outcome.outcome}`);
        world.oracles.callbacks.heard(token, outcome, sentAtMs);
        isHeard = !travel.chance(world.mix.clientAnswerLost);
      },
      (error: unknown) => {
        const isExpected = error instanceof StatewrightError && TRY_AGAIN.has(error.code);
        if (process.isAlive && !isExpected)
          world.oracles.report("errors", `A poster was told: ${String(error)}`);
      },
    );
  }
}
