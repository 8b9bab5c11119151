import { copyFileSync, existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Workspace } from "./cli-process.js";
import { RecordingServer } from "./recording-server.js";

/** A definition that others wrote, beside the repository; without it there is nothing to run. */
const DEFINITION = fileURLToPath(
  new URL("../../../shared/reference/money-transfer/money-transfer-definition.json", import.meta.url),
);

let workspace: Workspace;
let server: RecordingServer;

beforeEach(async () => {
  workspace = new Workspace();
  server = await RecordingServer.listen();
});

afterEach(async () => {
  await workspace.dispose();
  await server.close();
});

test.runIf(existsSync(DEFINITION))(
  "the reference definition runs unchanged from init to complete",
  async () => {
    copyFileSync(DEFINITION, workspace.path("money-transfer.json"));
    const transferId = "123e4567-e89b-12d3-a456-426614174000";
    const start = { transferId, timestamp: "2026-01-31T09:30:00Z" };
    const transfer = {
      amount: 1000,
      currency: "EUR",
      sourceAccount: "ACCT12345678",
      destinationAccount: "ACCT87654321",
    };
    const confirmation = {
      userConfirmed: true,
      confirmationTimestamp: "2026-01-31T09:31:00Z",
      userId: "ada",
    };
    const processing = { transactionReference: "TX-1", status: "success" };
    const finished = await workspace.run([
      ...["run", "money-transfer.json", "--data", JSON.stringify(start)],
      ...["--event", `startTransfer=${JSON.stringify(transfer)}`],
      ...["--update", JSON.stringify(confirmation)],
      ...["--update", JSON.stringify({ transactionReference: processing.transactionReference })],
      ...["--event", `processComplete=${JSON.stringify({ status: processing.status })}`],
      ...["--rewrite", `http://example.com=${server.url}`, "--json"],
    ]);
    expect(finished.stderr).not.toContain("Error");
    expect(finished.code).toBe(0);
    const document = JSON.parse(finished.stdout);
    expect(document).toMatchObject({ status: "completed", currentState: "complete" });
    const states = (document.history as { state: string }[]).map(({ state }) => state);
    expect(states).toEqual(["init", "verify", "confirm", "process", "complete"]);
    for (const path of ["/initialize", "/initialize/callback", "/verify", "/process", "/complete"]) {
      expect(server.at(path), path).toHaveLength(1);
    }
    expect(server.at("/global-callback").length).toBeGreaterThanOrEqual(5);
    expect(server.at("/process")[0]?.body).toEqual({ transferId, status: "processed" });
  },
);
