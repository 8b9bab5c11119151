import type { Sha256 } from "../core/audit/audit-entry.js";
import type { RuntimePorts } from "./runtime-ports.js";

/** An instance id in the form of a UUID (version 4): the same words give the same id, so that a repeat finds the first. */
export function derivedId(sha256: Sha256, words: readonly string[]): string {
  const digest = sha256(words.join("\n"));
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-4${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}

/** The same key leads to the same instance, so that a repeated start finds its first answer. */
export function newInstanceId(
  { ids, sha256 }: Pick<RuntimePorts, "ids" | "sha256">,
  stateMachineId: string,
  key: string | undefined,
): string {
  return key === undefined ? ids.uuid() : derivedId(sha256, ["start", stateMachineId, key]);
}
