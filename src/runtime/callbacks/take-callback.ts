/**
 * What is posted to a callback address.
 *
 * 1. Whatever is posted, somebody gets a clear answer: it is taken, or it is refused with a code; only the engine's own
 *    trouble is thrown.
 * 2. One address is answered once: whatever is posted there again gets the first answer, for 7 days.
 */
import type { Sha256 } from "../../core/audit/audit-entry.js";
import { type ErrorCode, StatewrightError } from "../../core/errors.js";
import { checkJson } from "../../core/json/check-json.js";
import type { Json } from "../../core/json/json.js";
import type { Answer, Rejection } from "../../core/message/answer.js";
import { RefusedError } from "../../core/refused.js";
import { admit } from "../door.js";
import type { Submission, SubmissionOutcome } from "../instances.js";
import { internalKey } from "../links/link.js";
import type { CallbackPlace, Callbacks } from "./callbacks.js";

export interface CallbackRequest {
  readonly actor?: string;
  readonly source?: string;
}

export type CallbackOutcome =
  | {
      readonly outcome: "accepted";
      readonly instanceId: string;
      readonly answer: Answer;
      /** It was posted before, and this is the first answer again. */
      readonly isRepeated: boolean;
    }
  | {
      readonly outcome: "refused";
      /** `ERRORS[code].status` is the HTTP status. */
      readonly code: Extract<
        ErrorCode,
        "CALLBACK_UNKNOWN" | "CALLBACK_GONE" | "VALIDATION_FAILED" | "LIMIT_EXCEEDED"
      >;
      readonly message: string;
      /** What is wrong with what was posted: RFC 6901 pointers into it, and sentences. */
      readonly violations?: Rejection["violations"];
    };

export interface CallbackDoor {
  readonly callbacks: Callbacks;
  readonly submit: (submission: Submission) => Promise<SubmissionOutcome>;
  readonly requireRunning: () => void;
}

export async function takeCallback(
  door: CallbackDoor,
  sha256: Sha256,
  token: string,
  given: Json,
  { actor = "anonymous", source = "library" }: CallbackRequest,
): Promise<CallbackOutcome> {
  door.requireRunning();
  const place = await door.callbacks.read(token);
  if (place === undefined) return UNKNOWN;
  try {
    const body = checkJson(given ?? null);
    if (!body.ok) {
      const { code, path, message } = body.problem;
      return refused({ code, message: `What was posted ${message}.`, violations: [{ path, message }] });
    }
    const { instanceId, ...bound } = place;
    const command = admit(
      instanceId,
      { type: "callback", ...bound, body: body.value, actor, source },
      undefined,
    );
    const outcome = await door.submit({ instanceId, command, idempotency: answerKey(sha256, place) });
    if (outcome.outcome === "rejected") return refused(outcome.rejection);
    const { answer, isRepeated } = outcome;
    if (answer.outcome === "late")
      return { outcome: "refused", code: "CALLBACK_GONE", message: answer.message };
    return { outcome: "accepted", instanceId, answer, isRepeated };
  } catch (error) {
    if (error instanceof RefusedError) return refused(error.rejection);
    if (error instanceof StatewrightError && error.code === "INSTANCE_UNKNOWN") return UNKNOWN;
    throw error;
  }
}

const UNKNOWN: CallbackOutcome = {
  outcome: "refused",
  code: "CALLBACK_UNKNOWN",
  message: "This engine has never given out this callback address. Post to the address exactly as it came.",
};

/** By the token alone, whatever is posted with it. */
function answerKey(sha256: Sha256, { key, tryNumber }: CallbackPlace) {
  const name = `${tryNumber}\n${key}`;
  return { key: internalKey("callback", name), fingerprint: sha256(name) };
}

function refused({
  code,
  message,
  violations,
}: Pick<Rejection, "code" | "message" | "violations">): CallbackOutcome {
  const known = code === "VALIDATION_FAILED" || code === "LIMIT_EXCEEDED" ? code : "CALLBACK_GONE";
  return { outcome: "refused", code: known, message, ...(violations === undefined ? {} : { violations }) };
}
