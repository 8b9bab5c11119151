import { describe, expect, it } from "vitest";
import { auditLedger } from "../audit.mjs";
import { ADA, BEN, balances, call, newTransfer, openAccounts, openTestBank, step } from "../bank-fixture.js";

describe("a transfer", () => {
  it("goes from verification over a hold to a posting and a receipt", async () => {
    const bank = await openTestBank();
    await openAccounts(bank.url);
    const transfer = newTransfer("250.00");

    const verified = await step(bank.url, transfer, "verify");
    expect(verified).toMatchObject({ status: 200, body: { verified: true, reason: null } });
    expect(Object.values(verified.body.checks as object)).toEqual(Array(7).fill(true));
    expect(await call(bank.url, `/transfers/${transfer.id}`)).toMatchObject({
      status: 404,
      body: { errorCode: "NOTHING_HELD" },
    });

    const held = await step(bank.url, transfer, "reserve");
    expect(held).toMatchObject({ status: 201, body: { state: "held" } });
    expect(await balances(bank.url, ADA)).toEqual(["1000.00", "750.00"]);

    const posted = await step(bank.url, transfer, "post");
    expect(posted).toMatchObject({ status: 200, body: { state: "posted" } });
    expect(await balances(bank.url, ADA)).toEqual(["750.00", "750.00"]);
    expect(await balances(bank.url, BEN)).toEqual(["250.00", "250.00"]);
    expect((await call(bank.url, `/transfers/${transfer.id}`)).body).toMatchObject({
      state: "posted",
      amount: "250.00",
      reference: posted.body.reference,
      postedAt: posted.body.postedAt,
    });
    expect(await step(bank.url, transfer, "receipt")).toMatchObject({
      status: 200,
      body: { receiptId: expect.any(String) },
    });
    expect(auditLedger(bank.databasePath)).toMatchObject({
      isSound: true,
      counted: { posted: 1, postings: 4 },
    });
  });

  it("gives held money back when it is voided", async () => {
    const bank = await openTestBank();
    await openAccounts(bank.url);
    const transfer = newTransfer();
    await step(bank.url, transfer, "reserve");
    expect(await step(bank.url, transfer, "void")).toMatchObject({ status: 200, body: { state: "voided" } });
    expect(await balances(bank.url, ADA)).toEqual(["1000.00", "1000.00"]);
    expect(auditLedger(bank.databasePath).isSound).toBe(true);
  });

  it("is posted or voided, never both", async () => {
    const bank = await openTestBank();
    await openAccounts(bank.url);
    const [posted, voided] = [newTransfer(), newTransfer()];
    for (const transfer of [posted, voided]) await step(bank.url, transfer, "reserve");
    await step(bank.url, posted, "post");
    await step(bank.url, voided, "void");
    expect(await step(bank.url, posted, "void")).toMatchObject({
      status: 422,
      body: { errorCode: "HOLD_POSTED" },
    });
    expect(await step(bank.url, voided, "post")).toMatchObject({
      status: 422,
      body: { errorCode: "TRANSFER_VOIDED" },
    });
    expect(await balances(bank.url, ADA)).toEqual(["900.00", "900.00"]);
  });

  it("that is voided before anything is held can never be held by a late request", async () => {
    const bank = await openTestBank();
    await openAccounts(bank.url);
    const transfer = newTransfer();
    await step(bank.url, transfer, "verify");
    expect((await step(bank.url, transfer, "void")).status).toBe(200);
    expect(await step(bank.url, transfer, "reserve")).toMatchObject({
      status: 422,
      body: { errorCode: "TRANSFER_VOIDED" },
    });
    expect(await balances(bank.url, ADA)).toEqual(["1000.00", "1000.00"]);
  });

  it("cannot be posted before its money is held, nor receipted before it is posted", async () => {
    const bank = await openTestBank();
    await openAccounts(bank.url);
    const transfer = newTransfer();
    expect(await step(bank.url, transfer, "post")).toMatchObject({
      status: 404,
      body: { errorCode: "TRANSFER_UNKNOWN" },
    });
    await step(bank.url, transfer, "verify");
    expect(await step(bank.url, transfer, "post")).toMatchObject({
      status: 422,
      body: { errorCode: "NOTHING_HELD" },
    });
    await step(bank.url, transfer, "reserve");
    expect(await step(bank.url, transfer, "receipt")).toMatchObject({
      status: 422,
      body: { errorCode: "NOT_POSTED" },
    });
  });

  it("without funds is refused and holds nothing", async () => {
    const bank = await openTestBank();
    await openAccounts(bank.url, "99.99");
    const reply = await step(bank.url, newTransfer("100.00"), "reserve");
    expect(reply).toMatchObject({
      status: 422,
      body: { errorCode: "INSUFFICIENT_FUNDS", errorMessage: expect.any(String) },
    });
    expect(await balances(bank.url, ADA)).toEqual(["99.99", "99.99"]);
  });

  it("is exact to the last cent where binary fractions are not", async () => {
    const bank = await openTestBank();
    await openAccounts(bank.url, "0.30");
    for (const amount of [0.1, "0.10", "0.1"]) {
      const transfer = newTransfer(amount);
      expect((await step(bank.url, transfer, "reserve")).status).toBe(201);
      expect((await step(bank.url, transfer, "post")).status).toBe(200);
    }
    expect(await balances(bank.url, ADA)).toEqual(["0.00", "0.00"]);
    expect(await balances(bank.url, BEN)).toEqual(["0.30", "0.30"]);
  });
});

describe("verification", () => {
  it.each([
    ["an account that does not exist", { destinationAccount: "ACCTNOBODY01" }, "ACCOUNT_UNKNOWN"],
    ["the bank's own equity account", { destinationAccount: "EQUITY-USD" }, "ACCOUNT_UNKNOWN"],
    ["an account that pays itself", { destinationAccount: ADA }, "SAME_ACCOUNT"],
    ["a source of somebody else", { customerId: "ben" }, "NOT_OWNER"],
    ["an account in another currency", { destinationAccount: "ACCTEUR00001" }, "CURRENCY_MISMATCH"],
    ["a blocked account", { destinationAccount: "ACCTBLOCKED1" }, "ACCOUNT_BLOCKED"],
    ["an amount over the daily limit", { amount: "600.01" }, "DAILY_LIMIT_EXCEEDED"],
  ])("refuses %s", async (_, change, reason) => {
    const bank = await openTestBank();
    await openAccounts(bank.url, "1000.00", { dailyLimit: "600" });
    await call(bank.url, "/admin/accounts", {
      accountId: "ACCTEUR00001",
      customerId: "eva",
      currency: "EUR",
      balance: "1",
    });
    const blocked = {
      accountId: "ACCTBLOCKED1",
      customerId: "bob",
      currency: "USD",
      balance: "1",
      blocked: true,
    };
    await call(bank.url, "/admin/accounts", blocked);
    const transfer = newTransfer("100.00", change);
    expect(await step(bank.url, transfer, "verify")).toMatchObject({
      status: 200,
      body: { verified: false, reason },
    });
    if (reason !== "NOT_OWNER") {
      expect(await step(bank.url, transfer, "reserve")).toMatchObject({
        status: 422,
        body: { errorCode: reason },
      });
    }
  });

  it("counts what was held or posted on the same day, and nothing of another", async () => {
    let today = "2026-03-01T10:00:00Z";
    const bank = await openTestBank({ clock: () => new Date(today) });
    await openAccounts(bank.url, "1000.00", { dailyLimit: "150.00" });
    const [first, second, third, next] = [newTransfer(), newTransfer(), newTransfer("50.00"), newTransfer()];
    expect((await step(bank.url, first, "reserve")).status).toBe(201);
    expect((await step(bank.url, second, "reserve")).body.errorCode).toBe("DAILY_LIMIT_EXCEEDED");
    expect((await step(bank.url, third, "reserve")).status).toBe(201);
    await step(bank.url, first, "void");
    expect((await step(bank.url, second, "reserve")).status).toBe(201);
    today = "2026-03-02T00:00:00Z";
    expect((await step(bank.url, next, "reserve")).status).toBe(201);
  });

  it("holds nothing", async () => {
    const bank = await openTestBank();
    await openAccounts(bank.url);
    await step(bank.url, newTransfer(), "verify");
    expect(await balances(bank.url, ADA)).toEqual(["1000.00", "1000.00"]);
  });
});

describe("the door", () => {
  it("refuses amounts that are not exact before anything else", async () => {
    const bank = await openTestBank();
    await openAccounts(bank.url);
    for (const amount of [0.1 + 0.2, "1.001", 0, "0.00", "-1", "", null]) {
      const reply = await step(bank.url, newTransfer(amount), "reserve");
      expect(reply).toMatchObject({ status: 400, body: { errorCode: "AMOUNT_INVALID" } });
    }
  });

  it("answers unknown paths, methods, shapes and sizes with a refusal that names them", async () => {
    const bank = await openTestBank();
    expect(await call(bank.url, "/nowhere")).toMatchObject({ status: 404, body: { errorCode: "NOT_FOUND" } });
    expect(await call(bank.url, "/health", {})).toMatchObject({
      status: 405,
      body: { errorCode: "METHOD_NOT_ALLOWED" },
    });
    expect(await call(bank.url, "/accounts/ACCT0")).toMatchObject({
      status: 404,
      body: { errorCode: "ACCOUNT_UNKNOWN" },
    });
    expect(await call(bank.url, "/callbacks", "[1]")).toMatchObject({
      status: 400,
      body: { errorCode: "REQUEST_INVALID" },
    });
    expect(await call(bank.url, "/callbacks", "{")).toMatchObject({
      status: 400,
      body: { errorCode: "JSON_INVALID" },
    });
    expect(await call(bank.url, "/transfers/%ff/verify", {})).toMatchObject({ status: 400 });
    expect(await call(bank.url, "/callbacks", JSON.stringify({ a: "x".repeat(1024 * 1024) }))).toMatchObject({
      status: 413,
    });
    expect(await call(bank.url, "/health")).toMatchObject({ status: 200, body: { status: "ok" } });
  });
});
