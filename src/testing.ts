/**
 * What tests of definitions need: an engine in memory on a clock that the test moves, with randomness that a seed repeats
 * and a channel whose answers the test writes down. Nothing sleeps, nothing is called, and a year takes milliseconds.
 */
import { type ScriptedChannel, scriptedChannel } from "./channels/scripted/scripted-channel.js";
import { createEngine, type EngineOptions } from "./engine.js";
import { seededRandom } from "./platform/seeded-random.js";
import { type VirtualClock, virtualClock } from "./platform/virtual-clock.js";
import type { Engine } from "./runtime/engine.js";
import { memory } from "./stores/memory/memory-store.js";
import type { DefinitionInput, EngineFor, MachinesOf } from "./typed/typed-engine.js";

export {
  completed,
  failed,
  type ScriptedAnswer,
  type ScriptedChannel,
  scriptedChannel,
} from "./channels/scripted/scripted-channel.js";
export { seededRandom } from "./platform/seeded-random.js";
export { type VirtualClock, virtualClock } from "./platform/virtual-clock.js";
export { memory } from "./stores/memory/memory-store.js";

/** 2026-01-01T00:00:00Z. */
const NEW_YEAR_2026_MS = 1_767_225_600_000;

export interface TestEngineOptions<Definitions extends readonly DefinitionInput[]>
  extends Pick<EngineOptions, "functions" | "logger"> {
  readonly definitions: Definitions;
  /** Where the clock begins: milliseconds since 1970 UTC. 2026-01-01 where nothing is said. */
  readonly startsAtMs?: number;
  /** 1 where nothing is said. */
  readonly seed?: number;
}

export interface TestEngine<Of> {
  readonly engine: Of;
  readonly clock: VirtualClock;
  /** Answers every webhook. */
  readonly webhooks: ScriptedChannel;
  /** Lets everything that is ready happen, without moving the time. */
  settle(): Promise<void>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** An engine for one test. Throws what `createEngine` throws. */
export async function testEngine<const Definitions extends readonly DefinitionInput[]>(
  options: TestEngineOptions<Definitions>,
): Promise<TestEngine<EngineFor<MachinesOf<Definitions>>>> {
  const { startsAtMs = NEW_YEAR_2026_MS, seed = 1, definitions, ...rest } = options;
  const clock = virtualClock(startsAtMs);
  const random = seededRandom(seed);
  const webhooks = scriptedChannel("webhook");
  const channels = new Map([["webhook", webhooks]]);
  const shared = { ...rest, definitions, store: memory(), clock, random, ids: random, channels };
  const engine = await createEngine(shared as EngineOptions);
  const close = () => (engine as Engine).close({ graceMs: 0 });
  return {
    engine: engine as unknown as EngineFor<MachinesOf<Definitions>>,
    clock,
    webhooks,
    settle: () => clock.advanceBy(0),
    close,
    [Symbol.asyncDispose]: close,
  };
}
