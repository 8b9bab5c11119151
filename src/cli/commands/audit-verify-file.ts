/** Verifies the trails of a file that `audit export` or `export` wrote: hashes, chain, numbering and the values in it. */
import { createHash } from "node:crypto";
import { type TrailFault, type TrailRow, verifyAudit } from "../../core/audit/verify-audit.js";
import { isJsonObject, type Json } from "../../core/json/json.js";
import { readText } from "../input/read-text.js";
import { usageError } from "../usage-error.js";

export interface InstanceVerdict {
  readonly instanceId: string;
  readonly valid: boolean;
  readonly entries: number;
  /** Hash of the last entry. */
  readonly head: string;
  readonly faults: readonly TrailFault[];
  /** Absent with `--no-replay`. */
  readonly replay?: { readonly isEqual: boolean; readonly message: string };
}

const TEXTS = ["instanceId", "at", "type", "previousHash", "hash", "entry", "disclosed"] as const;

/** One verdict an instance, in the order of the file. Throws `USAGE` for a file that holds no trail. */
export async function verifyFile(file: string): Promise<InstanceVerdict[]> {
  const trails = new Map<string, TrailRow[]>();
  for (const row of rowsOf(parsedLines(await readText(file), file), file)) {
    const trail = trails.get(row.instanceId) ?? [];
    trail.push(row);
    trails.set(row.instanceId, trail);
  }
  if (trails.size === 0) throw notATrail(file, "is empty");
  return [...trails].map(([instanceId, rows]) => {
    const { isValid, entries, head, faults } = verifyAudit(instanceId, rows, sha256);
    return { instanceId, valid: isValid, entries, head, faults };
  });
}

/** Lines of JSON, or one JSON value. */
function parsedLines(text: string, file: string): Json[] {
  try {
    const whole = JSON.parse(text) as Json;
    return Array.isArray(whole) ? [...whole] : [whole];
  } catch {
    // Not one value, so a value a line.
  }
  return text.split("\n").flatMap((line, index): Json[] => {
    if (line.trim() === "") return [];
    try {
      return [JSON.parse(line) as Json];
    } catch {
      throw notATrail(file, `is not JSON in line ${index + 1}`);
    }
  });
}

function rowsOf(values: readonly Json[], file: string): TrailRow[] {
  return values.flatMap((value) => {
    if (!isJsonObject(value)) throw notATrail(file, "holds something that is no entry");
    // A document of `export` carries its trail.
    if (Array.isArray(value.auditTrail)) return rowsOf(value.auditTrail, file);
    if (typeof value.seq !== "number" || TEXTS.some((name) => typeof value[name] !== "string")) {
      throw notATrail(file, "holds something that is no entry");
    }
    return [value as unknown as TrailRow];
  });
}

function notATrail(file: string, what: string): Error {
  return usageError(`"${file}" ${what}.`, "Give a file that `statewright audit export` wrote.");
}

function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}
