/**
 * `audit export ID…`: trails as lines of JSON, one an entry, as they are kept. `audit verify FILE` verifies them without
 * the database. What the definition calls sensitive is withheld: its digests stay, so the trail verifies all the same.
 */
import type { Command } from "commander";
import { withholdValues } from "../../core/audit/withhold-values.js";
import type { AuditRow } from "../../index.js";
import {
  addDatabaseOptions,
  addExamples,
  type CommandContext,
  type DatabaseOptions,
} from "../cli-command.js";
import { type Opened, withReader } from "../open-store.js";
import { openLines } from "../output/write-lines.js";

interface ExportOptions extends DatabaseOptions {
  readonly output?: string;
  readonly reveal?: boolean;
}

interface ExportedTrail {
  readonly instanceId: string;
  readonly entries: number;
  /** Hash of the last entry: kept apart, it shows later whether a tail was cut off. */
  readonly head: string;
}

export function configureExport(command: Command, context: CommandContext): void {
  command
    .argument("<ids...>", "ids of instances")
    .option("--output <file>", "write into this file, which must not be there, instead of standard output")
    .option("--reveal", "with the values that the definition calls sensitive");
  addDatabaseOptions(command);
  addExamples(command, [
    {
      line: "statewright audit export o-1 --output o-1.ndjson",
      says: "then: statewright audit verify o-1.ndjson",
    },
  ]);
  command.action(async (ids: string[], _: unknown, self: Command) => {
    const options = self.optsWithGlobals<ExportOptions>();
    const { terminal } = context;
    const trails = await withReader(options, context, async (opened) => {
      const all: AuditRow[][] = [];
      for (const instanceId of ids)
        all.push(await exportedTrail(opened, instanceId, options.reveal === true));
      return all;
    });
    if (options.json === true && options.output === undefined) terminal.json(trails.flat());
    else await writeTrails(trails, context, options);
    context.finish(0);
  });
}

/** The rows as they leave the house. Throws `INSTANCE_UNKNOWN`. */
export async function exportedTrail(
  { reader }: Opened,
  instanceId: string,
  isRevealed: boolean,
): Promise<AuditRow[]> {
  const { stateMachineId, version } = await reader.row(instanceId);
  const sensitive = isRevealed ? [] : await reader.sensitive(stateMachineId, version);
  return (await reader.audit(instanceId)).map((row) => withholdValues(row, sensitive));
}

async function writeTrails(
  trails: readonly (readonly AuditRow[])[],
  { terminal }: CommandContext,
  options: ExportOptions,
): Promise<void> {
  const lines = await openLines(options.output, terminal);
  try {
    for (const row of trails.flat()) await lines.write(JSON.stringify(row));
  } finally {
    await lines.close();
  }
  const exported = trails.map((rows): ExportedTrail => {
    const last = rows.at(-1);
    return { instanceId: last?.instanceId ?? "", entries: rows.length, head: last?.hash ?? "" };
  });
  if (options.output !== undefined && options.json === true) {
    terminal.json({ file: options.output, trails: exported });
  }
  for (const { instanceId, entries, head } of exported) {
    terminal.note(`${instanceId}: ${entries} entries, head ${head}`);
  }
}
