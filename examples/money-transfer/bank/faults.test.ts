import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { auditLedger } from "./audit.mjs";
import {
  ADA,
  BEN,
  balances,
  call,
  newTransfer,
  openAccounts,
  openTestBank,
  step,
  temporaryDirectory,
} from "./bank-fixture.js";
import { startBankProcess } from "./bank-process.mjs";

type Settings = Parameters<typeof startBankProcess>[0];

async function start(settings: Settings) {
  const bank = await startBankProcess(settings);
  onTestFinished(() => bank.stop());
  return bank;
}

describe("a bank that dies in the middle of a posting", () => {
  it.each([
    { fault: "die-after-post", state: "posted", ada: ["900.00", "900.00"] },
    { fault: "die-before-post", state: "held", ada: ["1000.00", "900.00"] },
  ])(
    "and is started again with the same options knows what happened: $fault",
    async ({ fault, state, ada }) => {
      const settings = { databasePath: join(temporaryDirectory(), "bank.db"), faults: [fault] };
      const bank = await start(settings);
      await openAccounts(bank.url);
      const transfer = newTransfer();
      await step(bank.url, transfer, "reserve", "k1");

      await expect(step(bank.url, transfer, "post", "k2")).rejects.toThrow();
      expect(await bank.exited).toEqual({ code: null, signal: "SIGKILL" });
      expect(auditLedger(settings.databasePath).isSound).toBe(true);

      const again = await start({ ...settings, port: bank.port });
      expect(again.url).toBe(bank.url);
      expect((await call(again.url, `/transfers/${transfer.id}`)).body.state).toBe(state);
      expect(await balances(again.url, ADA)).toEqual(ada);

      const posted = await step(again.url, transfer, "post", "k2");
      expect(posted).toMatchObject({ status: 200, body: { state: "posted" } });
      expect((await call(again.url, `/transfers/${transfer.id}`)).body.reference).toBe(posted.body.reference);
      expect(await balances(again.url, BEN)).toEqual(["100.00", "100.00"]);

      const next = newTransfer();
      await step(again.url, next, "reserve");
      expect((await step(again.url, next, "post")).status).toBe(200);
      expect(auditLedger(settings.databasePath)).toMatchObject({
        isSound: true,
        counted: { posted: 2, postings: 6 },
      });
    },
  );

  it("under load moves no money that it does not account for", async () => {
    const settings = { databasePath: join(temporaryDirectory(), "bank.db"), faults: ["die-after-post"] };
    const bank = await start(settings);
    await openAccounts(bank.url, "2000.00");
    const transfers = Array.from({ length: 20 }, () => newTransfer("100.00"));
    for (const transfer of transfers) await step(bank.url, transfer, "reserve");
    const lost = await Promise.allSettled(
      transfers.map((transfer) => step(bank.url, transfer, "post", transfer.id)),
    );
    expect(lost.filter(({ status }) => status === "rejected").length).toBeGreaterThan(0);
    await bank.exited;

    const again = await start({ ...settings, port: bank.port });
    const posted = await Promise.all(
      transfers.map((transfer) => step(again.url, transfer, "post", transfer.id)),
    );
    expect(posted.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(await balances(again.url, BEN)).toEqual(["2000.00", "2000.00"]);
    expect(auditLedger(settings.databasePath)).toMatchObject({
      isSound: true,
      counted: { posted: 20, held: 0 },
    });
  });
});

describe("a slow posting", () => {
  it("has moved the money while its caller still waits, and is slow once", async () => {
    const bank = await openTestBank({ faults: ["slow-post=60000"] });
    await openAccounts(bank.url);
    const transfer = newTransfer();
    await step(bank.url, transfer, "reserve");
    const given = step(bank.url, transfer, "post", "k").then(
      (reply) => reply.status,
      () => "cut off",
    );
    await expect
      .poll(async () => (await call(bank.url, `/transfers/${transfer.id}`)).body.state)
      .toBe("posted");
    expect(await Promise.race([given, Promise.resolve("waiting")])).toBe("waiting");
    expect((await step(bank.url, transfer, "post", "k")).status).toBe(200);
  });
});

describe("a bank without receipts", () => {
  it("answers 503 and does everything else", async () => {
    const bank = await openTestBank({ faults: ["no-receipts"] });
    await openAccounts(bank.url);
    const transfer = newTransfer();
    await step(bank.url, transfer, "reserve");
    await step(bank.url, transfer, "post");
    expect(await step(bank.url, transfer, "receipt")).toMatchObject({
      status: 503,
      body: { errorCode: "RECEIPTS_DOWN" },
    });
  });
});

describe("the start of the bank", () => {
  it.each([[["--port", "1"]], [["--db", "x.db", "--port", "70000"]]])(
    "with %j is refused as wrong usage",
    async (options) => {
      const main = fileURLToPath(new URL("./main.mjs", import.meta.url));
      const code = await new Promise((resolve) => {
        execFile(process.execPath, [main, ...options], (error) => resolve(error?.code));
      });
      expect(code).toBe(2);
    },
  );

  it("with an unknown fault is refused by its name", async () => {
    await expect(openTestBank({ faults: ["explode"] })).rejects.toThrow('Unknown fault "explode"');
  });
});
