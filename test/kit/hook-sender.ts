/** Sends webhooks to an engine as a sender of Standard Webhooks does. */
import { Webhook } from "standardwebhooks";
import type { Json } from "../../src/core/json/json.js";
import type { Engine } from "../../src/engine.js";
import type { Secrets } from "../../src/ports/secrets.js";

/** Base64 after the prefix, as such secrets are. */
export const SIGNING_KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

export const secretsOf = (values: { readonly [name: string]: string }): Secrets => ({
  read: (name) => values[name],
  remedy: (name) => `set ${name}`,
});

export interface Sending {
  readonly path: string;
  readonly body?: Json;
  /** In place of the body: what is sent as it is. */
  readonly text?: string;
  readonly id?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly query?: { readonly [name: string]: string };
}

type Outcome = Awaited<ReturnType<Engine["hook"]>>;

/** Without a signature. */
export function sendPlain(engine: Pick<Engine, "hook">, sending: Sending): Promise<Outcome> {
  const { path, id, headers, query } = sending;
  return engine.hook({
    path,
    rawBody: new TextEncoder().encode(textOf(sending)),
    headers: {
      "Content-Type": "application/json",
      ...(id === undefined ? {} : { "webhook-id": id }),
      ...headers,
    },
    ...(query === undefined ? {} : { query }),
  });
}

/** Signed at the time. */
export function sendSigned(
  engine: Pick<Engine, "hook">,
  sending: Sending & { readonly id: string },
  atMs: number,
  key = SIGNING_KEY,
): Promise<Outcome> {
  const at = new Date(atMs);
  return sendPlain(engine, {
    ...sending,
    headers: {
      "webhook-timestamp": String(Math.floor(atMs / 1000)),
      "webhook-signature": new Webhook(key).sign(sending.id, at, textOf(sending)),
      ...sending.headers,
    },
  });
}

function textOf({ body, text }: Sending): string {
  return text ?? JSON.stringify(body ?? {});
}
