/**
 * The ledger: one line for each case of the suites, `passes` or the cause in one word. A run that says otherwise fails, be
 * it for the worse or for the better; `SCXML_LEDGER=update` (`npm run scxml -- --update`) writes what the run says.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const path = fileURLToPath(new URL("ledger.json", import.meta.url));

export type Ledger = { readonly [caseId: string]: string };

export const isUpdated = process.env.SCXML_LEDGER === "update";

export function readLedger(): Ledger {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Ledger;
  } catch (error) {
    if (isUpdated && (error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}

export function writeLedger(ledger: Ledger): void {
  writeFileSync(path, `${JSON.stringify(ledger, null, 2)}\n`);
}

/** How many cases of each group have each outcome, as a table for people. */
export function ledgerTable(ledger: Ledger): string {
  const groups = new Map<string, Map<string, number>>();
  for (const [caseId, word] of Object.entries(ledger)) {
    for (const group of [caseId.split("/")[0] ?? "", "all"]) {
      const counts = groups.get(group) ?? new Map<string, number>();
      groups.set(group, counts);
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  const lines = [...groups].map(([group, counts]) => {
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const others = [...counts]
      .filter(([word]) => word !== "passes")
      .map(([word, count]) => `${count} ${word}`);
    const rest = others.length === 0 ? "" : `   ${others.join(", ")}`;
    return `${group.padEnd(34)} ${`${counts.get("passes") ?? 0} of ${total}`.padStart(10)}${rest}`;
  });
  const all = lines.findIndex((line) => line.startsWith("all "));
  return [...lines.filter((_, at) => at !== all), lines[all] ?? ""].join("\n");
}
