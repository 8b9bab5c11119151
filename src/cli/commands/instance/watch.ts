/**
 * `watch ID`: the audit trail as it grows, beside the engine that makes it.
 *
 * 1. Every entry comes once, in order, after it is committed; with `--json` one value a line.
 * 2. It ends when the instance has ended and its last actions are over, or at a signal.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Command } from "commander";
import type { TrailEntry } from "../../../core/audit/trail-entry.js";
import {
  addDatabaseOptions,
  addExamples,
  type CommandContext,
  type DatabaseOptions,
} from "../../cli-command.js";
import type { ReadingDesk } from "../../desk/desk.js";
import { readAt } from "../../desk/open-desk.js";
import { entryRow } from "../../output/trail-text.js";
import { listenForSignals, SIGNAL_EXIT_CODES } from "../../run/signals.js";
import { usageError } from "../../usage-error.js";

interface WatchOptions extends DatabaseOptions {
  readonly after: string;
}

const POLL_MS = 200;
const PAGE = 500;

export function configure(command: Command, context: CommandContext): void {
  command
    .argument("<id>", "the id of an instance")
    .option("--after <seq>", "leave out the entries up to this seq", "0");
  addDatabaseOptions(command);
  addExamples(command, [
    { line: "statewright watch o-1", says: "what has happened, and what happens, until the end" },
    { line: "statewright watch o-1 --json --after 12", says: "one JSON value a line, from entry 13 on" },
  ]);
  command.action(async (instanceId: string, options: WatchOptions) => {
    const after = Number(options.after);
    if (!Number.isSafeInteger(after) || after < 0) {
      throw usageError(`--after ${options.after} is not right.`, "Give a seq, a whole number from 0.");
    }
    const signals = listenForSignals();
    const stopping = new AbortController();
    const stopped = signals.first.then((signal) => {
      stopping.abort();
      return signal;
    });
    try {
      await readAt(options, context, (desk) =>
        follow(desk, instanceId, after, stopping.signal, (entry) => showEntry(entry, context, options)),
      );
      context.finish(stopping.signal.aborted ? SIGNAL_EXIT_CODES[await stopped] : 0);
    } finally {
      signals.stopListening();
    }
  });
}

async function follow(
  desk: ReadingDesk,
  instanceId: string,
  afterSeq: number,
  stop: AbortSignal,
  show: (entry: TrailEntry) => void,
): Promise<void> {
  let after = afterSeq;
  while (!stop.aborted) {
    const { entries, isOver } = await desk.trail(instanceId, { afterSeq: after, limit: PAGE });
    for (const entry of entries) show(entry);
    after += entries.length;
    if (entries.length === PAGE) continue;
    if (isOver) return;
    await delay(POLL_MS, undefined, { signal: stop }).catch(() => undefined);
  }
}

function showEntry(entry: TrailEntry, { terminal }: CommandContext, { json }: WatchOptions): void {
  if (json === true) {
    terminal.print(JSON.stringify(entry));
    return;
  }
  const [seq = "", time = "", actor = "", what = ""] = entryRow(entry);
  const { out } = terminal;
  terminal.print(`${out.dim(seq.padStart(4))}  ${out.dim(time)}  ${out.bold(actor)}  ${what}`);
}
