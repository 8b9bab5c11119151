/**
 * The store in memory, for tests and simulations: the same promises as the databases' but durability.
 *
 * Invariants, beside those of the port:
 * 1. Rows are copied and frozen when they come in; nothing is shared with the caller.
 * 2. A batch that throws leaves nothing.
 * 3. A closed store answers nothing more; another one on the same tables finds what it left.
 */
import { StatewrightError } from "../../core/errors.js";
import type {
  AnswerKey,
  AnswerRow,
  AuditRow,
  CommitItem,
  CommitOutcome,
  DefinitionRow,
  DueEffectsQuery,
  DueQuery,
  EffectRow,
  HistoryRow,
  IncidentQuery,
  IncidentRow,
  InstanceQuery,
  InstanceRow,
  JournalRow,
  KeyRow,
  Lease,
  LeaseRequest,
  NextEffectQuery,
  OrderedEffectsQuery,
  PublishedVersion,
  Store,
  TimerRow,
  WaiterQuery,
} from "../../ports/store.js";
import { commit } from "./commit.js";
import { Tables } from "./tables/tables.js";

/** A store on tables of its own, or on those of an earlier store, as a restarted process would find them. */
export function memory(tables: Tables = new Tables()): Store {
  return new MemoryStore(tables);
}

/** Tables to hand to several stores, one after the other. */
export function memoryTables(): Tables {
  return new Tables();
}

class MemoryStore implements Store {
  #isOpen = false;
  #lease: Lease | undefined;

  constructor(private readonly tables: Tables) {}

  async open(): Promise<void> {
    this.#isOpen = true;
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    this.#lease = undefined;
    if (this.tables.lease.owner === this) this.tables.lease.owner = undefined;
  }

  async acquireLease(request: LeaseRequest): Promise<Lease> {
    return this.#use(({ lease }) => {
      if (this.#lease?.workerId === request.workerId) return this.#lease;
      if (lease.owner !== undefined && lease.owner !== this) {
        throw new StatewrightError("STORE_LOCKED", "The memory store is owned by another store object.", {
          hint: "Close that one first.",
        });
      }
      lease.owner = this;
      this.#lease = lease.next(request.workerId);
      return this.#lease;
    });
  }

  async commit(lease: Lease, items: readonly CommitItem[]): Promise<readonly CommitOutcome[]> {
    return this.#use((tables) => tables.journal.transaction(() => commit(tables, lease, items)));
  }

  async saveDefinition(row: DefinitionRow): Promise<"saved" | "same" | "different"> {
    return this.#use((tables) => tables.definitions.save(row));
  }

  async loadDefinition(stateMachineId: string, version?: number): Promise<DefinitionRow | undefined> {
    return this.#use((tables) => tables.definitions.load(stateMachineId, version));
  }

  async listDefinitions(): Promise<readonly DefinitionRow[]> {
    return this.#use((tables) => tables.definitions.list());
  }

  async listNewestVersions(): Promise<readonly PublishedVersion[]> {
    return this.#use((tables) => tables.definitions.newest());
  }

  async listVersions(): Promise<readonly PublishedVersion[]> {
    return this.#use((tables) => tables.definitions.versions());
  }

  async loadInstances(instanceIds: readonly string[]): Promise<readonly (InstanceRow | undefined)[]> {
    return this.#use((tables) => instanceIds.map((instanceId) => tables.instances.load(instanceId)));
  }

  async listInstances(query: InstanceQuery): Promise<readonly InstanceRow[]> {
    return this.#use((tables) => tables.instances.list(query));
  }

  async loadAnswers(keys: readonly AnswerKey[]): Promise<readonly (AnswerRow | undefined)[]> {
    return this.#use((tables) => keys.map(({ instanceId, key }) => tables.answers.load(instanceId, key)));
  }

  async findAnswers(key: string): Promise<readonly AnswerRow[]> {
    return this.#use((tables) => tables.answers.find(key));
  }

  async loadHistory(
    instanceId: string,
    page: { readonly afterOrdinal: number; readonly limit: number },
  ): Promise<readonly HistoryRow[]> {
    return this.#use((tables) => tables.history.load(instanceId, page.afterOrdinal, page.limit));
  }

  async loadAudit(
    instanceId: string,
    page: { readonly afterSeq: number; readonly limit: number },
  ): Promise<readonly AuditRow[]> {
    return this.#use((tables) => tables.audit.load(instanceId, page.afterSeq, page.limit));
  }

  async loadJournal(page: {
    readonly afterPosition: number;
    readonly limit: number;
  }): Promise<readonly JournalRow[]> {
    return this.#use((tables) => tables.audit.loadJournal(page.afterPosition, page.limit));
  }

  async journalHead(): Promise<number> {
    return this.#use((tables) => tables.audit.head());
  }

  async listIncidents(query: IncidentQuery): Promise<readonly IncidentRow[]> {
    return this.#use((tables) => tables.incidents.list(query));
  }

  async listWaiters(query: WaiterQuery): Promise<readonly string[]> {
    return this.#use((tables) => tables.awaited.waiters(query));
  }

  async dueTimers(_lease: Lease, query: DueQuery): Promise<readonly TimerRow[]> {
    return this.#use((tables) => tables.timers.due(query));
  }

  async nextTimerAt(_lease: Lease): Promise<number | undefined> {
    return this.#use((tables) => tables.timers.nextAt());
  }

  async dueEffects(_lease: Lease, query: DueEffectsQuery): Promise<readonly EffectRow[]> {
    return this.#use((tables) => tables.effects.due(query));
  }

  async nextEffectAt(_lease: Lease, query: NextEffectQuery): Promise<number | undefined> {
    return this.#use((tables) => tables.effects.nextAt(query));
  }

  async loadEffects(instanceId: string): Promise<readonly EffectRow[]> {
    return this.#use((tables) => tables.effects.load(instanceId));
  }

  async loadOrderedEffects(query: OrderedEffectsQuery): Promise<readonly EffectRow[]> {
    return this.#use((tables) => tables.effects.loadOrdered(query));
  }

  async loadTimers(instanceId: string): Promise<readonly TimerRow[]> {
    return this.#use((tables) => tables.timers.load(instanceId));
  }

  async keepSetting(name: string, text: string): Promise<string> {
    return this.#use((tables) => tables.settings.keep(name, text));
  }

  async saveKey(row: KeyRow): Promise<void> {
    return this.#use((tables) => tables.keys.save(row));
  }

  async loadKey(keyId: string): Promise<KeyRow | undefined> {
    return this.#use((tables) => tables.keys.load(keyId));
  }

  async listKeys(): Promise<readonly KeyRow[]> {
    return this.#use((tables) => tables.keys.list());
  }

  async pruneAnswers(beforeMs: number, limit: number): Promise<number> {
    return this.#use((tables) => tables.answers.prune(beforeMs, limit));
  }

  #use<Result>(work: (tables: Tables) => Result): Result {
    if (!this.#isOpen) {
      throw new StatewrightError("STORE_UNAVAILABLE", "The memory store is not open.", {
        hint: "Call open() first, and close() last.",
      });
    }
    return work(this.tables);
  }
}
