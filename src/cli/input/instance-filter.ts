/** Instances by filter: `--machine`, `--state`, `--status`, `--code` of their open incidents, `--older-than`, `--where`. */
import { type Command, Option } from "commander";
import { durationMs } from "../../core/model/compile-text.js";
import type { InstanceFilter, InstanceStatus } from "../../index.js";
import { usageError } from "../usage-error.js";
import { parseMachineName } from "./machine-name.js";

export interface FilterOptions {
  readonly machine?: string;
  readonly state?: string;
  readonly status?: InstanceStatus;
  readonly code?: string;
  readonly olderThan?: string;
  readonly where?: string;
}

export const STATUSES: readonly InstanceStatus[] = ["active", "suspended", "completed", "error", "cancelled"];

export function addFilterOptions(command: Command): Command {
  return command
    .option("--machine <id>", "only those of this state machine, or with ID@VERSION of one version")
    .option("--state <id>", "only those that are in this state")
    .addOption(new Option("--status <status>", "only those of this status").choices(STATUSES))
    .option("--code <code>", "only those with an open incident of this code")
    .option(
      "--older-than <duration>",
      "only those in which nothing has changed for so long, for example PT1H",
    )
    .option("--where <expression>", "only those for which this holds; it sees data, variables and instance");
}

/** Throws `USAGE`. */
export function filterOf({ machine, state, status, code, olderThan, where }: FilterOptions): InstanceFilter {
  return {
    ...(machine === undefined ? {} : parseMachineName(machine)),
    ...(state === undefined ? {} : { state }),
    ...(status === undefined ? {} : { status }),
    ...(code === undefined ? {} : { code }),
    ...(olderThan === undefined ? {} : { unchangedForMs: parseAge(olderThan) }),
    ...(where === undefined ? {} : { where }),
  };
}

/** Reads `--older-than`. Throws `USAGE`. */
export function parseAge(text: string): number {
  try {
    return durationMs(text);
  } catch {
    throw usageError(
      `--older-than ${text} is not right.`,
      "Write a duration in ISO 8601, for example PT1H or P2D.",
    );
  }
}
