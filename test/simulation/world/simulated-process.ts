/**
 * One process that runs the engine: the real runtime, on ports that the seed rules. When it dies its promises never
 * settle, its wake-ups never come, and nothing it still says is heard; what it wrote stays in the tables.
 */
import { hmacSigner } from "../../../src/platform/hmac-signer.js";
import { sha256 } from "../../../src/platform/sha256.js";
import type { Clock } from "../../../src/ports/clock.js";
import type { Faults } from "../../../src/ports/faults.js";
import type { Logger } from "../../../src/ports/logger.js";
import { NO_TELEMETRY } from "../../../src/ports/telemetry.js";
import { Engine } from "../../../src/runtime/engine.js";
import type { RuntimePorts } from "../../../src/runtime/runtime-ports.js";
import { Service } from "../../../src/runtime/service.js";
import { readDefinitionSource } from "../../../src/validation.js";
import type { PlantedBug } from "../planted-bug.js";
import type { BackedStore } from "./backing.js";
import { faultyChannel } from "./faulty-channel.js";
import { faultyStore } from "./faulty-store.js";
import { WAKE_UP } from "./seeded-scheduler.js";
import type { LiveProcess, Simulation } from "./simulation.js";
import { unfencedStore } from "./unfenced-store.js";

export class SimulatedProcess implements LiveProcess {
  pausedUntilMs = 0;
  isAlive = true;
  isStopping = false;
  engine: Engine | undefined;
  service: Service | undefined;
  #backed: BackedStore | undefined;

  constructor(
    readonly name: string,
    private readonly world: Simulation,
    private readonly bug: PlantedBug | undefined,
  ) {}

  /** Rejects when the store does not answer: such a process ends, and somebody starts another. */
  async boot(): Promise<void> {
    const { bug } = this;
    const { tables, faults } = this.world;
    this.#backed = this.world.newStore();
    const plain = this.#backed.store;
    await plain.open();
    if (this.world.isUnfenced) unfencedStore(plain, tables);
    const inner = bug?.beneathStore?.(plain, this.world) ?? plain;
    const faulty = faultyStore(inner, this, this.world);
    const plainPorts = this.#ports(bug?.aboveStore?.(faulty, this.world, this) ?? faulty);
    const ports = bug?.ports?.(plainPorts) ?? plainPorts;
    const settings = { maxTries: faults.between(1, 6), maxDeliveries: faults.between(1, 3), maxLinks: 4 };
    this.service = await Service.start(ports, settings);
    this.engine = new Engine(ports, this.service);
    bug?.onBoot?.(this.service, this.world, this);
  }

  /** Its lease is anybody's; it does not know. */
  loseLease(): void {
    this.#backed?.loseLease();
  }

  /** It is dead: nothing of it is heard any more, and the operating system lets go of what it held. */
  end(): void {
    this.isAlive = false;
    this.#backed?.abandon();
  }

  #ports(store: RuntimePorts["store"]): RuntimePorts {
    const { world } = this;
    const channel = faultyChannel(this, world);
    return {
      store,
      clock: this.#clock(),
      random: world.engineRandom,
      ids: world.engineRandom,
      faults: this.#faults(),
      logger: this.#logger(),
      telemetry: NO_TELEMETRY,
      channels: new Map([["webhook", this.bug?.channel?.(channel) ?? channel]]),
      senders: { verify: () => true },
      sha256,
      signer: hmacSigner(),
      callbacks: { baseUrl: "http://engine.example" },
      read: readDefinitionSource,
      compile: (definition) => world.machineNamed(String(definition.stateMachineId)),
    };
  }

  #clock(): Clock {
    const { scheduler } = this.world;
    return {
      now: () => scheduler.now(),
      wakeAt: (instantMs, wake) => (this.isAlive ? scheduler.at(this, instantMs, WAKE_UP, wake) : () => {}),
      turn: () =>
        new Promise((resolve) => {
          if (this.isAlive) scheduler.ready(this, "has a turn", resolve);
        }),
    };
  }

  #faults(): Faults {
    return {
      reach: (point) => {
        if (!this.isAlive || !this.world.faults.chance(this.world.mix.crashAtPoint)) return;
        this.world.work.crashesAtPoints += 1;
        this.world.kill(this, `at ${point}`);
        throw new Error(`The process died at ${point}.`);
      },
    };
  }

  /** Trouble is expected here, but never a fault of the program. */
  #logger(): Logger {
    const say = (message: string, details?: object): void => {
      const text = `${message} ${JSON.stringify(details ?? {})}`;
      if (this.isAlive && /Broken invariant|TypeError|RangeError|ReferenceError/.test(text))
        this.world.oracles.report("invariant", text);
    };
    return { debug: () => {}, info: () => {}, warn: say, error: say };
  }
}
