/**
 * Structured lines by pino: one JSON object a line, with `level`, `time` (RFC 3339), `msg` and, apart from those,
 * `details`, so that no detail can pass for a field of the line itself.
 *
 * 1. Lines are written at once: what was logged before a crash is there after it.
 * 2. pino is loaded with the first line that is really written; a command that logs nothing does not pay for it.
 */
import { createRequire } from "node:module";
import type { Logger as Pino } from "pino";
import type { JsonObject } from "../core/json/json.js";
import type { Logger } from "../ports/logger.js";

export type LogLevel = "debug" | "info" | "warn" | "error";

export interface PinoLoggerOptions {
  /** The lowest level that is written. */
  readonly level: LogLevel;
  /** Standard error, or whatever takes whole lines. */
  readonly destination: "stderr" | { write(line: string): void };
}

const RANK: { readonly [level in LogLevel]: number } = { debug: 20, info: 30, warn: 40, error: 50 };

export function pinoLogger(options: PinoLoggerOptions): Logger {
  let pino: Pino | undefined;
  const lineWriter =
    (level: LogLevel) =>
    (message: string, details?: JsonObject): void => {
      if (RANK[level] < RANK[options.level]) return;
      pino ??= openPino(options);
      // The message goes as an argument, never as the format: a percent sign in it stays one.
      pino[level](details ?? {}, "%s", message);
    };
  return {
    debug: lineWriter("debug"),
    info: lineWriter("info"),
    warn: lineWriter("warn"),
    error: lineWriter("error"),
  };
}

function openPino(options: PinoLoggerOptions): Pino {
  const { pino } = createRequire(import.meta.url)("pino") as typeof import("pino");
  const destination =
    options.destination === "stderr" ? pino.destination({ dest: 2, sync: true }) : options.destination;
  return pino(
    {
      level: options.level,
      base: null,
      nestedKey: "details",
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
}
