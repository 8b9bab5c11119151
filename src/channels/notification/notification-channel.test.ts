import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../core/json/json.js";
import type { ChannelOutcome } from "../../ports/channel.js";
import type { Logger } from "../../ports/logger.js";
import { notificationChannel } from "./notification-channel.js";

interface Line {
  readonly level: string;
  readonly message: string;
  readonly details: JsonObject;
}

async function notify(settings: JsonObject): Promise<{ outcome: ChannelOutcome; lines: Line[] }> {
  const lines: Line[] = [];
  const write =
    (level: string) =>
    (message: string, details: JsonObject = {}): void => {
      lines.push({ level, message, details });
    };
  const logger: Logger = {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
  };
  const channel = notificationChannel({ channels: {}, logger });
  const ids = { idempotencyKey: "i/1.0/tell", instanceId: "i", stateMachineId: "m" };
  const outcome = await channel.send({ ...ids, settings }, new AbortController().signal);
  await channel.close();
  return { outcome, lines };
}

describe("a notification", () => {
  it("to the console is one line with the template and the names of the data, and is done", async () => {
    const { outcome, lines } = await notify({
      channel: "console",
      template: "confirm",
      data: { amount: "secret-12", payee: "secret-name" },
    });
    expect(outcome).toEqual({
      outcome: "completed",
      response: { status: 200, headers: {}, body: { channel: "console", template: "confirm" } },
    });
    expect(lines).toMatchObject([
      {
        level: "info",
        details: { channel: "console", template: "confirm", data: ["amount", "payee"], instanceId: "i" },
      },
    ]);
    expect(JSON.stringify(lines)).not.toContain("secret");
  });

  it("to a channel that is not configured goes to the console, is marked so, and is done", async () => {
    for (const channel of ["email", "constructor"]) {
      const { outcome, lines } = await notify({ channel, template: "transfer-confirmation" });
      expect(outcome).toMatchObject({
        outcome: "completed",
        response: { body: { channel: "console", requested: channel, notConfigured: true } },
      });
      expect(lines).toMatchObject([{ level: "warn", details: { channel, notConfigured: true } }]);
    }
  });

  it("without a channel goes to the console", async () => {
    const { outcome } = await notify({ to: "secret" });
    expect(outcome).toMatchObject({
      outcome: "completed",
      response: { body: { channel: "console", template: null } },
    });
  });
});
