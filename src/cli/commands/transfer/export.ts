/**
 * `export [ID…]`: instances as documents with their audit trails, a line each, for `import`, `audit verify` and others.
 *
 * 1. By id or by filter; without either, every instance. Works beside a running engine.
 * 2. What a definition calls sensitive is masked in the document and withheld from the trail, unless `--reveal` is given.
 */
import type { Command } from "commander";
import {
  addDatabaseOptions,
  addExamples,
  type CommandContext,
  type DatabaseOptions,
} from "../../cli-command.js";
import { addFilterOptions, type FilterOptions, filterOf } from "../../input/instance-filter.js";
import { type Opened, withReader } from "../../open-store.js";
import { SlowProgress } from "../../output/slow-progress.js";
import { type LineWriter, openLines } from "../../output/write-lines.js";
import { usageError } from "../../usage-error.js";
import { exportedTrail } from "../audit-export.js";

interface ExportOptions extends DatabaseOptions, FilterOptions {
  readonly output?: string;
  readonly reveal?: boolean;
}

export function configure(command: Command, context: CommandContext): void {
  command.argument("[ids...]", "ids of instances; without any, a filter says which, or it is all of them");
  addFilterOptions(command)
    .option("--output <file>", "write into this file, which must not be there, instead of standard output")
    .option("--reveal", "with the values that the definition calls sensitive");
  addDatabaseOptions(command);
  addExamples(command, [
    { line: "statewright export --output all.ndjson", says: "every instance, one a line" },
    { line: "statewright export o-1 --reveal", says: "one, with its sensitive values" },
  ]);
  command.action(async (ids: string[], options: ExportOptions) => {
    if (ids.length > 0 && Object.keys(filterOf(options)).length > 0) {
      throw usageError(
        "Ids and a filter are given.",
        "Give either ids, or --machine, --state, --status, --code.",
      );
    }
    const { terminal } = context;
    await withReader(options, context, async (opened) => {
      const isOneValue = options.json === true && options.output === undefined;
      const values: unknown[] = [];
      const lines = isOneValue ? collecting(values) : await openLines(options.output, terminal);
      try {
        const count = await writeAll(opened, ids, options, lines, context);
        if (isOneValue) terminal.json(values);
        else if (options.json === true) terminal.json({ file: options.output, instances: count });
        else terminal.note(`${count} ${count === 1 ? "instance" : "instances"} exported.`);
      } finally {
        await lines.close();
      }
    });
    context.finish(0);
  });
}

function collecting(values: unknown[]): LineWriter {
  return {
    write: async (line) => {
      values.push(JSON.parse(line));
    },
    close: async () => {},
  };
}

async function writeAll(
  opened: Opened,
  ids: readonly string[],
  options: ExportOptions,
  lines: LineWriter,
  context: CommandContext,
): Promise<number> {
  const isRevealed = options.reveal === true;
  const progress = new SlowProgress(context.terminal, "instances exported", ids.length || undefined);
  let count = 0;
  for await (const instanceId of ids.length > 0 ? ids : matchingIds(opened, options)) {
    const document = await opened.reader.document(instanceId, { reveal: isRevealed });
    const auditTrail = await exportedTrail(opened, instanceId, isRevealed);
    await lines.write(JSON.stringify({ ...document, auditTrail }));
    count += 1;
    progress.tick(count);
  }
  return count;
}

async function* matchingIds({ operators }: Opened, options: ExportOptions): AsyncGenerator<string> {
  for await (const { instanceId } of operators.search(filterOf(options)).rows()) yield instanceId;
}
