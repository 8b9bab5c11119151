/** Compiles what comes in by webhook. */
import type { EventWebhookTrigger, WebhookStart } from "../definition/definition-document.generated.js";
import { isJsonObject, type Json, type JsonObject } from "../json/json.js";
import { conditionText } from "../model/compile-action.js";
import {
  compileCondition,
  compileExpressionOf,
  compileTemplateOf,
  durationMs,
  NotCompilableError,
} from "../model/compile-text.js";
import type { CompiledSchema, SchemaCompiler, Violation } from "../model/schema-port.js";
import { parseHookPath } from "./hook-path.js";
import type { InboundEventModel, InboundModel, SecretValue, VerifyModel } from "./inbound-model.js";

const DEFAULT_TOLERANCE = "PT5M";

export function compileInboundEvent(
  trigger: EventWebhookTrigger,
  schemas: SchemaCompiler,
): InboundEventModel {
  const { correlate, message } = trigger;
  if (correlate === undefined || message === undefined) {
    throw new NotCompilableError(`The webhook "${trigger.path}" does not say which instance it is for.`);
  }
  return {
    ...compileInbound(trigger, schemas),
    correlate: compileTemplateOf(correlate),
    value: compileExpressionOf(message),
  };
}

export function compileInbound(
  webhook: EventWebhookTrigger | WebhookStart,
  schemas: SchemaCompiler,
): InboundModel {
  const { path: source, condition, expectedMessage, data, messageId, verify } = webhook;
  const path = parseHookPath(source);
  return {
    channel: "webhook",
    name: path.text,
    path,
    condition: compileCondition(condition === undefined ? undefined : conditionText(condition)),
    violations: violationsBy(expectedMessage, schemas),
    data: data === undefined ? undefined : compileTemplateOf(data),
    messageId: messageId === undefined ? undefined : compileExpressionOf(messageId),
    verify: compileVerify(verify),
  };
}

/** Compiled at the first message. */
function violationsBy(
  schema: JsonObject | boolean | undefined,
  schemas: SchemaCompiler,
): (body: Json) => readonly Violation[] {
  if (schema === undefined) return () => [];
  let compiled: CompiledSchema | undefined;
  return (body) => {
    compiled ??= schemas.compile(schema);
    if (compiled.ok) return compiled.validate(body);
    throw new Error(
      `Broken invariant: a published schema does not compile: ${compiled.faults[0]?.message ?? ""}`,
    );
  };
}

function compileVerify(verify: EventWebhookTrigger["verify"]): VerifyModel | undefined {
  if (verify === undefined) return undefined;
  const { secret, tolerance, hmac, bearer, basic } = verify;
  if (secret !== undefined) {
    return {
      method: "standard",
      secrets: secretsOf(secret),
      toleranceMs: durationMs(tolerance ?? DEFAULT_TOLERANCE),
    };
  }
  if (hmac !== undefined) {
    const { header, encoding = "hex", prefix = "" } = hmac;
    return {
      method: "hmac",
      secrets: secretsOf(hmac.secret),
      header: header.toLowerCase(),
      encoding,
      prefix,
    };
  }
  if (bearer !== undefined) return { method: "bearer", secrets: secretsOf(bearer) };
  if (basic !== undefined) {
    return { method: "basic", username: secretOf(basic.username), password: secretOf(basic.password) };
  }
  throw new NotCompilableError('"verify" names no way to verify a sender.');
}

function secretsOf(given: Json | undefined): readonly SecretValue[] {
  return Array.isArray(given) ? given.map(secretOf) : [secretOf(given)];
}

function secretOf(given: Json | undefined): SecretValue {
  if (typeof given === "string") return given;
  const name = isJsonObject(given ?? null) ? (given as JsonObject).secret : undefined;
  if (typeof name !== "string") throw new NotCompilableError("A secret has no name.");
  return { secret: name };
}
