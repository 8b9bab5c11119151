import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "libsql";
import { describe, expect, it } from "vitest";
import { auditLedger } from "./audit.mjs";
import {
  ADA,
  BEN,
  newTransfer,
  openAccounts,
  openTestBank,
  step,
  temporaryDirectory,
} from "./bank-fixture.js";

const AUDIT = fileURLToPath(new URL("./audit.mjs", import.meta.url));

/** A ledger with one transfer posted, one held and one voided. */
async function ledgerInUse(): Promise<string> {
  const bank = await openTestBank();
  await openAccounts(bank.url);
  const [posted, held, voided] = [newTransfer("100.00"), newTransfer("50.00"), newTransfer("25.00")];
  for (const transfer of [posted, held, voided]) await step(bank.url, transfer, "reserve");
  await step(bank.url, posted, "post");
  await step(bank.url, voided, "void");
  return bank.databasePath;
}

function tamper(databasePath: string, sql: string): void {
  const database = new Database(databasePath);
  try {
    database.exec(sql);
  } finally {
    database.close();
  }
}

function runAudit(...options: string[]): Promise<{ code: unknown; stdout: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [AUDIT, ...options], (error, stdout) =>
      resolve({ code: error?.code ?? 0, stdout }),
    );
  });
}

const LOOSE = `
  drop trigger postings_are_never_changed; drop trigger postings_are_never_deleted;
  drop trigger transfers_move_forward; drop trigger transfers_keep_their_content;`;

describe("the auditor", () => {
  it("finds nothing in a ledger that only the bank has written, and says what it saw", async () => {
    const path = await ledgerInUse();
    expect(auditLedger(path)).toMatchObject({
      isSound: true,
      counted: { accounts: 3, transfers: 3, postings: 4, posted: 1, held: 1, voided: 1 },
    });
    const run = await runAudit("--db", path);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain("The books are right");
  });

  it.each([
    [
      "a changed posting",
      "update postings set amount = amount + 1 where id = 4",
      "the postings of each transfer sum to zero",
    ],
    [
      "a changed posting",
      "update postings set amount = amount + 1 where id = 4",
      "the postings of each currency sum to zero",
    ],
    [
      "a deleted transfer of money",
      "delete from postings where id > 2",
      "a posted transfer has exactly its two postings",
    ],
    [
      "a changed balance",
      `update accounts set balance = balance + 1, available = available + 1 where id = '${BEN}'`,
      "each balance is the sum of its postings",
    ],
    [
      "held money that was let go",
      `update accounts set available = balance where id = '${ADA}'`,
      "what is available is the balance less the open holds",
    ],
    [
      "money out of nowhere",
      `insert into postings (transfer_id, account_id, currency, amount, posted_at)
       values ('gift', 'EQUITY-USD', 'USD', -5, 'now'), ('gift', '${BEN}', 'USD', 5, 'now')`,
      "every posting belongs to a transfer or to the opening of an account",
    ],
    [
      "a hold that is posted and voided",
      "update transfers set voided_at = 'now' where state = 'posted'",
      "a hold is posted or voided at most once, and never both",
    ],
    [
      "a posting for a transfer that was voided",
      "update transfers set state = 'voided', posted_at = null, voided_at = 'now', reference = null where state = 'posted'",
      "a transfer that is not posted has no postings",
    ],
    [
      "a posting in another currency",
      "update postings set currency = 'EUR' where id = 4",
      "every posting is in its account's currency",
    ],
    [
      "an account below zero",
      `insert into postings (transfer_id, account_id, currency, amount, posted_at)
       values ('x', '${BEN}', 'USD', -50000, 'now'), ('x', '${ADA}', 'USD', 50000, 'now')`,
      "no customer's account was ever below zero",
    ],
    [
      "a key that was closed and is answered all the same",
      `drop trigger an_answered_key_is_never_closed;
       insert into answers (key, request_hash, status, body, answered_at) values ('k', '', 200, '{}', 'now');
       insert into closed_keys (key, closed_at) values ('k', 'now')`,
      "a key is answered or closed, never both",
    ],
    [
      "a receipt for nothing",
      "update transfers set receipt_id = 'q' where state = 'held'",
      "a receipt is for a posted transfer",
    ],
  ])("finds %s", async (_, sql, rule) => {
    const path = await ledgerInUse();
    tamper(path, `${LOOSE} ${sql};`);
    const verdict = auditLedger(path);
    expect(verdict.isSound).toBe(false);
    expect(
      verdict.findings.filter(({ violations }) => violations.length > 0).map((finding) => finding.rule),
    ).toContain(rule);
    const run = await runAudit("--db", path, "--json");
    expect(run.code).toBe(1);
    expect(JSON.parse(run.stdout)).toEqual(verdict);
  });

  it("refuses a file that is not there, and wrong usage", async () => {
    expect(() => auditLedger(join(temporaryDirectory(), "none.db"))).toThrow();
    expect((await runAudit()).code).toBe(2);
  });
});

describe("the ledger's own schema", () => {
  it.each([
    ["change a posting", "update postings set amount = 1", "append-only"],
    ["delete a posting", "delete from postings", "append-only"],
    ["change a transfer's content", "update transfers set amount = 1", "never changes"],
    [
      "post what is voided",
      "update transfers set state = 'posted' where state = 'voided'",
      "posted or voided once",
    ],
    [
      "hold again what is posted",
      "update transfers set state = 'held' where state = 'posted'",
      "posted or voided once",
    ],
    ["delete a transfer", "delete from transfers", "never deleted"],
    ["overdraw an account", `update accounts set available = -1 where id = '${BEN}'`, "CHECK"],
  ])("refuses to %s", async (_, sql, message) => {
    const path = await ledgerInUse();
    expect(() => tamper(path, sql)).toThrow(message);
  });
});
