import { memory, memoryTables } from "../../../src/stores/memory/memory-store.js";
import type { Backing } from "./backing.js";

export function memoryBacking(): Backing {
  const tables = memoryTables();
  return {
    tables,
    memoryTables: tables,
    newStore: () => {
      const store = memory(tables);
      const letGo = (): void => {
        if (tables.lease.owner === store) tables.lease.owner = undefined;
      };
      return { store, loseLease: letGo, abandon: letGo };
    },
    close: () => {},
  };
}
