import { createHmac } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { StatewrightError } from "../../../core/errors.js";
import type { VerifyModel } from "../../../core/inbound/inbound-model.js";
import type { Secrets } from "../../../ports/secrets.js";
import { senderVerifier } from "./sender-verifier.js";

/** Of the Standard Webhooks specification. */
const KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER_KEY = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const AT_SECONDS = 1_614_265_330;
const BODY = '{"test": 2432232314}';
const SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

const STORE: { readonly [name: string]: string } = { first: KEY, second: OTHER_KEY, word: "open sesame" };
const secrets: Secrets = { read: (name) => STORE[name], remedy: (name) => `set ${name}` };
const verifier = senderVerifier(secrets);
const bytes = (text: string) => new TextEncoder().encode(text);

function standard(named: readonly string[] = ["first"]): VerifyModel {
  return { method: "standard", secrets: named.map((secret) => ({ secret })), toleranceMs: 300_000 };
}

const HEADERS = { "webhook-id": ID, "webhook-timestamp": String(AT_SECONDS), "webhook-signature": SIGNATURE };

function isVerified(
  how: VerifyModel,
  headers: { readonly [name: string]: string },
  body: string | Uint8Array = BODY,
  nowMs = AT_SECONDS * 1000,
): boolean {
  return verifier.verify(how, { body: typeof body === "string" ? bytes(body) : body, headers }, nowMs);
}

describe("Standard Webhooks", () => {
  test("the vector of the specification is verified", () => {
    expect(isVerified(standard(), HEADERS)).toBe(true);
  });

  test("one changed byte of the body, the id or the time is refused", () => {
    expect(isVerified(standard(), HEADERS, '{"test": 2432232315}')).toBe(false);
    expect(isVerified(standard(), HEADERS, '{"test":2432232314}')).toBe(false);
    expect(isVerified(standard(), { ...HEADERS, "webhook-id": `${ID}x` })).toBe(false);
    expect(isVerified(standard(), { ...HEADERS, "webhook-timestamp": String(AT_SECONDS + 1) })).toBe(false);
    expect(isVerified(standard(), { ...HEADERS, "webhook-signature": SIGNATURE.replace("g0", "g1") })).toBe(
      false,
    );
  });

  test("each of the three headers must be there, and the signature be of version 1", () => {
    for (const name of Object.keys(HEADERS))
      expect(isVerified(standard(), { ...HEADERS, [name]: "" })).toBe(false);
    expect(isVerified(standard(), { ...HEADERS, "webhook-signature": SIGNATURE.replace("v1", "v1a") })).toBe(
      false,
    );
    expect(isVerified(standard(), { ...HEADERS, "webhook-timestamp": `${AT_SECONDS}.0` })).toBe(false);
    expect(isVerified(standard(), { ...HEADERS, "webhook-timestamp": "soon" })).toBe(false);
  });

  test("a time is taken up to the tolerance away, in the past and the future, and no further", () => {
    const at = AT_SECONDS * 1000;
    expect(isVerified(standard(), HEADERS, BODY, at + 300_000)).toBe(true);
    expect(isVerified(standard(), HEADERS, BODY, at - 300_000)).toBe(true);
    expect(isVerified(standard(), HEADERS, BODY, at + 300_001)).toBe(false);
    expect(isVerified(standard(), HEADERS, BODY, at - 300_001)).toBe(false);
  });

  test("during a rotation any of the secrets and any of the signatures will do", () => {
    const other = new Webhook(OTHER_KEY).sign(ID, new Date(AT_SECONDS * 1000), BODY);
    expect(isVerified(standard(["second", "first"]), HEADERS)).toBe(true);
    expect(isVerified(standard(["second"]), HEADERS)).toBe(false);
    expect(
      isVerified(standard(["second"]), { ...HEADERS, "webhook-signature": `${SIGNATURE} ${other}` }),
    ).toBe(true);
    expect(isVerified(standard(["gone", "first"]), HEADERS)).toBe(true);
  });

  test("bytes that are no UTF-8 do not pass for the text that they would become", () => {
    const replaced = '{"a":"\uFFFD"}';
    const signature = new Webhook(KEY).sign(ID, new Date(AT_SECONDS * 1000), replaced);
    const headers = { ...HEADERS, "webhook-signature": signature };
    expect(isVerified(standard(), headers, replaced)).toBe(true);
    expect(isVerified(standard(), headers, Uint8Array.from([...bytes('{"a":"'), 0xff, ...bytes('"}')]))).toBe(
      false,
    );
  });

  test("a byte order mark is a part of what is signed", () => {
    expect(isVerified(standard(), HEADERS, `\uFEFF${BODY}`)).toBe(false);
  });
});

describe("an HMAC in a header", () => {
  const hmac = (encoding: "hex" | "base64", prefix = ""): VerifyModel => ({
    method: "hmac",
    secrets: [{ secret: "first" }, { secret: "word" }],
    header: "x-hub-signature-256",
    encoding,
    prefix,
  });
  const sign = (encoding: "hex" | "base64") =>
    createHmac("sha256", "open sesame").update(BODY).digest(encoding);

  test("is verified in hex, in either case of letters, and in base64, with its prefix", () => {
    const hex = `sha256=${sign("hex")}`;
    expect(isVerified(hmac("hex", "sha256="), { "x-hub-signature-256": hex })).toBe(true);
    expect(isVerified(hmac("hex"), { "x-hub-signature-256": sign("hex").toUpperCase() })).toBe(true);
    expect(isVerified(hmac("base64"), { "x-hub-signature-256": sign("base64") })).toBe(true);
  });

  test("is refused for another body, without its prefix, under another header, and when it is empty", () => {
    const hex = `sha256=${sign("hex")}`;
    expect(isVerified(hmac("hex", "sha256="), { "x-hub-signature-256": hex }, `${BODY} `)).toBe(false);
    expect(isVerified(hmac("hex", "sha256="), { "x-hub-signature-256": sign("hex") })).toBe(false);
    expect(isVerified(hmac("hex", "sha256="), { "x-signature": hex })).toBe(false);
    expect(isVerified(hmac("hex"), { "x-hub-signature-256": "" })).toBe(false);
    expect(isVerified(hmac("base64"), { "x-hub-signature-256": sign("base64").toLowerCase() })).toBe(false);
  });
});

describe("a word that both know", () => {
  const bearer: VerifyModel = { method: "bearer", secrets: [{ secret: "first" }, { secret: "second" }] };
  const basic: VerifyModel = { method: "basic", username: "bank", password: { secret: "word" } };
  const basicHeader = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });

  test("is taken as a bearer token, whichever of those it is", () => {
    expect(isVerified(bearer, { authorization: `Bearer ${KEY}` })).toBe(true);
    expect(isVerified(bearer, { authorization: `bearer ${OTHER_KEY}` })).toBe(true);
    expect(isVerified(bearer, { authorization: `Bearer ${KEY}x` })).toBe(false);
    expect(isVerified(bearer, { authorization: KEY })).toBe(false);
    expect(isVerified(bearer, {})).toBe(false);
  });

  test("is taken as a password with its user", () => {
    expect(isVerified(basic, basicHeader("bank:open sesame"))).toBe(true);
    expect(isVerified(basic, basicHeader("bank:open sesam"))).toBe(false);
    expect(isVerified(basic, basicHeader("shop:open sesame"))).toBe(false);
    expect(isVerified(basic, {})).toBe(false);
  });
});

test("a secret that is not set, and one of another form, is told to the operator by name, never by value", () => {
  const told = (how: VerifyModel) => {
    try {
      isVerified(how, HEADERS);
    } catch (error) {
      if (error instanceof StatewrightError) return `${error.code} ${error.message} ${error.hint}`;
    }
    return "";
  };
  expect(told(standard(["gone"]))).toMatch(/^SECRET_MISSING .*"gone".*set gone/);
  const misformed = told({ method: "standard", secrets: ["not base64!"], toleranceMs: 1_000_000 });
  expect(misformed).toMatch(/^SECRET_MISSING/);
  expect(misformed).not.toContain("not base64!");
});
