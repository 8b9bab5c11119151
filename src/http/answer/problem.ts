/**
 * What went wrong as an answer: RFC 9457. Every error of the engine has its code and its status in the registry; what
 * nobody foresaw is `UNEXPECTED`, which tells the sender where in the log to look and nothing else: no message, no stack.
 */
import { ERRORS, type ErrorCode, StatewrightError } from "../../core/errors.js";
import { DefinitionInvalidError, RefusedError } from "../../core/refused.js";

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly hint?: string;
  readonly violations?: readonly { readonly path: string; readonly message: string }[];
  readonly enabled?: readonly string[];
  readonly findings?: readonly unknown[];
  readonly request?: string;
}

/** A request that the contract does not allow, with every place. */
export class RequestInvalidError extends StatewrightError {
  constructor(
    message: string,
    readonly violations: readonly { readonly path: string; readonly message: string }[],
    hint = "The contract is at /openapi.json.",
  ) {
    super("REQUEST_INVALID", message, { hint });
    this.name = "RequestInvalidError";
  }
}

/** What an outcome refuses that was not thrown, with the places that are at fault. */
export class OutcomeRefusedError extends StatewrightError {
  constructor(
    code: ErrorCode,
    message: string,
    readonly violations: Problem["violations"],
  ) {
    super(code, message);
    this.name = "OutcomeRefusedError";
  }
}

/** `requestId`: under which the log has what is not told. */
export function problemOf(error: unknown, requestId: string): Problem {
  const known = error instanceof StatewrightError ? error : undefined;
  const code: ErrorCode = known === undefined || known.status === 0 ? "UNEXPECTED" : known.code;
  const { status, meaning } = ERRORS[code];
  const about = { type: typeOf(code), title: meaning, status, code };
  if (known === undefined || code === "UNEXPECTED") {
    return {
      ...about,
      detail: "Something unexpected happened; the instance is as its history says.",
      hint: `The log of the server has it under "${requestId}".`,
      request: requestId,
    };
  }
  return {
    ...about,
    detail: known.message,
    ...(known.hint === undefined ? {} : { hint: known.hint }),
    ...(known instanceof RequestInvalidError ? { violations: known.violations } : {}),
    ...(known instanceof OutcomeRefusedError && known.violations !== undefined
      ? { violations: known.violations }
      : {}),
    ...(known instanceof RefusedError ? refusalOf(known) : {}),
    ...(known instanceof DefinitionInvalidError ? { findings: known.findings } : {}),
  };
}

function refusalOf({ rejection }: RefusedError): Pick<Problem, "violations" | "enabled"> {
  const { violations, enabled } = rejection;
  return {
    ...(violations === undefined ? {} : { violations }),
    ...(enabled === undefined ? {} : { enabled }),
  };
}

/** A URI that stands for the code. */
function typeOf(code: ErrorCode): string {
  return `https://statewright.dev/errors#${code}`;
}
