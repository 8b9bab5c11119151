/**
 * Signs a request by Standard Webhooks (https://www.standardwebhooks.com), symmetric, `v1`.
 *
 * 1. `webhook-id` is the idempotency key, the same for all tries. Its full stops are written `%2E`: the signed text is
 *    `id.timestamp.body`, and an id with full stops could be read with the borders elsewhere.
 * 2. The timestamp is the one of the try, the body the very text that is sent.
 * 3. Every secret gives one signature. A secret's value may hold several, separated by spaces, so that one can be
 *    exchanged without another version of the definition.
 */
import type { Webhook } from "standardwebhooks";
import { type SecretReference, type SecretValues, secretFailure } from "./secret-values.js";

export interface SignedMessage {
  /** As the header `idempotency-key` has it. */
  readonly key: string;
  readonly body: string;
  readonly atMs: number;
}

/** The three headers. Rejects with `SendFailure` for a secret that is missing or cannot sign. */
export async function signingHeaders(
  message: SignedMessage,
  references: readonly SecretReference[],
  values: SecretValues,
): Promise<readonly (readonly [name: string, value: string])[]> {
  const { Webhook } = await import("standardwebhooks");
  const id = message.key.replaceAll(".", "%2E");
  const sentAt = new Date(message.atMs);
  const signatures = references.flatMap((reference) =>
    values
      .valueOf(reference)
      .split(/\s+/)
      .filter((secret) => secret !== "")
      .map((secret) => signer(Webhook, values.withhold(secret), reference).sign(id, sentAt, message.body)),
  );
  return [
    ["webhook-id", id],
    ["webhook-timestamp", String(Math.floor(message.atMs / 1_000))],
    ["webhook-signature", signatures.join(" ")],
  ];
}

export const SIGNING_HEADERS = ["webhook-id", "webhook-timestamp", "webhook-signature"] as const;

function signer(Signer: typeof Webhook, secret: string, reference: SecretReference): Webhook {
  try {
    return new Signer(secret);
  } catch {
    const name = "secret" in reference ? `The secret "${reference.secret}"` : "The secret in the definition";
    throw secretFailure(
      `${name} cannot sign: it must be base64, with or without "whsec_" before it (24 to 64 bytes)`,
    );
  }
}
