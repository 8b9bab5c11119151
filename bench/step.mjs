/**
 * The pure step in memory against XState's pure `transition`: the same machine, the same events, no I/O. Rates are
 * commands a second of processor time.
 *
 *     node bench/step.mjs [--quick] [--json]
 *
 * Before anything is measured both are run side by side and must be in the same state with the same data after every
 * event. Two more contenders tell what belongs to a commit: data schemas, and everything that is computed before a
 * transaction is written (canonical JSON of snapshot and history, sealed audit entry).
 */
import { isDeepStrictEqual } from "node:util";
import { assign, createMachine, initialTransition, transition } from "xstate";
import { loadBuilt } from "./built-engine.mjs";
import { runAsProgram } from "./program.mjs";
import { measureOf, ratioOf, runRounds } from "./rounds.mjs";
import { LIFE, START_DATA, transferDefinition, transferForXState } from "./transfer.mjs";

const NOW_MS = Date.UTC(2026, 0, 1);
const COMMANDS_A_LIFE = LIFE.length + 1;

export async function measureStep({ isQuick }) {
  const settings = isQuick
    ? { rounds: 3, warmUpRounds: 1, lives: 40 }
    : { rounds: 11, warmUpRounds: 3, lives: 400 };
  const plain = await stepLife(false);
  const checked = await stepLife(true);
  const xstate = xstateLife();
  compareLives(plain, xstate);
  compareLives(checked, xstate);
  const prepare = await commitLife(checked);

  const contenders = [
    { id: "xstate", what: "XState, pure transition", run: () => xstate() },
    { id: "step", what: "step", run: () => plain.live() },
    { id: "stepWithSchemas", what: "step, data schemas checked", run: () => checked.live() },
    { id: "stepWithRows", what: "step, data schemas, canonical JSON and sealed audit entry", run: prepare },
  ];
  const values = await runRounds(
    contenders.map(({ id, run }) => ({ id, run: () => commandsASecond(run, settings.lives) })),
    settings,
  );
  const against = (id) => [values.get(id), values.get("xstate")];
  return {
    bench: "step",
    title: "The pure step",
    settings: { ...settings, commandsALife: COMMANDS_A_LIFE },
    measures: contenders.map(({ id, what }) => measureOf({ id, what, unit: "commands/s" }, values.get(id))),
    ratios: [
      ratioOf(
        { id: "stepToXState", what: "step / XState transition", goal: { atLeast: 10 } },
        ...against("step"),
      ),
      ratioOf(
        { id: "stepWithSchemasToXState", what: "step with data schemas / XState transition without" },
        ...against("stepWithSchemas"),
      ),
      ratioOf(
        { id: "stepWithRowsToXState", what: "step with all that a commit computes / XState transition" },
        ...against("stepWithRows"),
      ),
    ],
  };
}

/** By the processor's time, not the clock's: nothing here waits, and a busy machine must not count as a slow step. */
function commandsASecond(live, lives) {
  const before = process.cpuUsage();
  for (let life = 0; life < lives; life += 1) live();
  const { user, system } = process.cpuUsage(before);
  return (lives * COMMANDS_A_LIFE) / ((user + system) / 1e6);
}

/** One life on the step; `live` calls back after each command. */
async function stepLife(hasSchemas) {
  const [{ step }, { readDefinition }, { compileMachine }, { ajvSchemaCompiler }] = await Promise.all(
    [
      "core/step/step.js",
      "core/definition/read-definition.js",
      "core/model/compile-machine.js",
      "platform/ajv-schema-compiler.js",
    ].map(loadBuilt),
  );
  const schemas = ajvSchemaCompiler();
  const { definition, findings } = readDefinition(
    { document: transferDefinition({ hasSchemas }) },
    { schemas },
  );
  if (definition === undefined) throw new Error(`The definition is not valid: ${JSON.stringify(findings)}`);
  const machine = compileMachine(definition, schemas);
  const envelope = {
    actor: "ada",
    source: "library",
    random: "0123456789abcdef0123456789abcdef",
    variables: {},
  };
  const commands = [
    { ...envelope, type: "start", instanceId: "11111111-2222-4333-8444-555555555555", data: START_DATA },
    ...LIFE.map(({ eventId, data }) => ({ ...envelope, type: "event", eventId, data })),
  ];
  const live = (follow) => {
    let snapshot;
    for (const command of commands) {
      const result = step(machine, snapshot, command, NOW_MS);
      if (!result.ok) throw new Error(`${command.eventId ?? "start"}: ${result.rejection.message}`);
      snapshot = result.snapshot;
      follow?.(result, command);
    }
  };
  return { live };
}

function xstateLife() {
  const machine = transferForXState({ createMachine, assign });
  const events = LIFE.map(({ eventId, data }) => ({ type: eventId, data }));
  return (follow) => {
    let [snapshot] = initialTransition(machine, START_DATA);
    follow?.(snapshot);
    for (const event of events) {
      [snapshot] = transition(machine, snapshot, event);
      follow?.(snapshot);
    }
  };
}

/** Equal machines only: otherwise the ratio compares nothing. */
function compareLives({ live }, xstate) {
  const places = [];
  live(({ snapshot }) => places.push({ state: snapshot.tokens[0].stateId, data: snapshot.data }));
  const others = [];
  xstate((snapshot) => others.push({ state: snapshot.value, data: snapshot.context }));
  if (!isDeepStrictEqual(places, others)) {
    throw new Error(`The machines differ:\n${JSON.stringify(places)}\n${JSON.stringify(others)}`);
  }
}

/** A life in which every step is also made into the rows of its commit. */
async function commitLife({ live }) {
  const [{ prepareCommit }, { sha256 }, { cryptoRandom }, { FIRST_PREVIOUS_HASH }] = await Promise.all(
    [
      "runtime/commit/prepare-commit.js",
      "platform/sha256.js",
      "platform/crypto-random.js",
      "core/audit/audit-entry.js",
    ].map(loadBuilt),
  );
  const ports = { sha256, random: cryptoRandom() };
  return () => {
    let previousHash = FIRST_PREVIOUS_HASH;
    live((result, command) => {
      const stepped = { ...result, command, nowMs: NOW_MS, previousHash, idempotency: undefined };
      previousHash = prepareCommit(stepped, ports).audit.hash;
    });
  };
}

await runAsProgram(import.meta.url, measureStep);
