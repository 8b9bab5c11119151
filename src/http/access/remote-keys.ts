/**
 * The public keys of an identity provider (JWKS), fetched when they are needed.
 *
 * 1. One fetch at a time, and one in `COOLDOWN_MS` at most, whatever tokens come in and whether it succeeds.
 * 2. Keys are fetched anew after `MAX_AGE_MS`; while that fails, those that are known go on.
 * 3. A key that is not known and cannot be asked for is `IDENTITY_UNAVAILABLE` (503): the token may be right.
 */
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";
import { StatewrightError } from "../../core/errors.js";

const COOLDOWN_MS = 10_000;
const MAX_AGE_MS = 600_000;
const FETCH_TIMEOUT_MS = 5_000;
const MAX_BYTES = 262_144;

export class RemoteKeys {
  #keys: JWTVerifyGetKey | undefined;
  #loadedAtMs = Number.NEGATIVE_INFINITY;
  #triedAtMs = Number.NEGATIVE_INFINITY;
  #hasFailed = false;
  #pending: Promise<void> | undefined;

  constructor(
    private readonly url: string,
    private readonly now: () => number = Date.now,
  ) {}

  /** The key that a token names. Throws what `jose` throws for one that is not there, and `IDENTITY_UNAVAILABLE`. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    if (this.now() - this.#loadedAtMs > MAX_AGE_MS) await this.#load();
    if (this.#keys === undefined) throw this.#unavailable();
    try {
      return await this.#keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await this.#load();
      if (this.#hasFailed) throw this.#unavailable();
      return this.#keys(header, token);
    }
  };

  async #load(): Promise<void> {
    if (this.#pending === undefined) {
      if (this.now() - this.#triedAtMs < COOLDOWN_MS) return;
      this.#triedAtMs = this.now();
      this.#pending = this.#fetch().finally(() => {
        this.#pending = undefined;
      });
    }
    await this.#pending;
  }

  async #fetch(): Promise<void> {
    try {
      this.#keys = createLocalJWKSet(await fetchKeys(this.url));
      this.#loadedAtMs = this.now();
      this.#hasFailed = false;
    } catch {
      this.#hasFailed = true;
    }
  }

  #unavailable(): StatewrightError {
    return new StatewrightError(
      "IDENTITY_UNAVAILABLE",
      "The keys that tokens are checked with cannot be fetched now.",
      {
        hint: `Send it again later; who runs the server looks at ${new URL(this.url).origin}.`,
      },
    );
  }
}

async function fetchKeys(url: string): Promise<JSONWebKeySet> {
  const response = await fetch(url, {
    redirect: "error",
    headers: { accept: "application/json, application/jwk-set+json" },
    signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
  });
  if (response.status !== 200) throw new Error(`status ${response.status}`);
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > MAX_BYTES) throw new Error("it is too large");
    parts.push(part);
  }
  return JSON.parse(Buffer.concat(parts).toString("utf8")) as JSONWebKeySet;
}
