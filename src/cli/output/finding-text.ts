/** Findings for people: grouped by file, with places that editors and terminals can follow. */
import type { Finding } from "../../core/definition/finding.js";
import type { Colours } from "./terminal.js";

export interface FileFinding extends Finding {
  readonly file: string;
}

/** The finding with its file; the keys in the order in which people read them. */
export function inFile(file: string, finding: Finding): FileFinding {
  const { code, severity, ...rest } = finding;
  return { code, severity, file, ...rest };
}

/** `file:line:column  severity  CODE  message`, the hint below it; a blank line between files. */
export function findingLines(findings: readonly FileFinding[], colours: Colours): string {
  const files = [...new Set(findings.map((finding) => finding.file))];
  return files
    .map((file) => {
      const own = findings.filter((finding) => finding.file === file);
      const width = Math.max(...own.map((finding) => placeOf(finding).length));
      return own.map((finding) => findingLine(finding, width, colours)).join("\n");
    })
    .join("\n\n");
}

export function findingSummary(files: number, findings: readonly Finding[], colours: Colours): string {
  const errors = findings.filter((finding) => finding.severity === "error").length;
  const warnings = findings.length - errors;
  const counts = `${count(files, "file")}, ${count(errors, "error")}, ${count(warnings, "warning")}`;
  return errors > 0 ? `${colours.red("Not valid")}: ${counts}.` : `${colours.green("Valid")}: ${counts}.`;
}

function findingLine(finding: FileFinding, width: number, colours: Colours): string {
  const { severity, code, message, hint } = finding;
  const colour = severity === "error" ? colours.red : colours.yellow;
  const line = `${placeOf(finding).padEnd(width)}  ${colour(severity.padEnd(7))}  ${colours.bold(code)}  ${message}`;
  return hint === undefined ? line : `${line}\n${" ".repeat(width)}  ${colours.dim(`→ ${hint}`)}`;
}

function placeOf({ file, line, column }: FileFinding): string {
  return line === undefined ? file : `${file}:${line}:${column ?? 1}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
