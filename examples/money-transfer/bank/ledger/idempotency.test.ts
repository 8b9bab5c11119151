import { describe, expect, it } from "vitest";
import { ADA, BEN, balances, call, newTransfer, openAccounts, openTestBank, step } from "../bank-fixture.js";

describe("an idempotency key", () => {
  it("brings the first answer again, byte for byte, and no second effect", async () => {
    const bank = await openTestBank();
    await openAccounts(bank.url);
    const transfer = newTransfer();
    for (const name of ["verify", "reserve", "post", "receipt"]) {
      const first = await step(bank.url, transfer, name, `key-${name}`);
      const again = await step(bank.url, transfer, name, `key-${name}`);
      expect([again.status, again.text]).toEqual([first.status, first.text]);
    }
    expect(await balances(bank.url, ADA)).toEqual(["900.00", "900.00"]);
  });

  it("with another body or for another path is a mismatch and changes nothing", async () => {
    const bank = await openTestBank();
    await openAccounts(bank.url);
    const transfer = newTransfer();
    await step(bank.url, transfer, "reserve", "one");
    const mismatch = { status: 409, body: { errorCode: "IDEMPOTENCY_MISMATCH" } };
    expect(await step(bank.url, newTransfer("1.00"), "reserve", "one")).toMatchObject(mismatch);
    expect(await step(bank.url, transfer, "post", "one")).toMatchObject(mismatch);
    expect(await balances(bank.url, ADA)).toEqual(["1000.00", "900.00"]);
  });

  it("does not mind how the same body is written", async () => {
    const bank = await openTestBank();
    const first = await call(bank.url, "/callbacks", '{"subject":"a","n":1}', "one");
    expect(await call(bank.url, "/callbacks", '{ "n": 1.0, "subject": "a" }', "one")).toEqual(first);
  });

  it("keeps a refusal like any other answer", async () => {
    const bank = await openTestBank();
    await openAccounts(bank.url, "50.00");
    const transfer = newTransfer("100.00");
    const refused = await step(bank.url, transfer, "reserve", "one");
    const rich = { accountId: "ACCTRICH0001", customerId: "rich", currency: "USD", balance: "500.00" };
    await call(bank.url, "/admin/accounts", rich);
    const gift = newTransfer("500.00", { sourceAccount: "ACCTRICH0001", destinationAccount: ADA });
    await step(bank.url, gift, "reserve");
    await step(bank.url, gift, "post");
    expect(await step(bank.url, transfer, "reserve", "one")).toEqual(refused);
    expect((await step(bank.url, transfer, "reserve", "two")).status).toBe(201);
  });
});

describe("a key that is settled", () => {
  const settle = (url: string, key: string) =>
    call(url, `/requests/${encodeURIComponent(key)}/settle`, {}, `ask-${key}`);

  it("says what was done, with the first answer, as often as it is asked", async () => {
    const bank = await openTestBank();
    await openAccounts(bank.url);
    const transfer = newTransfer();
    await step(bank.url, transfer, "reserve");
    const posted = await step(bank.url, transfer, "post", "t/1.1/post");
    const settled = await settle(bank.url, "t/1.1/post");
    expect(settled).toMatchObject({ status: 200, body: { ...posted.body, outcome: "done" } });
    expect(await settle(bank.url, "t/1.1/post")).toEqual(settled);
    expect(await step(bank.url, transfer, "post", "t/1.1/post")).toEqual(posted);
  });

  it("says what was refused, and why", async () => {
    const bank = await openTestBank();
    await openAccounts(bank.url);
    const transfer = newTransfer();
    await step(bank.url, transfer, "verify");
    await step(bank.url, transfer, "post", "early");
    const refused = { outcome: "refused", errorCode: "NOTHING_HELD" };
    expect(await settle(bank.url, "early")).toMatchObject({ status: 200, body: refused });
  });

  it("before it comes is closed: it is refused when it comes, and moves nothing", async () => {
    const bank = await openTestBank();
    await openAccounts(bank.url);
    const transfer = newTransfer();
    await step(bank.url, transfer, "reserve");
    const unknown = { status: 404, body: { errorCode: "REQUEST_UNKNOWN" } };
    expect(await settle(bank.url, "late")).toMatchObject(unknown);
    const late = await step(bank.url, transfer, "post", "late");
    expect(late).toMatchObject({ status: 410, body: { errorCode: "REQUEST_CLOSED" } });
    expect(await settle(bank.url, "late")).toMatchObject(unknown);
    expect(await balances(bank.url, ADA)).toEqual(["1000.00", "900.00"]);
    expect((await step(bank.url, transfer, "post", "another")).status).toBe(200);
  });

  it("at the same moment as it comes is done or closed, and everybody is told the same", async () => {
    const bank = await openTestBank();
    await openAccounts(bank.url);
    for (let n = 0; n < 20; n += 1) {
      const transfer = newTransfer("1.00");
      await step(bank.url, transfer, "reserve");
      const [posted, settled] = await Promise.all([
        step(bank.url, transfer, "post", `race-${n}`),
        settle(bank.url, `race-${n}`),
      ]);
      expect(settled.status).toBe(posted.status === 200 ? 200 : 404);
      const { body } = await call(bank.url, `/transfers/${transfer.id}`);
      expect(body.state).toBe(posted.status === 200 ? "posted" : "held");
    }
  });
});

describe("an id", () => {
  it("means one transfer: the same request without a key is answered as the first", async () => {
    const bank = await openTestBank();
    await openAccounts(bank.url);
    const transfer = newTransfer();
    for (const name of ["reserve", "post", "receipt"]) {
      const first = await step(bank.url, transfer, name);
      expect(await step(bank.url, transfer, name)).toEqual(first);
    }
    expect(await balances(bank.url, ADA)).toEqual(["900.00", "900.00"]);
    expect(await balances(bank.url, BEN)).toEqual(["100.00", "100.00"]);
  });

  it.each([{ amount: "100.01" }, { destinationAccount: ADA, sourceAccount: BEN }, { currency: "EUR" }])(
    "with other content is refused at every step: %o",
    async (change) => {
      const bank = await openTestBank();
      await openAccounts(bank.url);
      const transfer = newTransfer();
      await step(bank.url, transfer, "verify");
      const other = { ...transfer, content: { ...transfer.content, ...change } };
      for (const name of ["verify", "reserve", "post"]) {
        const reply = await step(bank.url, other, name);
        expect(reply).toMatchObject({ status: 409, body: { errorCode: "TRANSFER_MISMATCH" } });
      }
      expect((await step(bank.url, transfer, "reserve")).status).toBe(201);
    },
  );

  it("of an account cannot be opened twice with other content", async () => {
    const bank = await openTestBank();
    const account = { accountId: ADA, customerId: "ada", currency: "USD", balance: "10.00" };
    const first = await call(bank.url, "/admin/accounts", account);
    expect(await call(bank.url, "/admin/accounts", account)).toEqual(first);
    const reply = await call(bank.url, "/admin/accounts", { ...account, balance: "99.00" });
    expect(reply).toMatchObject({ status: 409, body: { errorCode: "ACCOUNT_EXISTS" } });
    expect(await balances(bank.url, ADA)).toEqual(["10.00", "10.00"]);
  });
});

describe("the sink of notices", () => {
  it("keeps them in the order in which they came, each once", async () => {
    const bank = await openTestBank();
    for (const n of [1, 2, 2, 3]) {
      await call(bank.url, "/callbacks", { subject: "t", type: "state-changed", n }, `notice-${n}`);
    }
    const { body } = await call(bank.url, "/callbacks");
    const items = body.items as { body: { n: number } }[];
    expect(items.map((item) => item.body.n)).toEqual([1, 2, 3]);
  });
});
