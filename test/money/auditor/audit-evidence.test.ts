import { execFile } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "libsql";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { isBuilt } from "../../crash/transfer-process.js";
import { runCampaign } from "../campaign/run-campaign.mjs";
import { auditEvidence, type Evidence } from "./audit-evidence.mjs";
import { BOOK_RULES } from "./check-books.mjs";
import { ONCE_RULES } from "./check-once.mjs";
import { TRAIL_RULES } from "./check-trail.mjs";
import { COMMAND_RULES, TRANSFER_RULES } from "./check-transfers.mjs";

const AUDITOR = fileURLToPath(new URL("./audit-evidence.mjs", import.meta.url));

let place: string;
let sound: Evidence;

beforeAll(async () => {
  if (!isBuilt) return;
  place = mkdtempSync(join(tmpdir(), "statewright-money-"));
  const campaign = await runCampaign({ directory: place, seed: "evidence", transfers: 24, isCalm: true });
  sound = campaign.evidence;
}, 120_000);

afterAll(() => {
  if (isBuilt) rmSync(place, { recursive: true, force: true });
});

/** A copy of the evidence that a test may spoil. */
function copyOfEvidence(): Evidence {
  const copy = mkdtempSync(join(tmpdir(), "statewright-money-"));
  onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
  cpSync(dirname(sound.enginePath), copy, { recursive: true });
  const moved = (path: string) => join(copy, basename(path));
  return {
    enginePath: moved(sound.enginePath),
    bankPath: moved(sound.bankPath),
    callsPath: moved(sound.callsPath),
    logPaths: sound.logPaths.map(moved),
  };
}

function tamper(path: string, sql: string): void {
  const database = new Database(path);
  try {
    database.exec(sql);
  } finally {
    database.close();
  }
}

function brokenRules(evidence: Evidence): string[] {
  const { findings } = auditEvidence(evidence);
  return findings.filter(({ violations }) => violations.length > 0).map(({ rule }) => rule);
}

/** One posted transfer; which one it is does not matter. */
const POSTED = "(select min(id) from transfers where state = 'posted')";
const COMPLETE = "(select min(instance_id) from instances where current_state = 'complete')";
const UNKNOWN = `update audit set entry = replace(entry, '{"actionId":"postTransfer","type":"action-completed"}',
  '{"actionId":"postTransfer","key":"k","type":"action-unknown"}') where instance_id = ${COMPLETE}`;
/** Without what keeps the bank from spoiling its own books. */
const LOOSE = `
  drop trigger postings_are_never_changed; drop trigger postings_are_never_deleted;
  drop trigger transfers_move_forward; drop trigger transfers_keep_their_content;
  drop trigger transfers_keep_a_journal; drop trigger the_journal_is_never_deleted;`;

describe.skipIf(!isBuilt)("the auditor of a campaign", () => {
  it("finds nothing in what an honest engine and an honest bank have left", () => {
    expect(auditEvidence(sound)).toMatchObject({ isSound: true, counted: { incidents: 0 } });
    expect(brokenRules(sound)).toEqual([]);
  });

  it.each([
    ["a changed posting", "update postings set amount = amount + 1 where id = 1", BOOK_RULES.paired],
    [
      "two postings that agree with each other and with nothing else",
      `update postings set amount = amount * 2 where transfer_id = ${POSTED}`,
      BOOK_RULES.known,
    ],
    [
      "an overdraft that was covered again",
      `insert into accounts (id, kind, currency, balance, available, opening, opened_at)
       values ('POOR', 'customer', 'USD', 0, 0, '', '');
       insert into transfers (id, source, destination, currency, amount, state)
       values ('out', 'POOR', 'ACCOUNT00001', 'USD', 5, 'posted'), ('back', 'ACCOUNT00001', 'POOR', 'USD', 5, 'posted');
       insert into postings (transfer_id, account_id, currency, amount, posted_at)
       values ('out', 'POOR', 'USD', -5, ''), ('out', 'ACCOUNT00001', 'USD', 5, ''),
              ('back', 'ACCOUNT00001', 'USD', -5, ''), ('back', 'POOR', 'USD', 5, '')`,
      BOOK_RULES.neverBelow,
    ],
    [
      "a balance of its own making",
      "update accounts set balance = balance + 1, available = available + 1 where kind = 'customer'",
      BOOK_RULES.balances,
    ],
    [
      "a hold that is gone from the journal",
      `delete from transfer_journal where state = 'held' and transfer_id = ${POSTED}`,
      BOOK_RULES.moved,
    ],
    [
      "a posting that was forgotten",
      `update transfers set state = 'voided' where id = ${POSTED}`,
      TRANSFER_RULES.completed,
    ],
    [
      "another payee at the bank",
      `update transfers set destination = 'ACCOUNT00029' where id = ${POSTED}`,
      TRANSFER_RULES.agreed,
    ],
    [
      "another amount at the bank",
      `update transfers set amount = amount + 1 where id = ${POSTED}`,
      TRANSFER_RULES.same,
    ],
    [
      "half a cent",
      `create table fractions as select * from accounts; drop table accounts;
       alter table fractions rename to accounts; update accounts set balance = balance + 0.5`,
      BOOK_RULES.whole,
    ],
    [
      "a transfer of more than there is that was made",
      `update transfers set amount = 999999999999 where id = ${POSTED}`,
      TRANSFER_RULES.unfundable,
    ],
    [
      "a transfer that nobody asked for",
      `insert into transfers (id, source, destination, currency, amount, state)
       values ('gift', 'ACCOUNT00001', 'ACCOUNT00002', 'USD', 5, 'instructed')`,
      TRANSFER_RULES.atBank,
    ],
  ])("finds %s in the bank's books", (_, sql, rule) => {
    const evidence = copyOfEvidence();
    tamper(evidence.bankPath, `${LOOSE} ${sql};`);
    expect(brokenRules(evidence)).toContain(rule);
  });

  it.each([
    [
      "a transfer that stands still",
      `update instances set status = 'active' where instance_id = ${COMPLETE}`,
      TRANSFER_RULES.ended,
    ],
    [
      "a failure that has moved money",
      `update instances set current_state = 'error', status = 'error' where instance_id = ${COMPLETE}`,
      TRANSFER_RULES.given,
    ],
    [
      "a timer that is left",
      `insert into timers (instance_id, timer_id, partition, due_at_ms) values (${COMPLETE}, 't', 0, 0)`,
      TRANSFER_RULES.nothingLeft,
    ],
    [
      "a transfer that is gone",
      `delete from instances where instance_id = ${COMPLETE}`,
      TRANSFER_RULES.opened,
    ],
    [
      "a trail that was cut off",
      `delete from audit where instance_id = ${COMPLETE} and seq = (select max(seq) from audit where instance_id = ${COMPLETE})`,
      TRAIL_RULES.numbered,
    ],
    [
      "an entry that was changed",
      `update audit set entry = replace(entry, 'moneyTransfer', 'moneytransfer') where instance_id = ${COMPLETE} and seq = 2`,
      TRAIL_RULES.chained,
    ],
    [
      "a value that was changed",
      `update audit set disclosed = replace(disclosed, 'ACCOUNT', 'ACCOUMT') where instance_id = ${COMPLETE} and seq = 2`,
      TRAIL_RULES.disclosed,
    ],
    [
      "an acknowledged command that is lost",
      `delete from audit where instance_id = ${COMPLETE} and seq = 2`,
      COMMAND_RULES.kept,
    ],
    [
      "a command that acted twice",
      `insert into audit select instance_id, seq + 1000, at, type, previous_hash, hash, entry, disclosed from audit
       where instance_id = ${COMPLETE} and seq = 2`,
      COMMAND_RULES.once,
    ],
    ["an unknown outcome that nobody asked about", UNKNOWN, ONCE_RULES.asked],
    ["an end while an outcome is unknown", UNKNOWN, ONCE_RULES.before],
  ])("finds %s in the engine's database", (_, sql, rule) => {
    const evidence = copyOfEvidence();
    tamper(evidence.enginePath, `${sql};`);
    expect(brokenRules(evidence)).toContain(rule);
  });

  it.each([
    ["a posting that came twice", [{ line: "came", step: "post" }], ONCE_RULES.posting],
    ["a release that came again by itself", [{ line: "came", step: "void" }], ONCE_RULES.again],
    ["a hold that was given back on a guess", [{ line: "came", step: "void" }], ONCE_RULES.settled],
    ["a word that was not kept", [{ line: "answered", step: "settle", status: 404 }], ONCE_RULES.kept],
  ])("finds %s in the log of the bank's calls", (_, lines, rule) => {
    const evidence = copyOfEvidence();
    const posting = readFileSync(evidence.callsPath, "utf8")
      .split("\n")
      .find((text) => text.includes('"step":"post"') && text.includes('"status":200'));
    const { key, transferId } = JSON.parse(posting ?? "{}");
    for (const line of lines)
      appendFileSync(evidence.callsPath, `${JSON.stringify({ ...line, key, transferId })}\n`);
    expect(brokenRules(evidence)).toContain(rule);
  });

  it("lets a release come again once the bank has said that the first never came", () => {
    const evidence = copyOfEvidence();
    const release = { step: "void", key: "transfer-1/9.1/voidHold", transferId: "none" };
    const lines = [
      { line: "came", ...release },
      { line: "answered", ...release, step: "settle", status: 404 },
      { line: "came", ...release },
      { line: "answered", ...release, status: 410 },
    ];
    for (const line of lines) appendFileSync(evidence.callsPath, `${JSON.stringify(line)}\n`);
    expect(brokenRules(evidence)).toEqual([]);
  });

  it("finds a copy of a command that got another answer", () => {
    const evidence = copyOfEvidence();
    const line = { line: "answered", instanceId: "transfer-0000001", key: "transfer-0000001#start", seq: 2 };
    appendFileSync(evidence.logPaths[0] ?? "", `${JSON.stringify(line)}\n`);
    expect(brokenRules(evidence)).toContain(COMMAND_RULES.sameAnswer);
  });

  it("finds commands that no client has sent", () => {
    const evidence = copyOfEvidence();
    for (const path of evidence.logPaths) {
      const lines = readFileSync(path, "utf8").split("\n");
      writeFileSync(path, lines.filter((line) => !line.includes('#startTransfer"')).join("\n"));
    }
    expect(brokenRules(evidence)).toContain(COMMAND_RULES.asked);
  });

  it("finds an end that is not the one a client saw", () => {
    const evidence = copyOfEvidence();
    const line = { line: "over", instanceId: "transfer-0000001", state: "nowhere", status: "completed" };
    appendFileSync(evidence.logPaths[0] ?? "", `${JSON.stringify(line)}\n`);
    expect(brokenRules(evidence)).toContain(COMMAND_RULES.seen);
  });

  it("does not count a line that a kill has cut off", () => {
    const evidence = copyOfEvidence();
    appendFileSync(evidence.logPaths[0] ?? "", '{"line":"answered","instanceId":"transfer-0');
    expect(brokenRules(evidence)).toEqual([]);
  });

  it("says how it is used", async () => {
    const code = await new Promise((resolve) => {
      execFile(process.execPath, [AUDITOR], (error) => resolve(error?.code ?? 0));
    });
    expect(code).toBe(2);
  });
});
