import { isJsonObject, type Json, type JsonObject } from "../../../json/json.js";
import { appendPointer } from "../../../json/pointer.js";
import type { Rule, RuleFinding } from "../rule.js";
import { finding } from "../rule.js";
import { outwardWebhooks } from "./webhooks.js";

const SECRET_HEADER = /^(authorization|proxy-authorization|x-api-key|api-key|x-auth-token|cookie)$/i;

/** Secrets are named, not written down: a definition is stored, shown and exported. */
export const literalSecret: Rule = ({ definition, survey }) => {
  const findings: RuleFinding[] = [];
  const check = (value: Json | undefined, pointer: string, label: string) => {
    if (typeof value !== "string" || value.includes("$")) return;
    findings.push(
      finding("LITERAL_SECRET", pointer, `${label} has a secret in the definition itself.`, {
        hint: 'Name it instead: { "secret": "NAME" }.',
      }),
    );
  };
  for (const { webhook, pointer, label } of outwardWebhooks(definition, survey)) {
    const { auth, sign, headers } = webhook;
    check(auth?.bearer, `${pointer}/auth/bearer`, label);
    check(auth?.basic?.password, `${pointer}/auth/basic/password`, label);
    check(auth?.header?.value, `${pointer}/auth/header/value`, label);
    check(auth?.oauth2?.clientSecret, `${pointer}/auth/oauth2/clientSecret`, label);
    const signing = sign?.secret;
    if (Array.isArray(signing)) {
      for (const [at, secret] of signing.entries()) check(secret, `${pointer}/sign/secret/${at}`, label);
    } else check(signing, `${pointer}/sign/secret`, label);
    for (const [name, value] of Object.entries(headers ?? {})) {
      if (SECRET_HEADER.test(name)) check(value, appendPointer(pointer, "headers", name), label);
    }
  }
  const checkAll = (value: Json | undefined, pointer: string, label: string) => {
    if (!Array.isArray(value)) return check(value, pointer, label);
    for (const [at, one] of value.entries()) check(one, `${pointer}/${at}`, label);
  };
  const checkInward = (trigger: object | undefined, pointer: string, label: string) => {
    const verify = trigger !== undefined && "verify" in trigger ? (trigger.verify as Json) : undefined;
    if (verify === undefined || !isJsonObject(verify)) return;
    const { hmac, basic } = verify;
    checkAll(verify.secret, `${pointer}/verify/secret`, label);
    checkAll(verify.bearer, `${pointer}/verify/bearer`, label);
    if (isJsonObject(hmac ?? null))
      checkAll((hmac as JsonObject).secret, `${pointer}/verify/hmac/secret`, label);
    if (isJsonObject(basic ?? null))
      check((basic as JsonObject).password, `${pointer}/verify/basic/password`, label);
  };
  for (const { transition, pointer, label } of survey.transitions) {
    for (const [at, trigger] of (transition.event ?? []).entries())
      checkInward(trigger, `${pointer}/event/${at}`, label);
  }
  for (const { state, pointer, label } of survey.states)
    checkInward(state.startOn, `${pointer}/startOn`, label);
  return findings;
};
