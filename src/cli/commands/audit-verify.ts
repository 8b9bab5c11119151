/**
 * `audit verify [ID…]`: hashes, chain and numbering of the trails, and whether replaying them through the step gives
 * what is stored. Without ids: every instance. What is a file is an exported trail, verified without a database
 * (`audit-verify-file.ts`). Exit 1 when anything is not as it should be.
 */
import { statSync } from "node:fs";
import type { Command } from "commander";
import type { Store } from "../../index.js";
import {
  addDatabaseOptions,
  addExamples,
  type CommandContext,
  type DatabaseOptions,
} from "../cli-command.js";
import { type Opened, withReader } from "../open-store.js";
import { renderTable } from "../output/table.js";
import { type InstanceVerdict, verifyFile } from "./audit-verify-file.js";

interface VerifyOptions extends DatabaseOptions {
  readonly replay: boolean;
}

const PAGE = 500;

export function configureVerify(command: Command, context: CommandContext): void {
  command.argument(
    "[ids...]",
    "ids of instances, or files of audit export; every instance when none is given",
  );
  addDatabaseOptions(command.option("--no-replay", "check the trails alone, without replaying them"));
  addExamples(command, [
    { line: "statewright audit verify", says: "every instance of the database" },
    { line: "statewright audit verify o-1 --json", says: "one instance, for a script" },
    { line: "statewright audit verify o-1.ndjson", says: "an exported trail, without the database" },
  ]);
  command.action(async (ids: string[], _: unknown, self: Command) => {
    const options = self.optsWithGlobals<VerifyOptions>();
    const verdicts = await verdictsOf(ids, options, context);
    const valid = verdicts.every((verdict) => verdict.valid);
    const { terminal } = context;
    if (options.json === true) terminal.json({ valid, instances: verdicts });
    else terminal.print(verdictText(verdicts, context));
    context.finish(valid ? 0 : 1);
  });
}

async function verdictsOf(
  words: readonly string[],
  options: VerifyOptions,
  context: CommandContext,
): Promise<InstanceVerdict[]> {
  const files = words.filter(isFile);
  const ids = words.filter((word) => !isFile(word));
  const verdicts: InstanceVerdict[] = [];
  for (const file of files) verdicts.push(...(await verifyFile(file)));
  if (files.length > 0 && ids.length === 0) return verdicts;
  const stored = await withReader(options, context, (opened) => verifyAll(opened, ids, options.replay));
  return [...verdicts, ...stored];
}

function isFile(word: string): boolean {
  return statSync(word, { throwIfNoEntry: false })?.isFile() === true;
}

async function verifyAll(
  opened: Opened,
  ids: readonly string[],
  withReplay: boolean,
): Promise<InstanceVerdict[]> {
  const verdicts: InstanceVerdict[] = [];
  for await (const instanceId of ids.length > 0 ? ids : everyId(opened.store)) {
    verdicts.push(await verifyOne(opened, instanceId, withReplay));
  }
  return verdicts;
}

async function* everyId(store: Store): AsyncGenerator<string> {
  let after: string | undefined;
  for (;;) {
    const rows = await store.listInstances({
      limit: PAGE,
      ...(after === undefined ? {} : { afterInstanceId: after }),
    });
    for (const row of rows) yield row.instanceId;
    after = rows.at(-1)?.instanceId;
    if (rows.length < PAGE) return;
  }
}

/** A running engine may commit between the readings: what looks wrong is looked at once more. */
async function verifyOne(opened: Opened, instanceId: string, withReplay: boolean): Promise<InstanceVerdict> {
  const verdict = await readVerdict(opened, instanceId, withReplay);
  return verdict.valid ? verdict : readVerdict(opened, instanceId, withReplay);
}

async function readVerdict(
  { reader }: Opened,
  instanceId: string,
  withReplay: boolean,
): Promise<InstanceVerdict> {
  const { isValid, entries, head, faults } = await reader.verify(instanceId);
  // A trail that is not what was written proves nothing by being replayed.
  const replay = withReplay && isValid ? await reader.replay(instanceId) : undefined;
  const valid = isValid && (replay?.isEqual ?? true);
  return { instanceId, valid, entries, head, faults, ...(replay === undefined ? {} : { replay }) };
}

function verdictText(verdicts: readonly InstanceVerdict[], { terminal }: CommandContext): string {
  if (verdicts.length === 0) return "No instances.";
  const { out } = terminal;
  const rows = verdicts.map((verdict) => [
    verdict.instanceId,
    verdict.valid ? out.green("valid") : out.red("not valid"),
    String(verdict.entries),
    verdict.head,
    [
      ...verdict.faults.map((fault) => `seq ${fault.seq}: ${fault.code}, ${fault.message}`),
      ...(verdict.replay === undefined ? [] : [verdict.replay.message]),
    ].join("\n"),
  ]);
  const bad = verdicts.filter((verdict) => !verdict.valid).length;
  const summary = bad === 0 ? `${verdicts.length} valid.` : `${bad} of ${verdicts.length} not valid.`;
  return `${renderTable(["Instance", "Trail", "Entries", "Head", "What was found"], rows, terminal)}\n\n${summary}`;
}
