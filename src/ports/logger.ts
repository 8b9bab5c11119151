import type { JsonObject } from "../core/json/json.js";

/** Structured, leveled lines for the operator. Never the place of record: that is the audit trail. */
export interface Logger {
  debug(message: string, details?: JsonObject): void;
  info(message: string, details?: JsonObject): void;
  warn(message: string, details?: JsonObject): void;
  error(message: string, details?: JsonObject): void;
}
