import { commandOf, openEntry } from "../../core/audit/audit-entry.js";
import { canonicalJson } from "../../core/json/canonical-json.js";
import type { Json } from "../../core/json/json.js";
import type { Store } from "../../ports/store.js";
import type { CommandDraft } from "../instances.js";

/** Whether the instance began with this very import, whoever did it. */
export async function beganWithImport(
  store: Store,
  instanceId: string,
  command: CommandDraft,
): Promise<boolean> {
  const [first] = await store.loadAudit(instanceId, { afterSeq: 0, limit: 1 });
  if (first === undefined) return false;
  const {
    actor: _a,
    source: _s,
    random: _r,
    ...begun
  } = commandOf(openEntry(first.entry, first.disclosed).entry);
  const { actor: _actor, source: _source, ...asked } = command;
  return canonicalJson(begun as unknown as Json) === canonicalJson(asked as unknown as Json);
}
