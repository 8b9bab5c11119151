import type {
  AuditRow,
  DefinitionRow,
  EffectId,
  EffectRow,
  HistoryRow,
  IncidentQuery,
  IncidentRow,
  InstanceQuery,
  InstanceRow,
  TimerRow,
  WaiterQuery,
} from "../../../src/ports/store.js";

/** What the store has written down, beneath all ports: for oracles to look at, and for planted bugs to change. */
export interface Tables {
  readonly lease: { epoch(): number };
  readonly definitions: { save(row: DefinitionRow): unknown };
  readonly instances: {
    load(instanceId: string): InstanceRow | undefined;
    list(query: InstanceQuery): readonly InstanceRow[];
  };
  readonly history: {
    load(instanceId: string, afterOrdinal: number, limit: number): readonly HistoryRow[];
  };
  readonly audit: { load(instanceId: string, afterSeq: number, limit: number): readonly AuditRow[] };
  readonly effects: { load(instanceId: string): readonly EffectRow[]; end(id: EffectId): unknown };
  readonly timers: { load(instanceId: string): readonly TimerRow[] };
  readonly incidents: { list(query: IncidentQuery): readonly IncidentRow[] };
  readonly awaited: { waiters(query: WaiterQuery): readonly string[] };
}
