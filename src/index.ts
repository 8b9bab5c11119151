/** The public names of Statewright. */

export type { ActionFunction, FunctionContext } from "./channels/function/function-channel.js";
export { defaultPrivateAddresses } from "./channels/webhook/address/private-addresses.js";
export { type TrailFault, type TrailRow, type TrailVerdict, verifyAudit } from "./core/audit/verify-audit.js";
export type {
  CanonicalDefinition,
  ShortDefinition,
} from "./core/definition/definition-document.generated.js";
export type { Finding } from "./core/definition/finding.js";
export { ERRORS, type ErrorCode, StatewrightError } from "./core/errors.js";
export {
  dataRefsOf,
  type ImportedInstance,
  readInstanceDocument,
} from "./core/import/read-instance-document.js";
export type { InstanceDocument } from "./core/instance-document.js";
export type { Json, JsonObject } from "./core/json/json.js";
export type { Answer, BlockedTransition, Rejection } from "./core/message/answer.js";
export type { Incident, InstanceStatus, Snapshot, Visit } from "./core/model/snapshot.js";
export { DefinitionInvalidError, RefusedError } from "./core/refused.js";
export { isOver, isSettled } from "./core/settled.js";
export { createEngine, type Engine, type EngineOptions, openReader } from "./engine.js";
export { environmentSecrets } from "./platform/environment-secrets.js";
export { type LogLevel, pinoLogger } from "./platform/pino-logger.js";
export { type PrometheusTelemetry, prometheusTelemetry } from "./platform/prometheus-telemetry.js";
export type { Channel, ChannelOutcome, ChannelRequest } from "./ports/channel.js";
export type { Clock } from "./ports/clock.js";
export type { Logger } from "./ports/logger.js";
export type { Secrets } from "./ports/secrets.js";
export type {
  AuditRow,
  DefinitionRow,
  EffectRow,
  IncidentQuery,
  IncidentRow,
  InstanceQuery,
  InstanceRow,
  KeyRow,
  Store,
  TimerRow,
} from "./ports/store.js";
export type { AttemptOutcome, AttemptPurpose, CommandOutcome, Telemetry } from "./ports/telemetry.js";
export type { CallbackSettings } from "./runtime/callbacks/callback-settings.js";
export type { CallbackOutcome, CallbackRequest } from "./runtime/callbacks/take-callback.js";
export type { IncidentFilter, IncidentGroup, ListedIncident } from "./runtime/operate/find-incidents.js";
export type { InstanceFilter, InstanceSearch } from "./runtime/operate/instance-filter.js";
export type {
  OperateAllRequest,
  OperateOutcome,
  OperateRefusal,
  OperateResult,
} from "./runtime/operate/operate-all.js";
export type {
  DataChange,
  Migration,
  MigrationPlan,
  OperatorRequest,
} from "./runtime/operate/operator-acts.js";
export type { Operators } from "./runtime/operate/operators.js";
export type { Pending, Reader, ReplayVerdict } from "./runtime/reader.js";
export type {
  ImportRequest,
  IncidentRequest,
  OperateRequest,
  PublishOutcome,
  SendRequest,
  SignalOutcome,
  SignalRequest,
  StartRequest,
  WaitRequest,
} from "./runtime/requests.js";
export type {
  EndFact,
  EngineEventName,
  EngineEvents,
  EngineListener,
  ErrorFact,
  IncidentFact,
  InstanceFact,
  TransitionFact,
} from "./runtime/watch/engine-events.js";
export type { Committed } from "./runtime/watchers.js";
export { memory } from "./stores/memory/memory-store.js";
export { backupSqlite } from "./stores/sqlite/backup-sqlite.js";
export { sqlite } from "./stores/sqlite/sqlite-store.js";
export type { AnyMachine, MachineOf, MachineTypes } from "./typed/machine-type.js";
export {
  type DefinitionInput,
  type EngineFor,
  type InstanceId,
  type MachinesOf,
  type TypedDocument,
  type TypedEngine,
  typedEngine,
} from "./typed/typed-engine.js";
export { type DefinitionSource, readDefinitionSource, validateAgainst } from "./validation.js";
