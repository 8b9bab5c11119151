import { usageError } from "../usage-error.js";

export interface MachineName {
  readonly stateMachineId: string;
  /** Absent for the newest. */
  readonly version?: number;
}

/** Reads `ID` or `ID@VERSION`. Throws `USAGE`. */
export function parseMachineName(word: string): MachineName {
  const [, stateMachineId = "", text] = /^(.+?)(?:@([^@]*))?$/s.exec(word) ?? [];
  if (text === undefined) return { stateMachineId };
  const version = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(version) || version < 1) {
    throw usageError(
      `"${word}" names no version.`,
      "Give ID@VERSION with a whole number, for example order@2.",
    );
  }
  return { stateMachineId, version };
}
