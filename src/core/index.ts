/**
 * The pure part alone: the step, the language and the trail. No I/O, no clock, no randomness; it runs in a browser. JSON
 * Schema and SHA-256 are brought by the caller.
 */
export { type AuditFacts, openEntry, type SealedEntry, type Sha256, sealEntry } from "./audit/audit-entry.js";
export { type TrailFault, type TrailRow, type TrailVerdict, verifyAudit } from "./audit/verify-audit.js";
export type { CanonicalDefinition, ShortDefinition } from "./definition/definition-document.generated.js";
export type { Finding } from "./definition/finding.js";
export { formatDefinition } from "./definition/format.js";
export { readDefinition } from "./definition/read-definition.js";
export { type InstanceDocument, instanceDocument } from "./instance-document.js";
export { canonicalJson } from "./json/canonical-json.js";
export type { Json, JsonObject } from "./json/json.js";
export { parseJsonText } from "./json/parse-json.js";
export type { Answer, Rejection } from "./message/answer.js";
export type { Command } from "./message/command.js";
export type { Effect } from "./message/effect.js";
export type { StepRecord } from "./message/record.js";
export { compileMachine } from "./model/compile-machine.js";
export type { Machine } from "./model/machine.js";
export type { SchemaCompiler, Violation } from "./model/schema-port.js";
export type { Snapshot } from "./model/snapshot.js";
export { type ReplayResult, replay } from "./replay.js";
export { isOver, isSettled } from "./settled.js";
export { type StepResult, step } from "./step/step.js";
