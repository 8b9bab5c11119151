/**
 * The function channel: an action that the embedding program does itself. The function is called for each try, with what
 * the instance's data was when the action began; what it returns is the result, what it throws is the failure.
 *
 * Invariants:
 * 1. A name that is not registered is a final failure, `FUNCTION_UNKNOWN`: another try could not find it either.
 * 2. `code` of a thrown error (capital letters, digits, underscores) becomes the failure's code, `isFinal: true` makes it
 *    final; anything else is `ACTION_FAILED` and may be tried again.
 * 3. The function is given a signal that aborts at the timeout; what it returns later is not looked at.
 */
import { isJsonObject, type Json, type JsonObject } from "../../core/json/json.js";
import type { Channel, ChannelOutcome, ChannelRequest } from "../../ports/channel.js";

/** What a registered function is given. */
export interface FunctionContext {
  readonly instanceId: string;
  readonly stateMachineId: string;
  /** The same for all tries of the action: what makes a repeated call harmless. */
  readonly idempotencyKey: string;
  readonly data: JsonObject;
  readonly variables: JsonObject;
  /** The action's `config`, rendered. */
  readonly config: JsonObject;
  /** Of an action that waits for its callback: the address that is called when the work is done. */
  readonly callbackUrl?: string;
  /** Aborts when the try runs out of time or the engine lets go of it. */
  readonly signal: AbortSignal;
}

/** Returns JSON (or nothing), at once or later; throws to fail. */
export type ActionFunction = (
  context: FunctionContext,
) => Json | undefined | undefined | Promise<Json | undefined | undefined>;

export interface FunctionSettings {
  readonly functions: { readonly [name: string]: ActionFunction };
}

type FailedOutcome = Extract<ChannelOutcome, { readonly outcome: "failed" }>;

const CODE = /^[A-Z][A-Z0-9_]{0,63}$/;

export function functionChannel(settings: FunctionSettings): Channel {
  return {
    kind: "function",
    send: (request, signal) => call(settings.functions, request, signal),
    close: () => Promise.resolve(),
  };
}

async function call(
  functions: FunctionSettings["functions"],
  request: ChannelRequest,
  signal: AbortSignal,
): Promise<ChannelOutcome> {
  const name = String(request.settings.function);
  const registered = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (registered === undefined) {
    const known = Object.keys(functions).join(", ") || "none";
    return failure("FUNCTION_UNKNOWN", `No function "${name}" is registered (registered: ${known}).`, true);
  }
  let result: Json | undefined;
  try {
    result = await registered(contextOf(request, signal));
  } catch (error) {
    return failureOf(name, error);
  }
  try {
    return { outcome: "completed", response: { status: 200, headers: {}, body: asJson(result) } };
  } catch (error) {
    // It has done its work; only what it gives cannot be kept.
    return { ...failureOf(name, error), mayHaveActed: true };
  }
}

function contextOf(request: ChannelRequest, signal: AbortSignal): FunctionContext {
  const { config, data, variables } = request.settings;
  return {
    instanceId: request.instanceId,
    stateMachineId: request.stateMachineId,
    idempotencyKey: request.idempotencyKey,
    data: objectOf(data),
    variables: objectOf(variables),
    config: objectOf(config),
    ...(request.callbackUrl === undefined ? {} : { callbackUrl: request.callbackUrl }),
    signal,
  };
}

function failureOf(name: string, error: unknown): FailedOutcome {
  const thrown = error as
    | { readonly code?: unknown; readonly isFinal?: unknown; readonly mayHaveActed?: unknown }
    | undefined;
  const code = typeof thrown?.code === "string" && CODE.test(thrown.code) ? thrown.code : "ACTION_FAILED";
  const message = error instanceof Error ? error.message : String(error);
  const failed = failure(code, `Function "${name}" failed: ${message}`, thrown?.isFinal === true);
  return thrown?.mayHaveActed === true ? { ...failed, mayHaveActed: true } : failed;
}

/** A function that throws says that it has done nothing, unless the error has `mayHaveActed: true`. */
function failure(code: string, message: string, isFinal: boolean): FailedOutcome {
  return { outcome: "failed", code, message, isFinal, mayHaveActed: false };
}

/** What JSON cannot hold is lost here, in the process that returned it, and not later in the store. */
function asJson(result: unknown): Json {
  return result === undefined ? null : (JSON.parse(JSON.stringify(result) ?? "null") as Json);
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
