/**
 * The text of an API key: `swk_<id>_<secret>_<checksum>`, all hexadecimal.
 *
 * 1. The secret is 256 random bits, shown once; the store has the SHA-256 of the whole text. No slow hash is needed: there
 *    is nothing to guess.
 * 2. The checksum tells a mistyped or invented key without a look into the store, and a scanner for leaked secrets a key
 *    from other text.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

const PREFIX = "swk";
const FORM = /^(swk_([0-9a-f]{12})_[0-9a-f]{64})_([0-9a-f]{8})$/;

export interface NewKey {
  readonly keyId: string;
  /** What its owner sends; nobody can tell it afterwards. */
  readonly text: string;
  readonly hash: string;
}

export function newKey(): NewKey {
  const keyId = randomBytes(6).toString("hex");
  const body = `${PREFIX}_${keyId}_${randomBytes(32).toString("hex")}`;
  const text = `${body}_${checksum(body)}`;
  return { keyId, text, hash: hashOf(text) };
}

/** The id of a text that is a key by its form and checksum; `undefined` for any other. */
export function keyIdOf(text: string): string | undefined {
  const [, body, keyId, sum] = FORM.exec(text) ?? [];
  return body !== undefined && sum === checksum(body) ? keyId : undefined;
}

/** Whether a text is meant to be a key. */
export function looksLikeKey(text: string): boolean {
  return text.startsWith(`${PREFIX}_`);
}

/** In a time that says nothing about where they differ. */
export function matchesHash(text: string, hash: string): boolean {
  const given = Buffer.from(hashOf(text), "hex");
  const stored = Buffer.from(hash, "hex");
  return given.length === stored.length && timingSafeEqual(given, stored);
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function checksum(body: string): string {
  return hashOf(body).slice(0, 8);
}
