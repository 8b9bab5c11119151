/**
 * The secrets of one send: looked up when they are needed, and withheld from whatever comes back.
 *
 * 1. Values are kept for one send only. No message holds one; it names the secret.
 * 2. What the outside sends back is stored with the instance, and servers that echo a request are not rare: every value
 *    that was used is replaced there, as it is, percent-encoded and escaped as JSON does.
 */
import { isJsonObject, type Json } from "../../../core/json/json.js";
import type { ChannelOutcome } from "../../../ports/channel.js";
import type { Secrets } from "../../../ports/secrets.js";
import { SendFailure, unusableRequest } from "../send-failure.js";

/** A secret by name, or a text of the definition itself. */
export type SecretReference = { readonly secret: string } | { readonly text: string };

const WITHHELD = "[secret]";
/** Shorter ones are no secrets, and would be found in every other word. */
const SHORTEST_WITHHELD = 4;

export class SecretValues {
  readonly #used = new Set<string>();

  constructor(private readonly secrets: Secrets | undefined) {}

  /** @throws SendFailure `SECRET_MISSING`, final, that names the secret. */
  valueOf(reference: SecretReference): string {
    if ("text" in reference) return this.withhold(reference.text);
    const name = reference.secret;
    const value = this.secrets?.read(name);
    if (value === undefined) {
      const remedy = this.secrets === undefined ? "give the engine its secrets" : this.secrets.remedy(name);
      throw secretFailure(`The secret "${name}" is not there: ${remedy}`);
    }
    return this.withhold(value);
  }

  /** Keeps a value that was made of secrets, or bought with them, from coming back. Returns it. */
  withhold(value: string): string {
    if (value.length >= SHORTEST_WITHHELD) this.#used.add(value);
    return value;
  }

  /** The outcome without the values that were used. */
  cleaned(outcome: ChannelOutcome): ChannelOutcome {
    if (this.#used.size === 0) return outcome;
    const spellings = [...this.#used].flatMap(spellingsOf).sort((one, other) => other.length - one.length);
    return clean(outcome as unknown as Json, spellings) as unknown as ChannelOutcome;
  }
}

export function secretFailure(message: string): SendFailure {
  return new SendFailure("SECRET_MISSING", message, { isFinal: true, mayHaveActed: false });
}

/** Reads what stands at the place of a secret. @throws SendFailure */
export function readReference(given: Json | undefined, place: string): SecretReference {
  if (isJsonObject(given ?? null)) {
    const { secret, text } = given as { readonly secret?: Json; readonly text?: Json };
    if (typeof secret === "string" && secret !== "") return { secret };
    if (typeof text === "string" && text !== "") return { text };
  }
  throw unusableRequest(`"${place}" must name a secret: { "secret": "NAME" }.`);
}

function spellingsOf(value: string): readonly string[] {
  return [...new Set([value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)])];
}

function clean(value: Json, spellings: readonly string[]): Json {
  if (typeof value === "string") return cleanText(value, spellings);
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => clean(item, spellings));
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([name, item]): [string, Json] => [
    cleanText(name, spellings),
    clean(item, spellings),
  ]);
  return Object.fromEntries(entries);
}

function cleanText(text: string, spellings: readonly string[]): string {
  return spellings.reduce((left, spelling) => left.replaceAll(spelling, WITHHELD), text);
}
