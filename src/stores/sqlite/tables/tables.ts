import type { Database } from "../database.js";
import { AnswerTable } from "./answers.js";
import { AuditTable } from "./audit.js";
import { AwaitedTable } from "./awaited.js";
import { DefinitionTable } from "./definitions.js";
import { EffectTable } from "./effects.js";
import { HistoryTable } from "./history.js";
import { IncidentTable } from "./incidents.js";
import { InstanceTable } from "./instances.js";
import { KeyTable } from "./keys.js";
import { LeaseTable } from "./lease.js";
import { SettingTable } from "./settings.js";
import { TimerTable } from "./timers.js";

/** All tables of one database. */
export class Tables {
  readonly lease: LeaseTable;
  readonly definitions: DefinitionTable;
  readonly instances: InstanceTable;
  readonly history: HistoryTable;
  readonly audit: AuditTable;
  readonly effects: EffectTable;
  readonly timers: TimerTable;
  readonly incidents: IncidentTable;
  readonly awaited: AwaitedTable;
  readonly settings: SettingTable;
  readonly answers: AnswerTable;
  readonly keys: KeyTable;

  constructor(database: Database) {
    this.lease = new LeaseTable(database);
    this.definitions = new DefinitionTable(database);
    this.instances = new InstanceTable(database);
    this.history = new HistoryTable(database);
    this.audit = new AuditTable(database);
    this.effects = new EffectTable(database);
    this.timers = new TimerTable(database);
    this.incidents = new IncidentTable(database);
    this.awaited = new AwaitedTable(database);
    this.settings = new SettingTable(database);
    this.answers = new AnswerTable(database);
    this.keys = new KeyTable(database);
  }
}
