/** The desks over a database of this machine: reading beside whoever owns it, working as its owner. */

import { currentStates } from "../../core/current-states.js";
import type { CanonicalDefinition } from "../../core/definition/definition-document.generated.js";
import { StatewrightError } from "../../core/errors.js";
import type { Snapshot } from "../../core/model/snapshot.js";
import { isOver } from "../../core/settled.js";
import type { DefinitionRow, Engine, InstanceRow, OperateResult } from "../../index.js";
import type { Opened } from "../open-store.js";
import { awaitSettled, settleInstance } from "../owner/settle.js";
import type { DefinitionSummary, InstanceSummary, ReadingDesk, WorkingDesk } from "./desk.js";

export function localReading({ reader, operators, store }: Opened): ReadingDesk {
  return {
    document: (instanceId) => reader.document(instanceId),
    async trail(instanceId, page) {
      // The row is read first: what it says has ended has its last entry in the trail already.
      const row = await reader.row(instanceId);
      const entries = await reader.trail(instanceId, page);
      const isLast = page.afterSeq + entries.length >= row.seq && entries.length < page.limit;
      return { entries, isOver: isLast && isOver(JSON.parse(row.snapshot) as Snapshot) };
    },
    async instances(filter, limit, onFound) {
      const search = operators.search(filter);
      const rows: InstanceSummary[] = [];
      for await (const row of search.rows()) {
        rows.push(summaryOf(row));
        onFound(rows.length);
        if (rows.length === limit) break;
      }
      const { firstFault } = search;
      return { rows, ...(firstFault === undefined ? {} : { whereFault: firstFault }) };
    },
    incidents: (filter, limit) => operators.incidents(filter, limit),
    incidentGroups: (filter) => operators.incidentGroups(filter),
    definitions: async () => (await store.listDefinitions()).map(withoutText),
    async definition(stateMachineId, version) {
      const row = await store.loadDefinition(stateMachineId, version);
      if (row === undefined) throw definitionUnknown(stateMachineId, version);
      return { ...withoutText(row), definition: JSON.parse(row.text) as CanonicalDefinition };
    },
    foresee: (request) =>
      operators.operate(request, () =>
        Promise.reject(new Error("Broken invariant: a dry run changes nothing.")),
      ),
  };
}

export function localWorking(engine: Engine): WorkingDesk {
  return {
    publish: (text, facts) => engine.publish(text, facts),
    async start(stateMachineId, request, timeoutMs) {
      const started = await engine.start(stateMachineId, request);
      return { ...started, settled: await settleInstance(engine, started.instanceId, timeoutMs) };
    },
    async send(instanceId, eventId, request, timeoutMs) {
      const sent = await engine.send(instanceId, eventId, { ...request, wait: "settled", timeoutMs });
      return { instanceId, ...sent, settled: await settleInstance(engine, instanceId, timeoutMs) };
    },
    async signal(name, request) {
      const moved = new Set<string>();
      const endWatch = engine.watch(({ snapshot, command: { type, ...rest } }) => {
        if (type === "signal" || (type === "start" && "at" in rest)) moved.add(snapshot.instanceId);
      });
      const outcome = await engine.signal(name, request);
      await awaitSettled(engine, moved);
      endWatch();
      return outcome;
    },
    async operate(request, onProgress) {
      const outcome = await engine.operateAll({ ...request, onProgress });
      const done = outcome.results.filter((result) => result.outcome === "done");
      await awaitSettled(
        engine,
        done.map(({ instanceId }) => instanceId),
      );
      const results = await Promise.all(outcome.results.map((result) => asSettled(engine, result)));
      return { ...outcome, results };
    },
  };
}

/** As it is when what the act caused is over. */
async function asSettled(engine: Engine, result: OperateResult): Promise<OperateResult> {
  const snapshot = await engine.snapshot(result.instanceId);
  if (snapshot === undefined) return result;
  return { ...result, status: snapshot.status, currentState: currentStates(snapshot)[0] ?? "" };
}

function summaryOf({ partition: _, snapshot: __, ...row }: InstanceRow): InstanceSummary {
  return row;
}

function withoutText({ text: _, ...row }: DefinitionRow): DefinitionSummary {
  return row;
}

function definitionUnknown(stateMachineId: string, version: number | undefined): StatewrightError {
  const name = version === undefined ? stateMachineId : `${stateMachineId}@${version}`;
  return new StatewrightError("DEFINITION_UNKNOWN", `No state machine "${name}" has been published.`, {
    hint: "See what is there: statewright definitions",
  });
}
