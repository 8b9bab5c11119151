import { Journal } from "../journal.js";
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

/** All tables of one memory store: what a later store object can go on with, as with a file. */
export class Tables {
  readonly journal = new Journal();
  readonly lease = new LeaseTable();
  readonly definitions = new DefinitionTable(this.journal);
  readonly instances = new InstanceTable(this.journal);
  readonly history = new HistoryTable(this.journal);
  readonly audit = new AuditTable(this.journal);
  readonly effects = new EffectTable(this.journal);
  readonly timers = new TimerTable(this.journal);
  readonly incidents = new IncidentTable(this.journal);
  readonly awaited = new AwaitedTable(this.journal);
  readonly keys = new KeyTable();
  readonly settings = new SettingTable();
  readonly answers = new AnswerTable(this.journal);
}
