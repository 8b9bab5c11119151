/**
 * A money transfer that somebody else wrote, unchanged, down each of its paths. Runs where the reference files lie beside
 * the repository; elsewhere it is skipped, and the example's own definition is tested in its place.
 */
import { existsSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/core/json/json.js";
import { type EngineBench, openBench } from "../kit/engine-bench.js";
import { failed, never } from "../kit/scripted-channel.js";

const file = new URL(
  "../../../shared/reference/money-transfer/money-transfer-definition.json",
  import.meta.url,
);
const isThere = existsSync(file);
if (!isThere)
  console.warn("Skipped: the reference definition is not beside the repository (../shared/reference).");

const transfer = { transferId: "123e4567-e89b-12d3-a456-426614174000", timestamp: "2024-01-10T14:30:00Z" };
const order = {
  amount: 1000,
  currency: "USD",
  sourceAccount: "ACCT12345678",
  destinationAccount: "ACCT87654321",
};
const answer = (userConfirmed: boolean) => ({
  userConfirmed,
  confirmationTimestamp: "2024-01-10T14:31:00Z",
  userId: "u1",
});

describe.skipIf(!isThere)("the reference definition, unchanged", () => {
  let bench: EngineBench | undefined;

  async function begin(data: JsonObject = transfer): Promise<EngineBench & { id: string }> {
    const opened = await openBench("sqlite", [JSON.parse(readFileSync(file, "utf8")) as JsonObject]);
    bench = opened;
    const { instanceId } = await opened.engine.start("moneyTransferSM", { data });
    await opened.settle();
    return { ...opened, id: instanceId };
  }

  async function pathOf({ engine, id }: EngineBench & { id: string }): Promise<string[]> {
    return (await engine.get(id)).history.map((visit) => visit.state);
  }

  afterEach(async () => {
    await bench?.close();
    bench = undefined;
  });

  test("goes init → verify → confirm → process → complete, and every listener is told", async () => {
    const run = await begin();
    await run.engine.send(run.id, "startTransfer", { data: order });
    await run.settle();
    await run.engine.send(run.id, undefined, { data: answer(true) });
    await run.settle();
    await run.engine.send(run.id, "processComplete", {
      data: { transactionReference: "TX1", status: "success" },
    });
    await run.settle();
    expect(await pathOf(run)).toEqual(["init", "verify", "confirm", "process", "complete"]);
    expect((await run.engine.get(run.id)).status).toBe("completed");
    const calls = run.channel.paths().filter((path) => path !== "/global-callback");
    expect(calls.filter((path) => path !== "/initialize/callback")).toEqual([
      "/initialize",
      "/verify",
      "/process",
      "/complete",
    ]);
    expect(calls).toContain("/initialize/callback");
    const told = run.channel.sent
      .filter((sent) => sent.path === "/global-callback")
      .map((sent) => (sent.payload.data as JsonObject).to ?? "end");
    expect(told).toEqual(["init", "verify", "confirm", "process", "complete", "end"]);
  });

  test("refuses a transfer id that is no UUID", async () => {
    await expect(begin({ ...transfer, transferId: "x" })).rejects.toMatchObject({
      code: "VALIDATION_FAILED",
      rejection: { violations: [{ path: "/transferId" }] },
    });
  });

  test("an init that fails for good is called 4 + 3 times, then the transfer is aborted", async () => {
    const opened = await openBench("sqlite", [JSON.parse(readFileSync(file, "utf8")) as JsonObject]);
    bench = opened;
    opened.channel.on("/initialize", () => failed("down"));
    const { instanceId } = await opened.engine.start("moneyTransferSM", { data: transfer });
    await opened.clock.advanceBy(3_600_000);
    expect(opened.channel.paths().filter((path) => path === "/initialize").length).toBe(7);
    expect(await opened.engine.get(instanceId)).toMatchObject({
      status: "error",
      currentState: "error",
      data: { errorCode: "ACTION_FAILED" },
    });
  });

  test("a verification that runs out of time aborts at once", async () => {
    const run = await begin();
    run.channel.on("/verify", never);
    await run.engine.send(run.id, "startTransfer", { data: order });
    await run.clock.advanceBy(30_000);
    expect(await pathOf(run)).toEqual(["init", "verify", "error"]);
    expect(run.channel.paths().filter((path) => path === "/verify").length).toBe(1);
    expect((await run.engine.get(run.id)).data).toMatchObject({ errorCode: "ACTION_TIMEOUT" });
  });

  test("errorOccurred leads out of a verification that is under way, and must bring code and message", async () => {
    const run = await begin();
    run.channel.on("/verify", never);
    await run.engine.send(run.id, "startTransfer", { data: order });
    await run.settle();
    await expect(
      run.engine.send(run.id, "errorOccurred", { data: { errorCode: "E1" } }),
    ).rejects.toMatchObject({
      code: "VALIDATION_FAILED",
      rejection: { violations: [{ path: "/errorMessage" }] },
    });
    await run.engine.send(run.id, "errorOccurred", { data: { errorCode: "E1", errorMessage: "stopped" } });
    await run.settle();
    expect(await pathOf(run)).toEqual(["init", "verify", "error"]);
    expect((await run.engine.get(run.id)).history[1]?.actions[0]?.status).toBe("cancelled");
  });

  test("a user who rejects ends it in error with the code ROUTED", async () => {
    const run = await begin();
    await run.engine.send(run.id, "startTransfer", { data: order });
    await run.settle();
    await run.engine.send(run.id, undefined, { data: answer(false) });
    await run.settle();
    expect(await pathOf(run)).toEqual(["init", "verify", "confirm", "error"]);
    expect((await run.engine.get(run.id)).data).toMatchObject({
      errorCode: "ROUTED",
      errorMessage: "User Rejected",
    });
  });
});
