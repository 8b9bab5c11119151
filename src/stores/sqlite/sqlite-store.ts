/**
 * The store on one SQLite file: the embedded default.
 *
 * Modes: as owner (`acquireLease` takes the file for this process alone) and as reader (`readOnly`: no lease, no
 * migration, works beside the owner).
 *
 * Invariants, beside those of the port:
 * 1. One process owns the file; its lock ends with the process, however that ends.
 * 2. A batch is one `BEGIN IMMEDIATE … COMMIT` with the log synced to disk (WAL, `synchronous=FULL`).
 * 3. The library works synchronously, so no two calls ever interleave.
 */
import { type Faults, NO_FAULTS } from "../../ports/faults.js";
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
import type { Database } from "./database.js";
import type { Driver } from "./driver/driver.js";
import { libsqlDriver } from "./driver/libsql-driver.js";
import { openDatabase } from "./open-database.js";
import { OwnerLock } from "./owner-lock.js";
import { storeFailure, unavailable } from "./store-failure.js";
import { Tables } from "./tables/tables.js";

export interface SqliteOptions {
  /** A reader beside the owner: takes no lease and changes nothing, the schema included. Off by default. */
  readonly readOnly?: boolean;
  /** The SQLite library, loaded at `open`; `libsql` by default. */
  readonly driver?: () => Promise<Driver>;
  /** For tests: what happens inside an open transaction. */
  readonly faults?: Faults;
}

/**
 * A store on the file at `path`. Nothing is touched before `open`, which makes the file and its directory when they are
 * absent. Errors: `STORE_UNAVAILABLE`, `STORE_LOCKED`, `STORE_NEWER`, each with the path and what to do.
 */
export function sqlite(path: string, options: SqliteOptions = {}): Store {
  return new SqliteStore(path, options);
}

interface Opened {
  readonly database: Database;
  readonly tables: Tables;
  readonly driver: Driver;
}

class SqliteStore implements Store {
  #opened: Opened | undefined;
  #lock: OwnerLock | undefined;
  #lease: Lease | undefined;

  constructor(
    private readonly path: string,
    private readonly options: SqliteOptions,
  ) {}

  async open(): Promise<void> {
    if (this.#opened !== undefined) return;
    const driver = await (this.options.driver ?? libsqlDriver)();
    const database = openDatabase(this.path, driver, this.#isReader ? "reader" : "owner");
    this.#opened = { database, driver, tables: new Tables(database) };
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    this.#lease = undefined;
    try {
      if (this.#lock !== undefined) opened?.database.emptyLog();
      opened?.database.close();
    } finally {
      this.#lock?.release();
      this.#lock = undefined;
    }
  }

  async acquireLease(request: LeaseRequest): Promise<Lease> {
    return this.#write(({ database, driver, tables }) => {
      if (this.#lease?.workerId === request.workerId) return this.#lease;
      this.#lock ??= OwnerLock.take(driver, database.path, 0);
      this.#lease = database.transaction("immediate", () => tables.lease.next(request.workerId));
      return this.#lease;
    });
  }

  async commit(lease: Lease, items: readonly CommitItem[]): Promise<readonly CommitOutcome[]> {
    return this.#write(({ database, tables }) =>
      database.transaction("immediate", () => {
        const outcomes = commit(tables, lease, items);
        this.#faults.reach("commit.rows-written");
        return outcomes;
      }),
    );
  }

  async saveDefinition(row: DefinitionRow): Promise<"saved" | "same" | "different"> {
    return this.#write(({ tables }) => tables.definitions.save(row));
  }

  async loadDefinition(stateMachineId: string, version?: number): Promise<DefinitionRow | undefined> {
    return this.#use(({ tables }) => tables.definitions.load(stateMachineId, version));
  }

  async listDefinitions(): Promise<readonly DefinitionRow[]> {
    return this.#use(({ tables }) => tables.definitions.list());
  }

  async listNewestVersions(): Promise<readonly PublishedVersion[]> {
    return this.#use(({ tables }) => tables.definitions.newest());
  }

  async listVersions(): Promise<readonly PublishedVersion[]> {
    return this.#use(({ tables }) => tables.definitions.versions());
  }

  async loadInstances(instanceIds: readonly string[]): Promise<readonly (InstanceRow | undefined)[]> {
    return this.#use(({ tables }) => instanceIds.map((instanceId) => tables.instances.load(instanceId)));
  }

  async listInstances(query: InstanceQuery): Promise<readonly InstanceRow[]> {
    return this.#use(({ tables }) => tables.instances.list(query));
  }

  async loadAnswers(keys: readonly AnswerKey[]): Promise<readonly (AnswerRow | undefined)[]> {
    return this.#use(({ tables }) => keys.map(({ instanceId, key }) => tables.answers.load(instanceId, key)));
  }

  async findAnswers(key: string): Promise<readonly AnswerRow[]> {
    return this.#use(({ tables }) => tables.answers.find(key));
  }

  async loadHistory(
    instanceId: string,
    page: { readonly afterOrdinal: number; readonly limit: number },
  ): Promise<readonly HistoryRow[]> {
    return this.#use(({ tables }) => tables.history.load(instanceId, page.afterOrdinal, page.limit));
  }

  async loadAudit(
    instanceId: string,
    page: { readonly afterSeq: number; readonly limit: number },
  ): Promise<readonly AuditRow[]> {
    return this.#use(({ tables }) => tables.audit.load(instanceId, page.afterSeq, page.limit));
  }

  async loadJournal(page: {
    readonly afterPosition: number;
    readonly limit: number;
  }): Promise<readonly JournalRow[]> {
    return this.#use(({ tables }) => tables.audit.loadJournal(page.afterPosition, page.limit));
  }

  async journalHead(): Promise<number> {
    return this.#use(({ tables }) => tables.audit.head());
  }

  async listIncidents(query: IncidentQuery): Promise<readonly IncidentRow[]> {
    return this.#use(({ tables }) => tables.incidents.list(query));
  }

  async listWaiters(query: WaiterQuery): Promise<readonly string[]> {
    return this.#use(({ tables }) => tables.awaited.waiters(query));
  }

  async dueTimers(_lease: Lease, query: DueQuery): Promise<readonly TimerRow[]> {
    return this.#use(({ tables }) => tables.timers.due(query));
  }

  async nextTimerAt(_lease: Lease): Promise<number | undefined> {
    return this.#use(({ tables }) => tables.timers.nextAt());
  }

  async dueEffects(_lease: Lease, query: DueEffectsQuery): Promise<readonly EffectRow[]> {
    return this.#use(({ tables }) => tables.effects.due(query));
  }

  async nextEffectAt(_lease: Lease, query: NextEffectQuery): Promise<number | undefined> {
    return this.#use(({ tables }) => tables.effects.nextAt(query));
  }

  async loadEffects(instanceId: string): Promise<readonly EffectRow[]> {
    return this.#use(({ tables }) => tables.effects.load(instanceId));
  }

  async loadOrderedEffects(query: OrderedEffectsQuery): Promise<readonly EffectRow[]> {
    return this.#use(({ tables }) => tables.effects.loadOrdered(query));
  }

  async loadTimers(instanceId: string): Promise<readonly TimerRow[]> {
    return this.#use(({ tables }) => tables.timers.load(instanceId));
  }

  async keepSetting(name: string, text: string): Promise<string> {
    return this.#write(({ tables }) => tables.settings.keep(name, text));
  }

  async saveKey(row: KeyRow): Promise<void> {
    return this.#write(({ tables }) => tables.keys.save(row));
  }

  async loadKey(keyId: string): Promise<KeyRow | undefined> {
    return this.#use(({ tables }) => tables.keys.load(keyId));
  }

  async listKeys(): Promise<readonly KeyRow[]> {
    return this.#use(({ tables }) => tables.keys.list());
  }

  async pruneAnswers(beforeMs: number, limit: number): Promise<number> {
    return this.#write(({ tables }) => tables.answers.prune(beforeMs, limit));
  }

  get #faults(): Faults {
    return this.options.faults ?? NO_FAULTS;
  }

  get #isReader(): boolean {
    return this.options.readOnly === true;
  }

  #write<Result>(work: (opened: Opened) => Result): Result {
    if (this.#isReader) {
      throw unavailable(
        this.path,
        "is open for reading alone",
        "Send the change to the process that owns it (`--url`).",
      );
    }
    return this.#use(work);
  }

  #use<Result>(work: (opened: Opened) => Result): Result {
    if (this.#opened === undefined)
      throw unavailable(this.path, "is not open", "Call open() first, and close() last.");
    try {
      return work(this.#opened);
    } catch (error) {
      throw storeFailure(error, this.#opened.database.path);
    }
  }
}
