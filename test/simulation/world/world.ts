/**
 * Everything in one run: the tables, the processes that come and go on them, the network, the outside and the clock.
 * Also what happens to processes: they are killed, paused, stopped and taken over, and somebody always starts another. The
 * clock is set forward and back; the store goes away for a while, or has no room.
 *
 * Invariants:
 * 1. At most one process is the owner; one that was taken over lives on for a while and does not know.
 * 2. Once the faults have stopped, whatever is wrong is not the world's doing.
 */
import type { Machine } from "../../../src/core/model/machine.js";
import { seededRandom } from "../../../src/platform/seeded-random.js";
import { Oracles } from "../oracles/oracles.js";
import type { PlantedBug } from "../planted-bug.js";
import { definitionRows, machineNamed } from "../workload/definitions.js";
import type { BackedStore, Backing, MemoryTables } from "./backing.js";
import { Correspondent } from "./correspondent.js";
import { Draw, streamSeed } from "./draw.js";
import { drawFaultMix, type FaultMix, type FaultName, NO_FAULTS_AT_ALL, withoutFaults } from "./fault-mix.js";
import { Ledger } from "./ledger.js";
import { type Owner, SeededScheduler } from "./seeded-scheduler.js";
import { SimulatedProcess } from "./simulated-process.js";
import type { LiveProcess, Simulation } from "./simulation.js";
import type { Tables } from "./tables.js";
import { NOTHING_DONE, type WorkDone } from "./work-done.js";

/** Less than stored answers are kept, so that a client that asks again still finds its own. */
const MOST_JUMPED_MS = 3 * 24 * 3_600_000;
/** How long nothing happens, at the most, while a timer waits: the clock may have been set back by so much. */
export const MOST_SET_BACK_MS = 3 * 3_600_000;
/** So many pauses last longer than a lease. */
const LONG_PAUSE_CHANCE = 0.3;
const UNFENCED_CHANCE = 0.25;
const START_MS = Date.UTC(2026, 0, 1);

export class World implements Simulation {
  readonly faults: Draw;
  readonly travel: Draw;
  readonly scheduler: SeededScheduler;
  readonly engineRandom: ReturnType<typeof seededRandom>;
  readonly tables: Tables;
  readonly memoryTables: MemoryTables | undefined;
  readonly newStore: () => BackedStore;
  readonly ledger = new Ledger();
  readonly work: WorkDone = { ...NOTHING_DONE };
  readonly network: Owner = { name: "network", pausedUntilMs: 0 };
  readonly oracles: Oracles;
  mix: FaultMix;
  owner: SimulatedProcess | undefined;
  /** Taken over, and still running. */
  zombies: SimulatedProcess[] = [];
  isCalm = false;
  /** Nothing keeps a process that was taken over from writing but the guard on the seq. */
  readonly isUnfenced: boolean;
  readonly #changedMachines = new Map<string, Machine>();
  #processes = 0;
  #jumpedMs = 0;
  #setBackMs = 0;
  #outageUntilMs = 0;
  #fullUntilMs = 0;
  readonly #correspondent = new Correspondent(this, () => this.#atHand());
  readonly #operator: Owner = { name: "operator", pausedUntilMs: 0 };

  constructor(
    readonly seed: number,
    backing: Backing,
    readonly bug: PlantedBug | undefined,
    /** Faults that do not happen, although the seed has drawn them. */
    private readonly leftOut: ReadonlySet<FaultName>,
  ) {
    this.tables = backing.tables;
    this.memoryTables = backing.memoryTables;
    this.newStore = () => backing.newStore();
    this.faults = new Draw(seed, "faults");
    this.travel = new Draw(seed, "network");
    this.scheduler = new SeededScheduler(new Draw(seed, "schedule"), START_MS);
    this.engineRandom = seededRandom(streamSeed(seed, "engine"));
    this.mix = withoutFaults(drawFaultMix(this.faults), this.leftOut);
    this.isUnfenced = this.faults.chance(UNFENCED_CHANCE);
    const watched = {
      tables: this.tables,
      ledger: this.ledger,
      work: this.work,
      latestMs: () => this.scheduler.latestMs,
      elapsedMs: () => this.scheduler.elapsedMs,
      machineNamed: (stateMachineId: string) => this.machineNamed(stateMachineId),
    };
    this.oracles = new Oracles(watched, [...(bug?.hiddenFrom ?? []), ...(this.isUnfenced ? ["fence"] : [])]);
    for (const row of definitionRows()) this.tables.definitions.save(row);
  }

  machineNamed(stateMachineId: string): Machine {
    const known = this.#changedMachines.get(stateMachineId);
    if (known !== undefined) return known;
    const machine = machineNamed(stateMachineId);
    const changed = this.bug?.machine?.(machine) ?? machine;
    this.#changedMachines.set(stateMachineId, changed);
    return changed;
  }

  get storeTrouble(): "outage" | "disk full" | undefined {
    const { elapsedMs } = this.scheduler;
    if (elapsedMs < this.#outageUntilMs) return "outage";
    return elapsedMs < this.#fullUntilMs ? "disk full" : undefined;
  }

  start(): void {
    this.#processes += 1;
    const process = new SimulatedProcess(`process-${this.#processes}`, this, this.bug);
    this.owner = process;
    this.scheduler.note(`${process.name} starts`);
    process.boot().catch((error: unknown) => {
      if (process.isAlive) this.kill(process, `in its start: ${String(error)}`);
    });
  }

  toldAddress(callbackUrl: string): void {
    this.#correspondent.told(callbackUrl);
  }

  /** Whoever answers at the address now: the owner, or one that was taken over and does not know. */
  #atHand(): SimulatedProcess | undefined {
    const [zombie] = this.zombies;
    return zombie !== undefined && this.travel.chance(0.3) ? zombie : this.owner;
  }

  kill(process: LiveProcess, why: string): void {
    if (!process.isAlive) return;
    this.work.kills += 1;
    this.scheduler.note(`${process.name} dies ${why}`);
    this.#remove(process);
  }

  /** What may befall a process before any step; false where nothing did. */
  disturb(): boolean {
    const { faults, mix, owner } = this;
    if (this.isCalm || owner === undefined || !owner.isAlive) return false;
    // One draw for all of them: this is asked before every step.
    let left = faults.fraction();
    const befalls = (rate: number): boolean => {
      left -= rate;
      return left < 0;
    };
    if (befalls(mix.kill)) this.kill(faults.pick([owner, ...this.zombies]), "suddenly");
    else if (befalls(mix.pause)) this.#pause(faults.pick([owner, ...this.zombies]));
    else if (befalls(mix.jump)) this.#jump();
    else if (befalls(mix.takeover)) this.#takeOver(owner);
    else if (befalls(mix.stop)) this.#stop(owner);
    else if (befalls(mix.setBack)) this.#setBack();
    else if (befalls(mix.outage)) this.#outage();
    else if (befalls(mix.diskFull)) this.#fillDisk();
    return left < 0;
  }

  /** No more faults: from now on everything must come to its end by itself. */
  calm(): void {
    this.isCalm = true;
    this.mix = NO_FAULTS_AT_ALL;
    this.#outageUntilMs = 0;
    this.#fullUntilMs = 0;
    this.scheduler.note("the faults stop");
    this.scheduler.lastWorkMs = this.scheduler.elapsedMs;
    for (const zombie of [...this.zombies]) this.kill(zombie, "because it was taken over");
    // An owner looks for what it wrote itself; what another wrote without a lease is found by the next start alone.
    if (this.isUnfenced && this.owner !== undefined) this.kill(this.owner, "so that somebody looks again");
  }

  /** The run is over: nothing of any process goes on. */
  end(): void {
    for (const process of [this.owner, ...this.zombies]) process?.end();
  }

  #pause(process: SimulatedProcess): void {
    this.work.pauses += 1;
    process.pausedUntilMs = this.scheduler.elapsedMs + this.faults.between(1, 90_000);
    this.scheduler.note(`${process.name} is paused`);
    if (process === this.owner && this.faults.chance(LONG_PAUSE_CHANCE)) this.#takeOver(process);
  }

  #jump(): void {
    const durationMs = this.faults.pick([50, 5_000, 61_000, 3_600_000, 90_000_000]);
    if (this.#jumpedMs + durationMs > MOST_JUMPED_MS) return;
    this.#jumpedMs += durationMs;
    this.work.jumps += 1;
    this.scheduler.setClock(durationMs);
    this.scheduler.note("the clock jumps forward");
  }

  #setBack(): void {
    const durationMs = this.faults.pick([1, 50, 5_000, 61_000, 3_600_000]);
    if (this.#setBackMs + durationMs > MOST_SET_BACK_MS) return;
    this.#setBackMs += durationMs;
    this.work.setBacks += 1;
    this.scheduler.setClock(-durationMs);
    this.scheduler.note("the clock is set back");
  }

  #outage(): void {
    this.work.outages += 1;
    this.#outageUntilMs = this.scheduler.elapsedMs + this.faults.between(1, 120_000);
    this.scheduler.note("the store is gone");
  }

  #fillDisk(): void {
    this.work.fullDisks += 1;
    this.#fullUntilMs = this.scheduler.elapsedMs + this.faults.between(1, 120_000);
    this.scheduler.note("the disk is full");
  }

  /** The lease goes to another process while this one still runs. */
  #takeOver(process: SimulatedProcess): void {
    if (process.engine === undefined || process.isStopping || this.zombies.length > 0) return;
    this.work.takeovers += 1;
    this.zombies.push(process);
    process.loseLease();
    this.scheduler.note(`${process.name} is taken over`);
    this.scheduler.after(this.#operator, this.faults.between(1, 120_000), `ends ${process.name}`, () =>
      this.kill(process, "because it was taken over"),
    );
    this.start();
  }

  #stop(process: SimulatedProcess): void {
    if (process.engine === undefined || process.isStopping) return;
    this.work.stops += 1;
    process.isStopping = true;
    this.scheduler.note(`${process.name} is asked to stop`);
    const graceMs = this.faults.pick([0, 1_000, 10_000]);
    this.scheduler.ready(process, "begins to stop", () => this.#close(process, graceMs));
  }

  #close(process: SimulatedProcess, graceMs: number): void {
    process.engine?.close({ graceMs }).then(
      () => {
        if (!process.isAlive) return;
        this.scheduler.note(`${process.name} has stopped`);
        this.#remove(process);
      },
      (error: unknown) => {
        if (process.isAlive) this.oracles.report("stop", `A stop failed: ${String(error)}`);
      },
    );
  }

  #remove(process: LiveProcess): void {
    for (const own of [this.owner, ...this.zombies]) if (own === process) own.end();
    this.scheduler.forget(process);
    this.zombies = this.zombies.filter((zombie) => zombie !== process);
    if (this.owner !== process) return;
    this.owner = undefined;
    const delayMs = this.faults.pick([0, 10, 2_000, 100_000]);
    this.scheduler.after(this.#operator, delayMs, "starts a process", () => this.start());
  }
}
