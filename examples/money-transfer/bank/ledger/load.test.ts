import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { auditLedger } from "../audit.mjs";
import {
  ADA,
  BEN,
  balances,
  newTransfer,
  openAccounts,
  openTestBank,
  step,
  temporaryDirectory,
} from "../bank-fixture.js";
import { startBankProcess } from "../bank-process.mjs";

describe("under load", () => {
  it("an account that can pay ten of a hundred parallel transfers pays exactly ten", async () => {
    const bank = await openTestBank();
    await openAccounts(bank.url, "1000.00");
    const transfers = Array.from({ length: 100 }, () => newTransfer("100.00"));
    const held = await Promise.all(
      transfers.map((transfer) => step(bank.url, transfer, "reserve", transfer.id)),
    );
    expect(held.filter(({ status }) => status === 201)).toHaveLength(10);
    const refused = held.filter(({ body }) => body.errorCode === "INSUFFICIENT_FUNDS");
    expect(refused.map(({ status }) => status)).toEqual(Array(90).fill(422));
    const posted = await Promise.all(
      transfers.map((transfer) => step(bank.url, transfer, "post", `${transfer.id}/post`)),
    );
    expect(posted.filter(({ status }) => status === 200)).toHaveLength(10);
    expect(await balances(bank.url, ADA)).toEqual(["0.00", "0.00"]);
    expect(await balances(bank.url, BEN)).toEqual(["1000.00", "1000.00"]);
    expect(auditLedger(bank.databasePath)).toMatchObject({ isSound: true, counted: { posted: 10, held: 0 } });
  });

  it("twenty parallel postings of one transfer move its money once, and all get the first answer", async () => {
    const bank = await openTestBank();
    await openAccounts(bank.url);
    const transfer = newTransfer();
    await step(bank.url, transfer, "reserve");
    const replies = await Promise.all(Array.from({ length: 20 }, () => step(bank.url, transfer, "post")));
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
    expect(await balances(bank.url, BEN)).toEqual(["100.00", "100.00"]);
  });

  it("posting and voiding one hold at once ends in one of the two", async () => {
    const bank = await openTestBank();
    await openAccounts(bank.url, "2000.00");
    const transfers = Array.from({ length: 20 }, () => newTransfer("100.00"));
    await Promise.all(transfers.map((transfer) => step(bank.url, transfer, "reserve")));
    const endings = await Promise.all(
      transfers.map((transfer, n) => {
        const names = n % 2 === 0 ? ["post", "void"] : ["void", "post"];
        return Promise.all(names.map((name) => step(bank.url, transfer, name)));
      }),
    );
    for (const ending of endings) expect(ending.map(({ status }) => status).sort()).toEqual([200, 422]);
    const verdict = auditLedger(bank.databasePath);
    expect(verdict).toMatchObject({ isSound: true, counted: { held: 0 } });
    expect(verdict.counted.posted + verdict.counted.voided).toBe(20);
  });

  it("two banks over one ledger overdraw nothing and post nothing twice", async () => {
    const databasePath = join(temporaryDirectory(), "bank.db");
    const banks = [await startBankProcess({ databasePath }), await startBankProcess({ databasePath })];
    onTestFinished(async () => {
      for (const bank of banks) await bank.stop();
    });
    const urls = banks.map(({ url }) => url);
    await openAccounts(urls[0] ?? "", "1000.00");
    const transfers = Array.from({ length: 40 }, () => newTransfer("100.00"));
    const everywhere = (name: string) =>
      Promise.all(
        transfers.flatMap((transfer) =>
          urls.map((url) => step(url, transfer, name, `${transfer.id}/${name}`)),
        ),
      );
    const held = await everywhere("reserve");
    expect(held.filter(({ status }) => status === 201)).toHaveLength(20);
    const posted = await everywhere("post");
    expect(new Set(posted.filter(({ status }) => status === 200).map(({ text }) => text)).size).toBe(10);
    expect(await balances(urls[1] ?? "", BEN)).toEqual(["1000.00", "1000.00"]);
    expect(auditLedger(databasePath)).toMatchObject({ isSound: true, counted: { posted: 10, held: 0 } });
  });
});
