import { canonicalJson } from "../../core/json/canonical-json.js";
import type { Json } from "../../core/json/json.js";

/** What a submission under a key is known by. Who sent it, and by which door, does not make it another request. */
export function idempotencyOf<
  Asked extends { readonly actor: string; readonly source: string; readonly groups?: readonly string[] },
>(
  sha256: (text: string) => string,
  command: Asked,
  key: string | undefined,
): { readonly idempotency?: { readonly key: string; readonly fingerprint: string } } {
  if (key === undefined) return {};
  const { actor: _actor, source: _source, groups: _groups, ...asked } = command;
  return { idempotency: { key, fingerprint: sha256(canonicalJson(asked as unknown as Json)) } };
}
