/** The commands by name. Each is loaded when it is asked for, so that a start pays for one command alone. */
import type { CommandModule } from "./cli-command.js";

export interface CatalogueEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
}

export const CATALOGUE: readonly CatalogueEntry[] = [
  {
    name: "validate",
    summary: "check definitions and report every finding with its place",
    load: () => import("./commands/validate.js"),
  },
  {
    name: "format",
    summary: "print a definition in its canonical or its short form",
    load: () => import("./commands/format.js"),
  },
  {
    name: "types",
    summary: "write TypeScript types for the events and data of definitions",
    load: () => import("./commands/print-types.js"),
  },
  {
    name: "run",
    summary: "run one instance of a definition in this process, durably",
    load: () => import("./commands/run.js"),
  },
  {
    name: "instances",
    summary: "list instances",
    load: () => import("./commands/instances.js"),
  },
  { name: "show", summary: "show an instance", load: () => import("./commands/show.js") },
  {
    name: "history",
    summary: "show the states an instance has been in",
    load: () => import("./commands/history.js"),
  },
  {
    name: "audit",
    summary: "show an instance's audit trail, or verify trails",
    load: () => import("./commands/audit.js"),
  },
];
