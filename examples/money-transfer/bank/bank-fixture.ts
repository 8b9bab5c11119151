/** A bank of its own for a test: a fresh ledger in a temporary directory, gone when the test is over. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Around, startBank } from "./server.mjs";

export interface Reply {
  readonly status: number;
  readonly text: string;
  // The shape differs from path to path; tests say what they expect of it.
  readonly body: { readonly [name: string]: unknown };
}

/** A directory that is removed when the test has ended. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "statewright-bank-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export interface TestBank {
  readonly url: string;
  readonly databasePath: string;
}

/** Starts a bank inside this process. */
export async function openTestBank(
  settings: {
    readonly faults?: readonly string[];
    readonly clock?: () => Date;
    readonly around?: Around;
  } = {},
): Promise<TestBank> {
  const databasePath = join(temporaryDirectory(), "bank.db");
  const bank = await startBank({ databasePath, ...settings });
  onTestFinished(() => bank.close());
  return { url: bank.url, databasePath };
}

/** Sends a request and reads the answer. */
export async function call(url: string, path: string, body?: unknown, key?: string): Promise<Reply> {
  const response = await fetch(url + path, {
    method: body === undefined ? "GET" : "POST",
    headers: { "content-type": "application/json", ...(key === undefined ? {} : { "idempotency-key": key }) },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, body: JSON.parse(text) };
}

export const ADA = "ACCTADA00001";
export const BEN = "ACCTBEN00001";

/** Two accounts in US dollars: Ada's with the balance given, Ben's empty. */
export async function openAccounts(
  url: string,
  balance = "1000.00",
  more: { readonly dailyLimit?: string } = {},
): Promise<void> {
  await call(url, "/admin/accounts", {
    accountId: ADA,
    customerId: "ada",
    currency: "USD",
    balance,
    ...more,
  });
  await call(url, "/admin/accounts", { accountId: BEN, customerId: "ben", currency: "USD", balance: "0" });
}

export interface TestTransfer {
  readonly id: string;
  readonly content: { readonly [name: string]: unknown };
}

/** A transfer from Ada to Ben under a fresh id. */
export function newTransfer(
  amount: unknown = "100.00",
  more: { readonly [name: string]: unknown } = {},
): TestTransfer {
  const content = {
    amount,
    currency: "USD",
    sourceAccount: ADA,
    destinationAccount: BEN,
    customerId: "ada",
    ...more,
  };
  return { id: randomUUID(), content };
}

/** One step of a transfer: `verify`, `reserve`, `post`, `void` or `receipt`. */
export function step(url: string, transfer: TestTransfer, name: string, key?: string): Promise<Reply> {
  return call(url, `/transfers/${transfer.id}/${name}`, transfer.content, key);
}

/** Balance and what is available of an account. */
export async function balances(url: string, accountId: string): Promise<[unknown, unknown]> {
  const { body } = await call(url, `/accounts/${accountId}`);
  return [body.balance, body.available];
}
