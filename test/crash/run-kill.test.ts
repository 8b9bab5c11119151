/**
 * The command line's `run` of the money example, against its real bank, is killed at random moments, and the same line
 * is given again each time. Three witnesses are asked: what the line prints, the bank's own books, the audit trail.
 */
import Database from "libsql";
import { afterEach, beforeEach, expect, test } from "vitest";
import { auditLedger } from "../../examples/money-transfer/bank/audit.mjs";
import { startBankProcess } from "../../examples/money-transfer/bank/bank-process.mjs";
import { DEFINITION } from "../../examples/money-transfer/demo/command-line.mjs";
import { ACCOUNTS, ADA, BEN } from "../../examples/money-transfer/demo/story.mjs";
import { Workspace } from "../cli/cli-process.js";
import { drawFrom } from "./draw.js";
import { isBuilt } from "./transfer-process.js";

const KILLS = Number(process.env.CRASH_RUN_KILLS ?? 15);
const SEED = Number(process.env.CRASH_SEED ?? 1);
/** More than a whole run takes: a line that is over before its kill makes room for the next. */
const LONGEST_LIFE_MS = 1_500;
const AMOUNT = "1.00";
const STATES = ["init", "verify", "checked", "confirm", "reserve", "process", "receipt", "complete"];
/** What the bank is asked and told, each under a key of its own; it is told of the states that do not only route. */
const CALLS = [
  ...["askVerification", "holdFunds", "postTransfer", "makeReceipt"],
  ...["completed", ...Array<string>(STATES.length - 1).fill("state-changed")],
];

let workspace: Workspace;
let bank: Awaited<ReturnType<typeof startBankProcess>>;

beforeEach(async () => {
  workspace = new Workspace();
  bank = await startBankProcess({ databasePath: workspace.path("bank.db") });
});

afterEach(async () => {
  await bank.stop();
  await workspace.dispose();
});

test.skipIf(!isBuilt)(
  `${KILLS} kills of a run, and the same line again each time, move each amount once`,
  { timeout: 60_000 + KILLS * 6_000 },
  async () => {
    await openAccounts();
    const draw = drawFrom(SEED);
    let ended = 0;
    for (let kills = 0; kills < KILLS; ) {
      const running = workspace.start(lineOf(ended + 1));
      // The one wait that is the test itself: the moment of the kill is drawn.
      const timer = setTimeout(() => running.child.kill("SIGKILL"), draw(LONGEST_LIFE_MS));
      const { signal, code, stdout, stderr } = await running.finished;
      clearTimeout(timer);
      if (signal === "SIGKILL") kills += 1;
      else {
        ended += 1;
        expect(code, stderr).toBe(0);
        checkDocument(JSON.parse(stdout), ended);
      }
    }
    const last = await workspace.run(lineOf(ended + 1));
    ended += 1;
    expect(last.code, last.stderr).toBe(0);
    checkDocument(JSON.parse(last.stdout), ended);

    checkBooks(ended);
    const verified = await workspace.run(["audit", "verify", "--json"]);
    expect(verified.code, verified.stdout + verified.stderr).toBe(0);
  },
);

/** The whole line of the n-th transfer, the same however often it is given. */
function lineOf(number: number): string[] {
  const timestamp = "2026-03-01T10:00:00Z";
  const transferId = `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
  const content = {
    customerId: "ada",
    amount: AMOUNT,
    currency: "USD",
    sourceAccount: ADA,
    destinationAccount: BEN,
  };
  const answer = {
    userConfirmed: true,
    confirmationTimestamp: timestamp,
    userId: "ada",
    confirmedAmount: AMOUNT,
    confirmedPayee: BEN,
  };
  return [
    ...["run", DEFINITION, "--instance", `transfer-${number}`],
    ...["--rewrite", `http://bank.example=${bank.url}`],
    ...["--data", JSON.stringify({ transferId, timestamp })],
    ...["--event", `startTransfer=${JSON.stringify(content)}`],
    ...["--update", JSON.stringify(answer)],
    ...["--actor", "ada", "--json"],
  ];
}

function checkDocument(document: unknown, number: number): void {
  expect(document).toMatchObject({
    instanceId: `transfer-${number}`,
    status: "completed",
    currentState: "complete",
    data: { status: "success" },
  });
  const { history } = document as { readonly history: readonly { readonly state: string }[] };
  expect(history.map(({ state }) => state)).toEqual(STATES);
}

/** By the bank's books, each transfer was posted once; by its answers, each call was made under one key. */
function checkBooks(transfers: number): void {
  const verdict = auditLedger(workspace.path("bank.db"));
  expect(verdict.findings.filter(({ violations }) => violations.length > 0)).toEqual([]);
  expect(verdict.counted).toMatchObject({ transfers, posted: transfers, held: 0, voided: 0 });
  const books = new Database(workspace.path("bank.db"), { readonly: true });
  try {
    const rows = books.prepare("select key from answers where key like 'transfer-%'").all();
    const calls = rows.map((row) => {
      const [, instanceId, actionId] = /^(.*)\/\d+\.\d+\/(.*)$/.exec((row as { key: string }).key) ?? [];
      return `${instanceId} ${actionId}`;
    });
    const expected = Array.from({ length: transfers }, (_, index) =>
      CALLS.map((call) => `transfer-${index + 1} ${call}`),
    );
    expect(calls.sort()).toEqual(expected.flat().sort());
  } finally {
    books.close();
  }
}

async function openAccounts(): Promise<void> {
  for (const account of ACCOUNTS) {
    const response = await fetch(`${bank.url}/admin/accounts`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(account),
    });
    expect(response.ok).toBe(true);
  }
}
