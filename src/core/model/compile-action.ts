/** Compiles an action with every default of the language filled in. */
import type { CanonicalAction, CanonicalDefinition } from "../definition/definition-document.generated.js";
import { isJsonObject, type Json, type JsonObject } from "../json/json.js";
import {
  compileCondition,
  compileProperties,
  compileTemplateOf,
  durationMs,
  NotCompilableError,
} from "./compile-text.js";
import type {
  ActionKind,
  ActionModel,
  AwaitModel,
  CallbackHandlerModel,
  CallbackModel,
  RetryPolicy,
  Strategy,
} from "./machine.js";
import type { SchemaCompiler } from "./schema-port.js";

const DEFAULT_TIMEOUT = "PT30S";

/** Values that are filled into a webhook's address are escaped. */
const ADDRESSES = { addresses: ["/url"] };

export interface ActionSetting {
  readonly defaults: CanonicalDefinition["actionDefaults"];
  readonly onError: readonly Strategy[];
  readonly onTimeout: readonly Strategy[];
  readonly schemas: SchemaCompiler;
}

export function compileAction(action: CanonicalAction, setting: ActionSetting): ActionModel {
  const merged: CanonicalAction = { ...setting.defaults, ...action };
  const kind = actionKind(action);
  const webhook = kind === "webhook" ? (action.trigger?.webhook as JsonObject | undefined) : undefined;
  return {
    actionId: action.actionId,
    name: action.name,
    kind,
    condition: action.condition === undefined ? undefined : compileCondition(conditionText(action.condition)),
    request: compileTemplateOf(requestOf(action, kind, webhook), ADDRESSES),
    assign: compileProperties(action.assign as JsonObject | undefined),
    output: compileProperties(action.output as JsonObject | undefined),
    responseCondition:
      webhook?.condition === undefined ? undefined : compileCondition(conditionText(webhook.condition)),
    callback: compileTold(action.callback?.webhook as JsonObject | undefined),
    awaits: compileAwait(
      action.callback?.webhook as JsonObject | undefined,
      merged.timeout ?? DEFAULT_TIMEOUT,
      setting.schemas,
    ),
    retry: retryPolicy(merged),
    timeoutMs: durationMs(merged.timeout ?? DEFAULT_TIMEOUT),
    onError: merged.onError === undefined ? setting.onError : compileStrategies(merged.onError as Json),
    onTimeout:
      merged.onTimeout === undefined ? setting.onTimeout : compileStrategies(merged.onTimeout as Json),
    compensate: action.compensate === undefined ? undefined : compileAction(action.compensate, setting),
    delivery: merged.delivery ?? "atLeastOnce",
    reconcile: action.reconcile === undefined ? undefined : compileReconcile(action.reconcile, setting),
  };
}

/** A question may be asked again, whatever holds for the others. */
function compileReconcile(action: CanonicalAction, setting: ActionSetting): ActionModel {
  return {
    ...compileAction(action, setting),
    delivery: "atLeastOnce",
    reconcile: undefined,
    awaits: undefined,
  };
}

/** What is sent, before it is rendered: a webhook's own settings, a function's name with what it is given, or the config. */
function requestOf(action: CanonicalAction, kind: ActionKind, webhook: JsonObject | undefined): JsonObject {
  if (webhook !== undefined) return sendable(webhook);
  const config = (action.config as JsonObject | undefined) ?? {};
  if (kind !== "function") return config;
  return { function: action.function ?? "", config, data: "$data", variables: "$variables" };
}

/** A strategy, an object with its settings, or a list of either. */
export function compileStrategies(strategies: Json | undefined): Strategy[] {
  const list: readonly Json[] = Array.isArray(strategies)
    ? strategies
    : strategies === undefined
      ? []
      : [strategies as Json];
  return list.map((entry) => {
    const settings = typeof entry === "string" ? { strategy: entry } : (entry as JsonObject);
    const maxRounds = typeof settings.maxRounds === "number" ? settings.maxRounds : 1;
    return {
      strategy: strategyWord(settings.strategy),
      maxRounds,
      ...(typeof settings.event === "string" ? { event: settings.event } : {}),
      ...(typeof settings.rollbackTo === "string" ? { rollbackTo: settings.rollbackTo } : {}),
    };
  });
}

export function compileCallback(webhook: JsonObject): CallbackModel {
  return {
    channel: "webhook",
    request: compileTemplateOf(sendable(webhook), ADDRESSES),
    hasPayload: webhook.payload !== undefined,
  };
}

/** Who is told. With `await` what is expected is said of the callback, not of whoever is told beside. */
function compileTold(webhook: JsonObject | undefined): CallbackModel | undefined {
  if (webhook?.await !== true) return webhook === undefined ? undefined : compileCallback(webhook);
  const { await: _await, timeout: _timeout, expectedResponse: _expected, ...told } = webhook;
  return webhook.url === undefined ? undefined : compileCallback(told);
}

function compileAwait(
  webhook: JsonObject | undefined,
  timeout: string,
  schemas: SchemaCompiler,
): AwaitModel | undefined {
  if (webhook?.await !== true) return undefined;
  const { expectedResponse, condition } = webhook;
  const schema = isJsonObject(expectedResponse ?? null) ? (expectedResponse as JsonObject).body : undefined;
  const compiled =
    typeof schema === "boolean" || (schema !== undefined && isJsonObject(schema))
      ? schemas.compile(schema)
      : undefined;
  if (compiled?.ok === false) throw new NotCompilableError("The schema of a callback is not sound.");
  return {
    timeoutMs: durationMs(typeof webhook.timeout === "string" ? webhook.timeout : timeout),
    check: compiled?.validate ?? (() => []),
    condition: condition === undefined ? undefined : compileCondition(conditionText(condition)),
  };
}

export function compileCallbackHandler(
  handler: CanonicalDefinition["globalCallbackHandler"],
): CallbackHandlerModel | undefined {
  if (handler?.webhook === undefined) return undefined;
  const events = handler.events === undefined ? undefined : new Set<string>(handler.events);
  return { ...compileCallback(handler.webhook as unknown as JsonObject), events };
}

/** The text of a condition in our own language. */
export function conditionText(condition: unknown): string {
  if (typeof condition === "string") return condition;
  if (typeof condition === "boolean") return String(condition);
  throw new NotCompilableError("A condition is in a language that is not run.");
}

function actionKind(action: CanonicalAction): ActionKind {
  const kind: string | undefined = action.type ?? impliedKind(action);
  switch (kind) {
    case "webhook":
    case "notification":
    case "function":
    case "audit":
    case "log":
    case "assign":
    case "raise":
    case "cancel":
      return kind;
    default:
      throw new NotCompilableError(
        `Action "${action.actionId}" has type "${String(kind)}", which is not run.`,
      );
  }
}

function impliedKind(action: CanonicalAction): string | undefined {
  if (action.trigger?.webhook !== undefined) return "webhook";
  if (action.function !== undefined) return "function";
  return action.assign === undefined ? undefined : "assign";
}

function retryPolicy(action: CanonicalAction): RetryPolicy {
  const { backoff } = action;
  return {
    retryCount: action.retryCount ?? 0,
    retryDelayMs: durationMs(action.retryDelay ?? "PT1S"),
    factor: backoff?.factor ?? 1,
    maxDelayMs: backoff?.maxDelay === undefined ? undefined : durationMs(backoff.maxDelay),
    jitter: backoff?.jitter ?? 0,
    retryOn: (action.retryOn ?? []).map(String),
  };
}

function strategyWord(word: Json | undefined): Strategy["strategy"] {
  switch (word) {
    case "retry":
    case "ignore":
    case "log":
    case "notify":
    case "abort":
    case "proceed":
    case "escalate":
    case "rollback":
      return word;
    default:
      throw new NotCompilableError(`The strategy "${String(word)}" is not run.`);
  }
}

/**
 * What the channel gets. The condition is an expression over the response, not a template. In `auth` and `sign` a text is
 * marked as one, `{ text }`, before it is rendered: so data that a template brings in can be a secret's value, but can never
 * name a secret.
 */
function sendable({ condition: _, ...webhook }: JsonObject): JsonObject {
  const { auth, sign } = webhook;
  return {
    ...webhook,
    ...(isJsonObject(auth ?? null) ? { auth: markedAuth(auth as JsonObject) } : {}),
    ...(isJsonObject(sign ?? null)
      ? { sign: { ...(sign as JsonObject), secret: marked(sign, "secret") } }
      : {}),
  };
}

const SECRET_PLACES = ["username", "password", "value", "clientId", "clientSecret"];

function markedAuth(auth: JsonObject): JsonObject {
  const entries = Object.entries(auth).map(([kind, settings]): [string, Json] => {
    if (!isJsonObject(settings)) return [kind, marked(auth, kind)];
    const places = SECRET_PLACES.filter((name) => settings[name] !== undefined);
    return [
      kind,
      { ...settings, ...Object.fromEntries(places.map((name) => [name, marked(settings, name)])) },
    ];
  });
  return Object.fromEntries(entries);
}

function marked(holder: Json | undefined, name: string): Json {
  const value = (holder as JsonObject)[name] ?? null;
  if (Array.isArray(value)) {
    return (value as readonly Json[]).map((text) => (typeof text === "string" ? { text } : text));
  }
  return typeof value === "string" ? { text: value } : value;
}
