/**
 * What a message is known by when it comes again. In this order:
 *
 * 1. what the definition's `messageId` gives;
 * 2. the header `webhook-id`, or else `idempotency-key`: the same in every repeat, another for another message;
 * 3. a digest of path, query and body: without an id two equal messages are one that was repeated.
 *
 * Where a signature covers the body alone (`hmac`), whoever has seen one message could send it again under another header or
 * query; what is not signed names nothing then, and the digest is of path and body.
 */
import type { Sha256 } from "../../core/audit/audit-entry.js";
import { canonicalJson } from "../../core/json/canonical-json.js";
import type { Json } from "../../core/json/json.js";
import { internalKey } from "../links/link.js";
import type { HookContents } from "./hook-message.js";
import type { HookRefusal, HookRequest } from "./hook-outcome.js";
import { routeOf } from "./receivers.js";
import type { SelectedReceiver } from "./select-receivers.js";

const MAX_MESSAGE_ID_CHARS = 255;

export interface IdentifiedReceiver extends SelectedReceiver {
  /** As the trail shows it. */
  readonly knownBy: string;
  /** Under which its first answer is found. */
  readonly key: string;
  /** Of what the same message must have the same of. */
  readonly fingerprint: string;
}

interface IdentifiedBy extends Pick<HookRequest, "path" | "query"> {
  readonly contents: HookContents;
}

export function identify(
  sha256: Sha256,
  selected: readonly SelectedReceiver[],
  { contents, path, query }: IdentifiedBy,
  headers: { readonly [name: string]: string },
): readonly IdentifiedReceiver[] | HookRefusal {
  const body = sha256(contents.text);
  const identified: IdentifiedReceiver[] = [];
  for (const receiver of selected) {
    const isBodyAlone = receiver.receiver.inbound.verify?.method === "hmac";
    const header = isBodyAlone ? undefined : headers["webhook-id"] || headers["idempotency-key"];
    const asked = [path, body, ...(isBodyAlone ? [] : [(query ?? {}) as Json])];
    const fingerprint = sha256(canonicalJson(asked));
    const knownBy = receiver.messageId ?? header ?? fingerprint;
    if ([...knownBy].length > MAX_MESSAGE_ID_CHARS) {
      const message = `The message's id has more than ${MAX_MESSAGE_ID_CHARS} characters.`;
      return { outcome: "refused", code: "LIMIT_EXCEEDED", status: 413, message };
    }
    const key = internalKey("webhook", sha256(canonicalJson([routeOf(receiver), knownBy])));
    identified.push({ ...receiver, knownBy, key, fingerprint });
  }
  return identified;
}
