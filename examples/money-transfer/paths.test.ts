import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createEngine, type Engine } from "../../src/engine.js";
import { sqlite } from "../../src/stores/sqlite/sqlite-store.js";
import { auditLedger } from "./bank/audit.mjs";
import { BankError } from "./bank/bank-error.mjs";
import {
  ADA,
  BEN,
  balances,
  call,
  openAccounts,
  openTestBank,
  temporaryDirectory,
} from "./bank/bank-fixture.js";
import { startBankProcess } from "./bank/bank-process.mjs";
import { CutOff } from "./bank/cut-off.mjs";

const DEFINITION = readFileSync(new URL("./money-transfer.json", import.meta.url), "utf8");
const TRANSFER_ID = "7b2c0f0e-3c51-4d0c-9a55-0d6a3f0f4a01";
const NOW = "2026-03-01T10:00:00Z";
const YES = {
  userConfirmed: true,
  confirmationTimestamp: NOW,
  userId: "ada",
  confirmedAmount: "100.00",
  confirmedPayee: BEN,
};
const NO = { userConfirmed: false, confirmationTimestamp: NOW, userId: "ada" };
const LIMIT_MS = 20_000;

async function openEngine(bankUrl: string): Promise<Engine> {
  const engine = await createEngine({
    store: sqlite(join(temporaryDirectory(), "engine.db")),
    definitions: [DEFINITION],
    outbound: { rewrite: [{ from: "http://bank.example", to: bankUrl }] },
  });
  onTestFinished(() => engine.close({ graceMs: 0 }));
  return engine;
}

/** Starts a transfer of 100.00 from Ada to Ben and waits until the bank has verified it. */
async function begin(engine: Engine, change: { readonly [property: string]: string } = {}): Promise<string> {
  const { instanceId } = await engine.start("moneyTransfer", {
    data: { transferId: TRANSFER_ID, timestamp: NOW },
  });
  await engine.waitSettled(instanceId, LIMIT_MS);
  const content = {
    customerId: "ada",
    amount: "100.00",
    currency: "USD",
    sourceAccount: ADA,
    destinationAccount: BEN,
  };
  await engine.send(instanceId, "startTransfer", { data: { ...content, ...change } });
  await engine.waitSettled(instanceId, LIMIT_MS);
  return instanceId;
}

/** Waits for the end; the states that were passed, and the instance's data. */
async function end(engine: Engine, instanceId: string) {
  await engine.waitUntil(instanceId, ({ status }) => status !== "active", LIMIT_MS);
  const { history, data, status } = await engine.get(instanceId, { reveal: true });
  expect((await engine.replay(instanceId)).isEqual).toBe(true);
  return { path: history.map(({ state }) => state).join(" "), data, status };
}

describe("a money transfer", () => {
  it("that goes well moves the money once and has a receipt", async () => {
    const bank = await openTestBank();
    await openAccounts(bank.url);
    const engine = await openEngine(bank.url);
    const instanceId = await begin(engine);
    await engine.send(instanceId, undefined, { data: YES });
    expect(await end(engine, instanceId)).toMatchObject({
      path: "init verify checked confirm reserve process receipt complete",
      status: "completed",
      data: { status: "success", receiptId: expect.any(String), transactionReference: expect.any(String) },
    });
    expect(await balances(bank.url, BEN)).toEqual(["100.00", "100.00"]);
  });

  it("whose receipt cannot be made is complete in part", async () => {
    const bank = await openTestBank({ faults: ["no-receipts"] });
    await openAccounts(bank.url);
    const engine = await openEngine(bank.url);
    const instanceId = await begin(engine);
    await engine.send(instanceId, undefined, { data: YES });
    expect(await end(engine, instanceId)).toMatchObject({ status: "completed", data: { status: "partial" } });
    expect(await balances(bank.url, BEN)).toEqual(["100.00", "100.00"]);
  });

  it.each([
    [{ amount: "9000.00" }, "init verify checked verification_failed", "INSUFFICIENT_FUNDS"],
    [{ customerId: "ben" }, "init verify checked verification_failed", "NOT_OWNER"],
    [{ amount: "90.5", currency: "JPY" }, "init verify verification_failed", "AMOUNT_INVALID"],
  ])("that the bank refuses ends before anything is held: %o", async (change, path, errorCode) => {
    const bank = await openTestBank();
    await openAccounts(bank.url);
    const engine = await openEngine(bank.url);
    const instanceId = await begin(engine, change);
    expect(await end(engine, instanceId)).toMatchObject({ path, status: "error", data: { errorCode } });
    expect(await balances(bank.url, ADA)).toEqual(["1000.00", "1000.00"]);
  });

  it("that the customer rejects touches no money", async () => {
    const bank = await openTestBank();
    await openAccounts(bank.url);
    const engine = await openEngine(bank.url);
    const instanceId = await begin(engine);
    await engine.send(instanceId, undefined, { data: NO });
    const rejected = { path: "init verify checked confirm rejected", data: { rejectionReason: "user" } };
    expect(await end(engine, instanceId)).toMatchObject({ ...rejected, status: "completed" });
    expect(await balances(bank.url, ADA)).toEqual(["1000.00", "1000.00"]);
  });

  it("stays where it is when the customer saw another amount or another payee, and keeps what was verified", async () => {
    const bank = await openTestBank();
    await openAccounts(bank.url);
    const engine = await openEngine(bank.url);
    const instanceId = await begin(engine);
    for (const seen of [{ confirmedAmount: "1.00" }, { confirmedAmount: "100" }, { confirmedPayee: ADA }]) {
      await engine.send(instanceId, undefined, { data: { ...YES, ...seen } });
      expect((await engine.get(instanceId)).currentState).toBe("confirm");
    }
    await expect(engine.send(instanceId, undefined, { data: { amount: "1.00" } })).rejects.toMatchObject({
      code: "IMMUTABLE",
    });
    expect(await balances(bank.url, ADA)).toEqual(["1000.00", "1000.00"]);
  });

  it("whose funds are gone when they are to be held ends with nothing held", async () => {
    const bank = await openTestBank();
    await openAccounts(bank.url);
    const engine = await openEngine(bank.url);
    const instanceId = await begin(engine);
    const other = { amount: "950.00", currency: "USD", sourceAccount: ADA, destinationAccount: BEN };
    await call(bank.url, "/transfers/other/reserve", other);
    await engine.send(instanceId, undefined, { data: YES });
    const gone = {
      path: "init verify checked confirm reserve error",
      data: { errorCode: "INSUFFICIENT_FUNDS" },
    };
    expect(await end(engine, instanceId)).toMatchObject({ ...gone, status: "error" });
    expect(await balances(bank.url, ADA)).toEqual(["1000.00", "50.00"]);
  });

  it("that the bank will not hold is looked up, given back for good, and says what went wrong at first", async () => {
    const bank = await openTestBank();
    await openAccounts(bank.url, "1000.00", { dailyLimit: "150.00" });
    const engine = await openEngine(bank.url);
    const instanceId = await begin(engine);
    const other = { amount: "100.00", currency: "USD", sourceAccount: ADA, destinationAccount: BEN };
    await call(bank.url, "/transfers/other/reserve", other);
    await engine.send(instanceId, undefined, { data: YES });
    expect(await end(engine, instanceId)).toMatchObject({
      path: "init verify checked confirm reserve reconcile reconciled release error",
      data: { bankState: "none", errorCode: "DAILY_LIMIT_EXCEEDED" },
    });
    const late = await call(bank.url, `/transfers/${TRANSFER_ID}/reserve`, other);
    expect(late.body.errorCode).toBe("TRANSFER_VOIDED");
  });

  it("that cannot be posted is given back, by a new request once the bank has closed the key of one that never came", async () => {
    let releases = 0;
    const bank = await openTestBank({
      around: (asked, next) => {
        if (asked.path.endsWith("/post")) throw new BankError(503, "BANK_BUSY", "The bank is busy.");
        if (asked.path.endsWith("/void") && ++releases === 1) throw new CutOff();
        return next(asked);
      },
    });
    await openAccounts(bank.url);
    const engine = await openEngine(bank.url);
    const instanceId = await begin(engine);
    await engine.send(instanceId, undefined, { data: YES });
    const looked = "process reconcile reconciled";
    expect(await end(engine, instanceId)).toMatchObject({
      path: `init verify checked confirm reserve ${looked} ${looked} ${looked} release reconcile reconciled release error`,
      status: "error",
      data: { postAttempts: 3, releaseAttempts: 2, errorCode: "BANK_BUSY" },
    });
    // The one that never came, the same under its closed key, and one under a key of its own.
    expect(releases).toBe(3);
    expect(await balances(bank.url, ADA)).toEqual(["1000.00", "1000.00"]);
    expect(auditLedger(bank.databasePath)).toMatchObject({ isSound: true, counted: { voided: 1, held: 0 } });
  });

  it.each([
    ["die-after-post", "process receipt complete", 1],
    ["die-before-post", "process reconcile reconciled process receipt complete", 2],
  ])(
    "is posted once, and asked about, when the bank dies in the middle: %s",
    async (fault, ending, postAttempts) => {
      const settings = { databasePath: join(temporaryDirectory(), "bank.db"), faults: [fault] };
      const bank = await startBankProcess(settings);
      onTestFinished(() => bank.stop());
      await openAccounts(bank.url);
      const engine = await openEngine(bank.url);
      const instanceId = await begin(engine);
      await engine.send(instanceId, undefined, { data: YES });
      await bank.exited;
      const again = await startBankProcess({ ...settings, port: bank.port });
      onTestFinished(() => again.stop());
      expect(await end(engine, instanceId)).toMatchObject({
        path: `init verify checked confirm reserve ${ending}`,
        status: "completed",
        data: { status: "success", postAttempts },
      });
      const { history } = await engine.get(instanceId);
      const [posting, question] = history.find(({ state }) => state === "process")?.actions.slice(1) ?? [];
      expect(posting).toMatchObject({ actionId: "postTransfer", tries: 1 });
      expect(question).toMatchObject({ actionId: "askPosting", status: "completed" });
      expect(await balances(again.url, BEN)).toEqual(["100.00", "100.00"]);
      expect(auditLedger(settings.databasePath)).toMatchObject({
        isSound: true,
        counted: { posted: 1, held: 0 },
      });
    },
  );
});
