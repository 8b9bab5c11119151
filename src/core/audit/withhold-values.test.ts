import { expect, test } from "vitest";
import { sha256 } from "../../platform/sha256.js";
import { FIRST_PREVIOUS_HASH, openEntry, sealEntry } from "./audit-entry.js";
import { type TrailRow, verifyAudit } from "./verify-audit.js";
import { withholdValues } from "./withhold-values.js";

function startOf(): TrailRow {
  let salts = 0;
  const facts = {
    instanceId: "i",
    seq: 1,
    at: "2026-01-01T00:00:00.000Z",
    stateMachineId: "m",
    version: 1,
    command: {
      type: "start",
      instanceId: "i",
      data: { card: { number: "4711" }, amount: 10 },
      variables: {},
      actor: "ada",
      source: "test",
      random: "0".repeat(32),
    },
    records: [],
  } as const;
  const sealed = sealEntry(facts, FIRST_PREVIOUS_HASH, sha256, () => `salt-${salts++}`);
  return { instanceId: "i", seq: 1, at: facts.at, type: "start", ...sealed };
}

test("a trail without its sensitive values still verifies, shows the others and hides these", () => {
  const row = startOf();
  const safe = withholdValues(row, ["/card/number"]);
  expect(verifyAudit("i", [safe], sha256, 1)).toMatchObject({ isValid: true });
  expect(safe.disclosed).not.toContain("4711");
  const { entry, isWhole } = openEntry(safe.entry, safe.disclosed);
  expect(isWhole).toBe(false);
  expect(entry.command).toMatchObject({ data: { amount: 10, card: null } });
  expect(withholdValues(row, [])).toBe(row);
});
