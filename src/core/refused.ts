import type { Finding } from "./definition/finding.js";
import { StatewrightError } from "./errors.js";
import type { Rejection } from "./message/answer.js";

/** A command was refused: the instance is as it was. Carries what is enabled, or what is wrong with the data. */
export class RefusedError extends StatewrightError {
  readonly rejection: Rejection;

  constructor(rejection: Rejection) {
    super(rejection.code, rejection.message);
    this.name = "RefusedError";
    this.rejection = rejection;
  }
}

/** A definition with findings of severity error; all of them, warnings too, are in `findings`. */
export class DefinitionInvalidError extends StatewrightError {
  readonly findings: readonly Finding[];

  /** `name` is the file it comes from, where there is one. */
  constructor(findings: readonly Finding[], name?: string) {
    const errors = findings.filter((finding) => finding.severity === "error");
    const first = errors[0];
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
    const named = name === undefined ? "" : ` "${name}"`;
    super("DEFINITION_INVALID", `The definition${named} is not valid: ${first?.message ?? ""}${more}`, {
      hint: "Run `statewright validate` on it to see every finding with its place.",
    });
    this.name = "DefinitionInvalidError";
    this.findings = findings;
  }

  /** The same findings, said of a file. */
  in(name: string): DefinitionInvalidError {
    return new DefinitionInvalidError(this.findings, name);
  }
}
