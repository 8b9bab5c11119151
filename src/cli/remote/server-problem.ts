import { ERRORS, type ErrorCode, StatewrightError } from "../../core/errors.js";
import { isJsonObject, type JsonObject } from "../../core/json/json.js";

/** What a server has refused, as it has said it (RFC 9457). */
export class ServerProblem extends StatewrightError {
  readonly httpStatus: number;
  /** `violations`, `enabled` and `findings`, where it has told them. */
  readonly details: JsonObject;
  readonly #exitCode: number;

  constructor(problem: JsonObject, httpStatus: number, hint: string | undefined) {
    const { code, detail, title } = problem;
    const isKnown = typeof code === "string" && Object.hasOwn(ERRORS, code);
    const said = String(detail ?? title ?? `The server answers with ${httpStatus}.`);
    super(isKnown ? (code as ErrorCode) : "UNEXPECTED", isKnown ? said : `${said} (${String(code)})`, {
      ...(hint === undefined ? {} : { hint }),
    });
    this.name = "ServerProblem";
    this.httpStatus = httpStatus;
    this.details = detailsOf(problem);
    const isRefusal = httpStatus === 401 || httpStatus === 403 || (!isKnown && httpStatus < 500);
    this.#exitCode = isRefusal ? 1 : super.exitCode;
  }

  /** A refusal of who asks is an answer: 1. */
  override get exitCode(): number {
    return this.#exitCode;
  }
}

function detailsOf({ violations, enabled, findings }: JsonObject): JsonObject {
  const told = { violations, enabled, findings };
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)) as JsonObject;
}

/** Absent where the body is no problem. */
export function problemIn(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) && typeof value.code === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
