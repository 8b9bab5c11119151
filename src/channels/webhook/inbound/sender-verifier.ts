/**
 * Verifies who sends a webhook, over the bytes as they came.
 *
 * 1. Nothing of the body is parsed before its sender is verified.
 * 2. Secrets and signatures are compared in constant time, and what differs in length as well.
 * 3. Of several secrets any one will do; nobody is told which.
 * 4. Standard Webhooks sign id, time and body (https://www.standardwebhooks.com); a time further away than the tolerance, in
 *    the past or the future, is refused. The library signs, and the comparison is done here, because its own looks at the
 *    machine's clock with a tolerance that cannot be chosen.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { StatewrightError } from "../../../core/errors.js";
import type { SecretValue, VerifyModel } from "../../../core/inbound/inbound-model.js";
import type { Secrets } from "../../../ports/secrets.js";
import type { RawMessage, SenderVerifier } from "../../../ports/sender-verifier.js";

type Verify<Method extends VerifyModel["method"]> = Extract<VerifyModel, { readonly method: Method }>;

export function senderVerifier(secrets: Secrets): SenderVerifier {
  return {
    verify: (how, message, nowMs) => {
      switch (how.method) {
        case "standard":
          return isStandard(how, message, nowMs, secrets);
        case "hmac":
          return isSigned(how, message, secrets);
        case "bearer":
          return isBearer(how, message, secrets);
        case "basic":
          return isBasic(how, message, secrets);
      }
    },
  };
}

function isStandard(
  { secrets: named, toleranceMs }: Verify<"standard">,
  { body, headers }: RawMessage,
  nowMs: number,
  secrets: Secrets,
): boolean {
  const keys = valuesOf(named, secrets);
  const id = headers["webhook-id"] ?? "";
  const seconds = headers["webhook-timestamp"] ?? "";
  const given = (headers["webhook-signature"] ?? "").split(" ").filter((each) => each.startsWith("v1,"));
  if (id === "" || given.length === 0 || !/^\d{1,12}$/.test(seconds)) return false;
  const atMs = Number(seconds) * 1000;
  if (Math.abs(nowMs - atMs) > toleranceMs) return false;
  const text = exactText(body);
  if (text === undefined) return false;
  const expected = keys.map((key) => signerOf(key).sign(id, new Date(atMs), text));
  return isAnyOf(given, expected);
}

/** The library signs text. Bytes that are no UTF-8 would become the same text as others. */
function exactText(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}

function signerOf(key: string): Webhook {
  try {
    return new Webhook(key);
  } catch {
    throw new StatewrightError(
      "SECRET_MISSING",
      "A signing secret is not of the form that Standard Webhooks have.",
      {
        hint: "It is whsec_ and base64, as the sender shows it.",
      },
    );
  }
}

function isSigned(
  { secrets: named, header, encoding, prefix }: Verify<"hmac">,
  { body, headers }: RawMessage,
  secrets: Secrets,
): boolean {
  const keys = valuesOf(named, secrets);
  const given = headers[header] ?? "";
  if (given === "") return false;
  const expected = keys.map((key) => prefix + createHmac("sha256", key).update(body).digest(encoding));
  return isAnyOf(
    [encoding === "hex" ? given.toLowerCase() : given],
    encoding === "hex" ? expected.map((each) => each.toLowerCase()) : expected,
  );
}

function isBearer({ secrets: named }: Verify<"bearer">, { headers }: RawMessage, secrets: Secrets): boolean {
  const tokens = valuesOf(named, secrets);
  const given = /^bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  return given !== undefined && isAnyOf([given], tokens);
}

function isBasic(
  { username, password }: Verify<"basic">,
  { headers }: RawMessage,
  secrets: Secrets,
): boolean {
  const [user, word] = [username, password].map((value) => valuesOf([value], secrets)[0]);
  const given = /^basic +(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  if (given === undefined) return false;
  return isAnyOf([Buffer.from(given, "base64").toString("utf8")], [`${user}:${word}`]);
}

/** Those that are there. */
function valuesOf(named: readonly SecretValue[], secrets: Secrets): readonly string[] {
  const values = named.flatMap((value) => {
    const text = typeof value === "string" ? value : secrets.read(value.secret);
    return text === undefined || text === "" ? [] : [text];
  });
  if (values.length > 0) return values;
  const names = named.flatMap((value) => (typeof value === "string" ? [] : [value.secret]));
  throw new StatewrightError(
    "SECRET_MISSING",
    `The secret ${names.map((name) => `"${name}"`).join(" or ")}, by which a sender is verified, is not set.`,
    { hint: names.map((name) => `To have "${name}": ${secrets.remedy(name)}.`).join(" ") },
  );
}

/** Looks at all of them, however early one fits. */
function isAnyOf(given: readonly string[], expected: readonly string[]): boolean {
  let isFound = false;
  for (const left of given) {
    for (const right of expected) if (timingSafeEqual(digestOf(left), digestOf(right))) isFound = true;
  }
  return isFound;
}

/** Of one length whatever the text's. */
function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
