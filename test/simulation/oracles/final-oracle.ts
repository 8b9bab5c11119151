/**
 * What must hold when the faults have stopped and nothing is left to do at any time.
 *
 * - `drain`: nothing is due, nothing is left to send, every instance has ended, waits, or is suspended with an incident
 * - `final`: trails verify and replay from their first entry to the stored snapshot; what was acknowledged is there
 * - `money`: a completed transfer was paid, one that was called off was not
 */
import { verifyAudit } from "../../../src/core/audit/verify-audit.js";
import { canonicalJson } from "../../../src/core/json/canonical-json.js";
import type { Json } from "../../../src/core/json/json.js";
import type { Snapshot } from "../../../src/core/model/snapshot.js";
import { replay } from "../../../src/core/replay.js";
import { sha256 } from "../../../src/platform/sha256.js";
import type { InstanceRow } from "../../../src/ports/store.js";
import type { Simulation } from "../world/simulation.js";
import { restFault } from "./token-oracle.js";

/** Of so many seeds, one has its trails replayed as a whole too. */
const WHOLE_REPLAY_SEEDS = 4;

export function checkEnd(simulation: Simulation): void {
  const { tables, oracles } = simulation;
  for (const row of tables.instances.list({ limit: 1_000 })) {
    checkTrail(simulation, row);
    checkRest(simulation, row);
    checkTransfer(simulation, row);
  }
  oracles.family.checkEnd();
  oracles.undo.checkEnd();
  for (const [mark, { instanceId, seq }] of oracles.answers.acknowledged) {
    const [entry] = tables.audit.load(instanceId, seq - 1, 1);
    if (entry?.entry.includes(`"actor":${JSON.stringify(mark)}`) !== true)
      oracles.report("final", `${mark} was told ${instanceId}@${seq}, and in the end it is not there.`);
  }
}

function checkTrail(simulation: Simulation, row: InstanceRow): void {
  const { tables, oracles, seed } = simulation;
  const entries = tables.audit.load(row.instanceId, 0, 10_000);
  const { faults } = verifyAudit(row.instanceId, entries, sha256, row.seq);
  const [fault] = faults;
  if (fault !== undefined) oracles.report("final", `${row.instanceId}: ${fault.message}`);
  // Entry by entry it was followed already.
  if (seed % WHOLE_REPLAY_SEEDS !== 0) return;
  const replayed = replay(simulation.machineNamed(row.stateMachineId), entries);
  if (replayed.outcome !== "replayed" || canonicalJson(replayed.snapshot as unknown as Json) !== row.snapshot)
    oracles.report("final", `${row.instanceId}: the whole trail does not give the stored snapshot.`);
}

function checkRest(simulation: Simulation, row: InstanceRow): void {
  const { tables, oracles } = simulation;
  const name = `${row.instanceId} (${row.stateMachineId}, ${row.currentState}, ${row.status})`;
  const [effect] = tables.effects.load(row.instanceId);
  if (effect !== undefined)
    oracles.report("drain", `${name} has still to send ${effect.seq}.${effect.ordinal}, and nobody does.`);
  const [timer] = tables.timers.load(row.instanceId);
  if (timer !== undefined)
    oracles.report("drain", `${name} has still the timer ${timer.timerId}, and nobody fires it.`);
  const snapshot = JSON.parse(row.snapshot) as Snapshot;
  const isHeld = row.status === "suspended";
  const isBusy = snapshot.kept.length > 0 || snapshot.tokens.some((token) => token.agenda !== undefined);
  const openIncidents = tables.incidents.list({ instanceId: row.instanceId, isOpen: true, limit: 10 });
  if (isBusy && openIncidents.length === 0)
    oracles.report("drain", `${name} is under way, and nothing moves it.`);
  const stuck = restFault(simulation.machineNamed(row.stateMachineId), snapshot);
  if (stuck !== undefined && openIncidents.length === 0) oracles.report("drain", `${name}: ${stuck}`);
  if (isHeld && openIncidents.length === 0)
    oracles.report("drain", `${name} is suspended without an incident.`);
}

function checkTransfer({ ledger, oracles }: Simulation, row: InstanceRow): void {
  if (row.stateMachineId !== "transfer") return;
  const transfer = ledger.transfers.get(row.instanceId);
  if (row.currentState === "paid" && transfer?.posted !== 1)
    oracles.report("money", `${row.instanceId} is paid, and the bank says ${JSON.stringify(transfer)}.`);
  if (row.currentState === "calledOff" && (transfer?.posted === 1 || (transfer?.held ?? 0) > 0))
    oracles.report(
      "money",
      `${row.instanceId} is called off, and the bank says ${JSON.stringify(transfer)}.`,
    );
}
