/**
 * The store: where everything durable lives. One commit is one database transaction; nothing is seen by anybody
 * before it is on disk, and nothing of it is seen when it fails.
 *
 * Invariants that every implementation keeps, and that the conformance suite checks:
 * 1. An `InstanceCommit` is applied whole or not at all, and only when the stored seq is `expectedSeq`.
 * 2. One item's conflict never harms the other items of its batch.
 * 3. What `commit` has answered survives SIGKILL and power loss.
 * 4. Texts are kept byte for byte: what was hashed is what is read back.
 * 5. Nothing is written under a lease that is no longer the newest of its partition.
 * Reads see every commit that was answered before the read began. Texts are ordered by code point, as their UTF-8 bytes
 * are, and hold no NUL.
 */
export interface Store {
  /** Opens the database and brings its schema up to date; forward only, under a lock. Call once, before anything else. */
  open(): Promise<void>;
  close(): Promise<void>;

  /**
   * Takes ownership of partitions, or renews it. An embedded store gives all partitions for ever and refuses a second
   * owner with `STORE_LOCKED`; a shared one gives a part until `expiresAtMs`. The same worker asking again keeps its
   * epochs; another worker, or another store object, gets higher ones.
   */
  acquireLease(request: LeaseRequest): Promise<Lease>;

  /** Writes all items in one transaction, in order. Outcomes come in the order of the items. */
  commit(lease: Lease, items: readonly CommitItem[]): Promise<readonly CommitOutcome[]>;

  /** Publishes a version; a version never changes, so other content under the same number is `different`. */
  saveDefinition(row: DefinitionRow): Promise<"saved" | "same" | "different">;
  /** The given version, or the highest. */
  loadDefinition(stateMachineId: string, version?: number): Promise<DefinitionRow | undefined>;
  /** Every version, by id, then version. */
  listDefinitions(): Promise<readonly DefinitionRow[]>;
  /** The highest version of each state machine, by id, without its text. */
  listNewestVersions(): Promise<readonly PublishedVersion[]>;
  /** Every version, by id, then version, without its text. */
  listVersions(): Promise<readonly PublishedVersion[]>;

  /** In the order of the ids; `undefined` where there is none. */
  loadInstances(instanceIds: readonly string[]): Promise<readonly (InstanceRow | undefined)[]>;
  /** By instance id, ascending, from after the cursor. */
  listInstances(query: InstanceQuery): Promise<readonly InstanceRow[]>;
  /** In the order of the keys; `undefined` where there is none. */
  loadAnswers(keys: readonly AnswerKey[]): Promise<readonly (AnswerRow | undefined)[]>;
  /** Of all instances, by instance id: the answers under a key of the engine's own, which is one that holds a line feed. */
  findAnswers(key: string): Promise<readonly AnswerRow[]>;
  /** Closed visits, by ordinal, ascending, from after `afterOrdinal` (-1 for the first). */
  loadHistory(
    instanceId: string,
    page: { readonly afterOrdinal: number; readonly limit: number },
  ): Promise<readonly HistoryRow[]>;
  /** By seq, ascending, from after `afterSeq` (0 for the first). */
  loadAudit(
    instanceId: string,
    page: { readonly afterSeq: number; readonly limit: number },
  ): Promise<readonly AuditRow[]>;
  /**
   * Audit entries of all instances in the order of their commits, from after a position (0 for the first). Positions rise
   * from commit to commit and are never used again; what is read after them has been committed after them.
   */
  loadJournal(page: {
    readonly afterPosition: number;
    readonly limit: number;
  }): Promise<readonly JournalRow[]>;
  /** The position of the last entry; 0 when there is none. */
  journalHead(): Promise<number>;
  /** By the time of opening, then instance id, then incident id. */
  listIncidents(query: IncidentQuery): Promise<readonly IncidentRow[]>;
  /** Ids of the instances, of all partitions, that wait for the very thing; ascending, from after the cursor. */
  listWaiters(query: WaiterQuery): Promise<readonly string[]>;

  /** Timers of the leased partitions that are due, by due time, then instance id, then timer id. */
  dueTimers(lease: Lease, query: DueQuery): Promise<readonly TimerRow[]>;
  /** When the next timer of the leased partitions is due, however far away. */
  nextTimerAt(lease: Lease): Promise<number | undefined>;
  /**
   * Effects of the leased partitions that are due, by due time, then instance id, seq, ordinal. Of the ordered ones of
   * an instance and purpose only the first that is still there is ever due.
   */
  dueEffects(lease: Lease, query: DueEffectsQuery): Promise<readonly EffectRow[]>;
  /** The first due time after the instant of an effect that can be due then; ordered ones behind their first do not count. */
  nextEffectAt(lease: Lease, query: NextEffectQuery): Promise<number | undefined>;
  /** What one instance still has to send, by seq, then ordinal. */
  loadEffects(instanceId: string): Promise<readonly EffectRow[]>;
  /** The first ordered effects of one instance and purpose, due or not, by seq, then ordinal. */
  loadOrderedEffects(query: OrderedEffectsQuery): Promise<readonly EffectRow[]>;
  /** What one instance waits for, by timer id. */
  loadTimers(instanceId: string): Promise<readonly TimerRow[]>;

  /** What is kept under the name: the given text, which is kept, where there was nothing. */
  keepSetting(name: string, text: string): Promise<string>;

  /** Writes a key; of one that is there only the text changes. Needs no lease. */
  saveKey(row: KeyRow): Promise<void>;
  loadKey(keyId: string): Promise<KeyRow | undefined>;
  /** By id. */
  listKeys(): Promise<readonly KeyRow[]>;

  /** Forgets answers that expired before the instant; at most `limit`. Returns how many. */
  pruneAnswers(beforeMs: number, limit: number): Promise<number>;
}

/** Instances are spread over this many partitions by a hash of their id. */
export const PARTITION_COUNT = 256;

export interface LeaseRequest {
  readonly workerId: string;
  readonly nowMs: number;
}

/** The right to write to partitions. Every commit carries it; the epoch tells an old owner from a new one. */
export interface Lease {
  readonly workerId: string;
  /** Partition → epoch. */
  readonly epochs: ReadonlyMap<number, number>;
  /** `Infinity` for an embedded store. */
  readonly expiresAtMs: number;
}

export type CommitItem = InstanceCommit | DeliveryCommit;

/** One command's whole outcome for one instance. */
export interface InstanceCommit {
  readonly kind: "instance";
  /** 0 creates the instance. */
  readonly expectedSeq: number;
  /** As it is after the command; its seq is `expectedSeq + 1`. */
  readonly instance: InstanceRow;
  readonly audit: AuditRow;
  readonly history: readonly HistoryRow[];
  readonly effectsAdded: readonly EffectRow[];
  /** Written before what is added. One that is gone already is no error. */
  readonly effectsEnded: readonly EffectId[];
  /** A timer with an id that is there already replaces it. */
  readonly timersSet: readonly TimerRow[];
  /** Written before what is set. One that is not there is no error. */
  readonly timersCleared: readonly string[];
  /** Opened or changed ones, whole. */
  readonly incidents: readonly IncidentRow[];
  /** All that it waits for from outside from now on, each once; undefined leaves what is stored. */
  readonly awaits: readonly AwaitedRow[] | undefined;
  readonly answer: AnswerRow | undefined;
}

/**
 * What becomes of an effect without a command. `ended`: it was made, and nobody waits for a result. An object: it is to be
 * tried again later. Both are `committed` also when the effect is gone already.
 *
 * `begun`: a try that is sent at most once is about to be. `committed` for whoever asks first, and `gone` for everybody
 * else: only the first may send it.
 */
export interface DeliveryCommit {
  readonly kind: "delivery";
  readonly effectId: EffectId;
  readonly change: "ended" | "begun" | { readonly dueAtMs: number; readonly attempts: number };
}

export type CommitOutcome =
  | { readonly outcome: "committed" }
  /** Somebody else moved the instance; nothing of this item was written. `storedSeq` is 0 when there is no such instance. */
  | { readonly outcome: "seq-conflict"; readonly storedSeq: number }
  /** The idempotency key is there already, whatever the seq; nothing of this item was written. */
  | { readonly outcome: "answered"; readonly answer: AnswerRow }
  /** The lease is no longer the newest of the partition; nothing of this item was written. */
  | { readonly outcome: "fenced" }
  /** The effect that should begin is not there any more, or has begun before; nothing of this item was written. */
  | { readonly outcome: "gone" };

/** An API key of a server: never the key itself. */
export interface KeyRow {
  readonly keyId: string;
  /** SHA-256 of the key, hexadecimal. */
  readonly hash: string;
  /** What is said of it, as canonical JSON. */
  readonly text: string;
}

export interface DefinitionRow {
  readonly stateMachineId: string;
  readonly version: number;
  /** SHA-256 of `text`, hexadecimal. */
  readonly hash: string;
  /** The canonical definition as canonical JSON (RFC 8785). */
  readonly text: string;
  readonly publishedAt: string;
  readonly author: string;
  readonly note: string;
}

/** What is published, by name alone. */
export type PublishedVersion = Pick<DefinitionRow, "stateMachineId" | "version">;

export type InstanceStatus = "active" | "suspended" | "completed" | "error" | "cancelled";

export interface InstanceRow {
  readonly instanceId: string;
  readonly partition: number;
  readonly stateMachineId: string;
  readonly version: number;
  readonly seq: number;
  readonly status: InstanceStatus;
  readonly currentState: string;
  readonly startedAt: string;
  readonly updatedAt: string;
  /** The instance that started it as its child; never changes. */
  readonly parentId?: string;
  /** Canonical JSON of the snapshot. */
  readonly snapshot: string;
}

export interface InstanceQuery {
  readonly stateMachineId?: string;
  readonly status?: InstanceStatus;
  readonly currentState?: string;
  readonly parentId?: string;
  /** The last instance id of the page before. */
  readonly afterInstanceId?: string;
  readonly limit: number;
}

/** Something from outside that reaches whoever waits for it. */
export interface AwaitedRow {
  readonly kind: "signal" | "webhook";
  /** The signal's name; of a webhook its path, as the definition has it. */
  readonly name: string;
  /** SHA-256, hexadecimal, of what a message must carry for this instance; empty for a signal, which is for everybody. */
  readonly value: string;
}

export interface WaiterQuery extends AwaitedRow {
  /** The last instance id of the page before. */
  readonly afterInstanceId?: string;
  readonly limit: number;
}

export interface HistoryRow {
  readonly instanceId: string;
  /** The visit's number in its instance, from 0. */
  readonly ordinal: number;
  /** Canonical JSON of the visit. */
  readonly text: string;
}

export interface AuditRow {
  readonly instanceId: string;
  readonly seq: number;
  readonly at: string;
  readonly type: string;
  /** Hash of the entry before it; 64 zeros for the first. */
  readonly previousHash: string;
  /** SHA-256 over `previousHash`, a line feed and `entry`. */
  readonly hash: string;
  /** Canonical JSON; data values stand in it as salted digests. */
  readonly entry: string;
  /** Canonical JSON: digest → `{ salt, value }`. What is erased here leaves the chain whole. */
  readonly disclosed: string;
}

/** An audit entry with its place among those of all instances. */
export interface JournalRow extends AuditRow {
  readonly position: number;
}

export interface EffectId {
  readonly instanceId: string;
  readonly seq: number;
  /** Its place in its commit. */
  readonly ordinal: number;
}

export type EffectPurpose = "action" | "delivery" | "link";

export interface EffectRow extends EffectId {
  readonly partition: number;
  /** `action`: its result becomes a command. `delivery`: told and forgotten. `link`: asked of other instances. */
  readonly purpose: EffectPurpose;
  /** Sent one after the other within the instance, among those of its purpose: a stuck notice holds up no child. */
  readonly isOrdered: boolean;
  readonly dueAtMs: number;
  /** Tries that ended so far. */
  readonly attempts: number;
  /** It is sent at most once, and may have been sent. */
  readonly isBegun: boolean;
  /** Canonical JSON of the effect. */
  readonly text: string;
}

export interface TimerRow {
  readonly instanceId: string;
  readonly partition: number;
  readonly timerId: string;
  readonly dueAtMs: number;
}

export interface IncidentRow {
  readonly instanceId: string;
  readonly incidentId: string;
  readonly isOpen: boolean;
  readonly openedAt: string;
  readonly code: string;
  /** Canonical JSON of the incident. */
  readonly text: string;
}

export interface IncidentQuery {
  readonly instanceId?: string;
  readonly isOpen?: boolean;
  readonly limit: number;
}

export interface AnswerKey {
  readonly instanceId: string;
  readonly key: string;
}

export interface AnswerRow extends AnswerKey {
  /** SHA-256 of what was asked: the same key with another request is a mismatch. */
  readonly fingerprint: string;
  /** The seq that the command made. */
  readonly seq: number;
  /** Canonical JSON of the answer. */
  readonly text: string;
  readonly expiresAtMs: number;
}

export interface DueQuery {
  /** Inclusive: what is due at this very instant is due. */
  readonly dueBeforeMs: number;
  readonly limit: number;
}

export interface DueEffectsQuery extends DueQuery {
  /** Each purpose is asked for apart, so that many of one never hide the others. */
  readonly purpose: EffectPurpose;
}

export interface NextEffectQuery {
  /** Exclusive. */
  readonly afterMs: number;
  readonly purposes: readonly EffectPurpose[];
}

export interface OrderedEffectsQuery {
  readonly instanceId: string;
  readonly purpose: EffectPurpose;
  readonly limit: number;
}
