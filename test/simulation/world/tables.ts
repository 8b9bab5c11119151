import type { memoryTables } from "../../../src/stores/memory/memory-store.js";

/** The tables of one run: what a process finds that starts after another. */
export type Tables = ReturnType<typeof memoryTables>;
