/** The commands by name. Each is loaded when it is asked for, so that a start pays for one command alone. */
import type { CommandModule } from "./cli-command.js";

export interface CatalogueEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
}

export const CATALOGUE: readonly CatalogueEntry[] = [
  {
    name: "init",
    summary: "make a small project to begin with",
    load: () => import("./commands/project/init.js"),
  },
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
    name: "convert",
    summary: "make a definition of a chart in SCXML",
    load: () => import("./commands/convert.js"),
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
    name: "serve",
    summary: "run the engine with its HTTP API, for programs and people elsewhere",
    load: () => import("./commands/serve.js"),
  },
  {
    name: "publish",
    summary: "publish versions of definitions",
    load: () => import("./commands/definitions/publish.js"),
  },
  {
    name: "definitions",
    summary: "list, show and compare what is published",
    load: () => import("./commands/definitions/definitions.js"),
  },
  {
    name: "start",
    summary: "start an instance of a published definition",
    load: () => import("./commands/instance/start.js"),
  },
  {
    name: "send",
    summary: "send an instance an event, or data",
    load: () => import("./commands/instance/send.js"),
  },
  {
    name: "signal",
    summary: "broadcast a signal to every instance that waits for it",
    load: () => import("./commands/instance/signal.js"),
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
    summary: "show an instance's audit trail, export or verify trails",
    load: () => import("./commands/audit.js"),
  },
  {
    name: "watch",
    summary: "follow an instance's audit trail as it grows",
    load: () => import("./commands/instance/watch.js"),
  },
  {
    name: "incidents",
    summary: "list what somebody has to look at",
    load: () => import("./commands/operate/incidents.js"),
  },
  {
    name: "retry",
    summary: "do again what incidents are about",
    load: () => import("./commands/operate/retry.js"),
  },
  {
    name: "skip",
    summary: "go on as if failed actions had been done",
    load: () => import("./commands/operate/skip.js"),
  },
  {
    name: "set",
    summary: "correct the data of instances",
    load: () => import("./commands/operate/set.js"),
  },
  {
    name: "migrate",
    summary: "move running instances to another version",
    load: () => import("./commands/operate/migrate.js"),
  },
  {
    name: "suspend",
    summary: "hold instances",
    load: () => import("./commands/operate/suspend.js"),
  },
  {
    name: "resume",
    summary: "let suspended instances go on",
    load: () => import("./commands/operate/resume.js"),
  },
  {
    name: "cancel",
    summary: "end instances",
    load: () => import("./commands/operate/cancel.js"),
  },
  {
    name: "import",
    summary: "take instances over from their documents",
    load: () => import("./commands/transfer/import.js"),
  },
  {
    name: "export",
    summary: "write instances with their trails, one a line",
    load: () => import("./commands/transfer/export.js"),
  },
  {
    name: "backup",
    summary: "copy the database, also while an engine runs",
    load: () => import("./commands/transfer/backup.js"),
  },
  {
    name: "keys",
    summary: "make, list and revoke the API keys of a server",
    load: () => import("./commands/keys.js"),
  },
  {
    name: "completion",
    summary: "print a script for the completion of a shell",
    load: () => import("./commands/project/completion.js"),
  },
];
