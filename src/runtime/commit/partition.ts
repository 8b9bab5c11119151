import { PARTITION_COUNT } from "../../ports/store.js";

/** The partition of an instance: FNV-1a (32 bit) over the UTF-16 code units of its id, modulo the number of partitions. */
export function partitionOf(instanceId: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < instanceId.length; index += 1) {
    hash = Math.imul(hash ^ instanceId.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % PARTITION_COUNT;
}
