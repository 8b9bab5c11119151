/**
 * Says what went wrong: to people on standard error (the code, a sentence, what to do), with `--json` also as the one
 * JSON value on standard output, `{ "error": { code, message, hint?, … } }`.
 *
 * What nobody foresaw is one line and a request to report it; the stack is for `--verbose`.
 */
import { StatewrightError } from "../../core/errors.js";
import { DefinitionInvalidError, RefusedError } from "../../core/refused.js";
import { ServerProblem } from "../remote/server-problem.js";
import type { Colours, Terminal } from "./terminal.js";

export const UNEXPECTED = "UNEXPECTED";
/** An unforeseen failure is no answer: scripts see the same code as for an engine that is not there. */
const UNEXPECTED_EXIT_CODE = 3;

export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly violations?: readonly { readonly path: string; readonly message: string }[];
  /** With `NOT_ENABLED`: the events that the state names. */
  readonly enabled?: readonly string[];
  readonly findings?: readonly unknown[];
}

export function reportOf(error: unknown): ErrorReport {
  if (!(error instanceof StatewrightError)) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      code: UNEXPECTED,
      message: `Something unexpected happened: ${message}`,
      hint: "Please report it, with what --verbose shows.",
    };
  }
  const { code, message, hint } = error;
  return {
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(error instanceof RefusedError ? refusalOf(error) : {}),
    ...(error instanceof ServerProblem ? error.details : {}),
    ...(error instanceof DefinitionInvalidError ? { findings: error.findings } : {}),
  };
}

export function exitCodeOf(error: unknown): number {
  return error instanceof StatewrightError ? error.exitCode : UNEXPECTED_EXIT_CODE;
}

/** The report for people: the error, the violations by path, and what to do. */
export function errorLines(report: ErrorReport, colours: Colours): string {
  const lines = [`${colours.red(colours.bold(`Error ${report.code}`))}: ${report.message}`];
  for (const { path, message } of report.violations ?? []) {
    lines.push(`  ${colours.bold(path === "" ? "(data)" : path)}  ${message}`);
  }
  if (report.hint !== undefined) lines.push(`  ${colours.dim("→")} ${report.hint}`);
  return lines.join("\n");
}

export function reportError(
  error: unknown,
  terminal: Terminal,
  options: { readonly isJson: boolean; readonly isVerbose: boolean },
): number {
  const report = reportOf(error);
  if (options.isJson) terminal.json({ error: report });
  terminal.note(errorLines(report, terminal.err));
  if (options.isVerbose && error instanceof Error && error.stack !== undefined) terminal.note(error.stack);
  return exitCodeOf(error);
}

function refusalOf(error: RefusedError): Pick<ErrorReport, "violations" | "enabled"> {
  const { violations, enabled } = error.rejection;
  return {
    ...(violations === undefined ? {} : { violations }),
    ...(enabled === undefined ? {} : { enabled }),
  };
}
