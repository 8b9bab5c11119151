/** Reading instances: documents, history, trails. Needs no ownership of the store, so it works beside a running engine. */

import { openTrailEntry, type TrailEntry } from "../core/audit/trail-entry.js";
import { type TrailVerdict, verifyAudit } from "../core/audit/verify-audit.js";
import { StatewrightError } from "../core/errors.js";
import { type InstanceDocument, instanceDocument } from "../core/instance-document.js";
import { canonicalJson } from "../core/json/canonical-json.js";
import type { Json } from "../core/json/json.js";
import type { Machine } from "../core/model/machine.js";
import type { Snapshot, Visit } from "../core/model/snapshot.js";
import { replay, versionsIn } from "../core/replay.js";
import type { AuditRow, DefinitionRow, EffectRow, InstanceRow, TimerRow } from "../ports/store.js";
import { readSnapshot, readVisit } from "./commit/stored-rows.js";
import { definitionUnknown, type Machines } from "./machines.js";
import type { RuntimePorts } from "./runtime-ports.js";

const PAGE = 500;
const MAX_ATTEMPTS = 20;

export interface ReplayVerdict {
  /** True when the fold of the trail is the stored snapshot, byte for byte. */
  readonly isEqual: boolean;
  readonly message: string;
}

/** What an instance still waits for or has to send. */
export interface Pending {
  readonly effects: readonly EffectRow[];
  readonly timers: readonly TimerRow[];
}

/** An audit entry with its place among those of all instances. */
export interface JournalEntry extends TrailEntry {
  readonly position: number;
}

type MachineOfEntry = Pick<InstanceRow, "stateMachineId" | "version">;

export class Reader {
  constructor(
    private readonly ports: Pick<RuntimePorts, "store" | "sha256">,
    private readonly machines: Machines,
  ) {}

  /** Throws `INSTANCE_UNKNOWN`. */
  async document(instanceId: string, options: { readonly reveal?: boolean } = {}): Promise<InstanceDocument> {
    const row = await this.row(instanceId);
    return this.documentAt(readSnapshot(row), options);
  }

  /** The instance as it was at a snapshot, whatever has happened since. */
  async documentAt(
    snapshot: Snapshot,
    options: { readonly reveal?: boolean } = {},
  ): Promise<InstanceDocument> {
    const machine = await this.machines.load(snapshot.stateMachineId, snapshot.version);
    const isOpen = new Set(snapshot.tokens.map((token) => token.visit.ordinal));
    const closed = (await this.#closedVisits(snapshot.instanceId)).filter(
      ({ ordinal }) => ordinal < snapshot.counters.visits && !isOpen.has(ordinal),
    );
    return instanceDocument(machine, snapshot, closed, options);
  }

  /** Every entry, by seq. */
  async audit(instanceId: string): Promise<readonly AuditRow[]> {
    return (await this.#trail(instanceId)).trail;
  }

  /**
   * Entries by seq, opened, with sensitive values masked: at most `limit` from after `afterSeq`. Throws `INSTANCE_UNKNOWN`.
   */
  async trail(
    instanceId: string,
    page: { readonly afterSeq: number; readonly limit: number },
  ): Promise<readonly TrailEntry[]> {
    const { stateMachineId, version } = await this.row(instanceId);
    const sensitive = await this.sensitive(stateMachineId, version);
    const rows = await this.ports.store.loadAudit(instanceId, page);
    return rows.map((row) => openTrailEntry(row, sensitive));
  }

  /** Entries of all instances in the order of their commits, opened and masked; see `Store.loadJournal`. */
  async journal(page: {
    readonly afterPosition: number;
    readonly limit: number;
  }): Promise<readonly JournalEntry[]> {
    const rows = await this.ports.store.loadJournal(page);
    return Promise.all(
      rows.map(async (row) => {
        // The instance's machine stands in its entry, also that of one that has been migrated since.
        const { stateMachineId, version } = JSON.parse(row.entry) as MachineOfEntry;
        const sensitive = await this.machines.sensitive(stateMachineId, version);
        return { position: row.position, ...openTrailEntry(row, sensitive) };
      }),
    );
  }

  journalHead(): Promise<number> {
    return this.ports.store.journalHead();
  }

  /** The rows of instances, in the order of the ids; `undefined` where there is none. */
  rows(instanceIds: readonly string[]): Promise<readonly (InstanceRow | undefined)[]> {
    return this.ports.store.loadInstances(instanceIds);
  }

  /** The given version, or the highest. Throws `DEFINITION_UNKNOWN`. */
  async definition(stateMachineId: string, version?: number): Promise<DefinitionRow> {
    const row = await this.ports.store.loadDefinition(stateMachineId, version);
    if (row !== undefined) return row;
    throw definitionUnknown(stateMachineId, version);
  }

  /** Pointers into data that the definition calls sensitive; none where it is not published. */
  sensitive(stateMachineId: string, version: number): Promise<readonly string[]> {
    return this.machines.sensitive(stateMachineId, version);
  }

  /** Every version, by id, then version. */
  definitions(): Promise<readonly DefinitionRow[]> {
    return this.ports.store.listDefinitions();
  }

  /**
   * The instance's row and its trail as of one moment. Beside a running engine a commit may come in between; then both are
   * read again, so that an entry too many is never mistaken for a commit, nor a commit for an entry too many.
   */
  async #trail(
    instanceId: string,
  ): Promise<{ readonly row: InstanceRow; readonly trail: readonly AuditRow[] }> {
    let row = await this.row(instanceId);
    for (let attempt = 1; ; attempt += 1) {
      const trail = await this.#pages(
        (after: number) => this.ports.store.loadAudit(instanceId, { afterSeq: after, limit: PAGE }),
        (entry) => entry.seq,
        0,
      );
      const { seq } = row;
      const again = await this.row(instanceId);
      if (again.seq === seq) return { row, trail };
      if (attempt >= MAX_ATTEMPTS) return { row, trail: trail.filter((entry) => entry.seq <= seq) };
      row = again;
    }
  }

  async verify(instanceId: string): Promise<TrailVerdict> {
    const { row, trail } = await this.#trail(instanceId);
    return verifyAudit(instanceId, trail, this.ports.sha256, row.seq);
  }

  /** Whether the trail, fed to the step again, gives the stored snapshot. */
  async replay(instanceId: string): Promise<ReplayVerdict> {
    const { row, trail } = await this.#trail(instanceId);
    const result = replay(await this.#machinesOf(row, trail), trail);
    switch (result.outcome) {
      case "erased":
        return {
          isEqual: true,
          message: `Values of entry ${result.seq} were erased; the instance is exempt from replay.`,
        };
      case "diverged":
        return { isEqual: false, message: `Replay stops at entry ${result.seq}: ${result.message}` };
      case "replayed": {
        const isEqual = canonicalJson(result.snapshot as unknown as Json) === row.snapshot;
        return {
          isEqual,
          message: isEqual
            ? "The trail gives the stored snapshot."
            : "The trail does not give the stored snapshot.",
        };
      }
    }
  }

  /** The versions that it has been on. */
  async #machinesOf(
    { stateMachineId, version }: InstanceRow,
    trail: readonly AuditRow[],
  ): Promise<ReadonlyMap<number, Machine>> {
    const machines = new Map([[version, await this.machines.load(stateMachineId, version)]]);
    for (const former of versionsIn(trail)) {
      if (machines.has(former)) continue;
      const machine = await this.machines.find(stateMachineId, former);
      if (machine !== undefined) machines.set(former, machine);
    }
    return machines;
  }

  async pending(instanceId: string): Promise<Pending> {
    const [effects, timers] = await Promise.all([
      this.ports.store.loadEffects(instanceId),
      this.ports.store.loadTimers(instanceId),
    ]);
    return { effects, timers };
  }

  /** Throws `INSTANCE_UNKNOWN`. */
  async row(instanceId: string): Promise<InstanceRow> {
    const [row] = await this.ports.store.loadInstances([instanceId]);
    if (row !== undefined) return row;
    throw new StatewrightError("INSTANCE_UNKNOWN", `There is no instance "${instanceId}".`, {
      hint: "Check the id and the database (--db).",
    });
  }

  async #closedVisits(instanceId: string): Promise<Visit[]> {
    const rows = await this.#pages(
      (after: number) => this.ports.store.loadHistory(instanceId, { afterOrdinal: after, limit: PAGE }),
      (row) => row.ordinal,
      -1,
    );
    return rows.map(readVisit);
  }

  async #pages<Row>(
    load: (after: number) => Promise<readonly Row[]>,
    place: (row: Row) => number,
    first: number,
  ): Promise<Row[]> {
    const all: Row[] = [];
    let after = first;
    for (;;) {
      const page = await load(after);
      all.push(...page);
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return all;
      after = place(last);
    }
  }
}
