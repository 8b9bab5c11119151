import { expect, test } from "vitest";
import { virtualClock } from "../../platform/virtual-clock.js";
import type { Channel } from "../../ports/channel.js";
import { NO_FAULTS } from "../../ports/faults.js";
import { sendEffect } from "./send-effect.js";

const REQUEST = { idempotencyKey: "i1/2.0/work", instanceId: "i1", stateMachineId: "m", settings: {} };

/** A channel that never answers and heeds no signal. */
function deafChannel(): Channel & { sends: number } {
  const channel = {
    kind: "webhook",
    sends: 0,
    send: () => {
      channel.sends += 1;
      return new Promise<never>(() => {});
    },
    close: () => Promise.resolve(),
  };
  return channel;
}

test("what was let go of before it was sent is not sent, and not waited for", async () => {
  const channel = deafChannel();
  const ports = { clock: virtualClock(0), faults: NO_FAULTS, channels: new Map([["webhook", channel]]) };
  const controller = new AbortController();
  controller.abort("stopping");
  expect(await sendEffect(ports, "webhook", REQUEST, 1_000, controller)).toEqual({ outcome: "abandoned" });
  expect(channel.sends).toBe(0);
});

test("a channel that heeds no signal is let go of when the engine stops, and at its deadline", async () => {
  const channel = deafChannel();
  const clock = virtualClock(0);
  const ports = { clock, faults: NO_FAULTS, channels: new Map([["webhook", channel]]) };
  const controller = new AbortController();
  const stopped = sendEffect(ports, "webhook", REQUEST, 1_000, controller);
  controller.abort("stopping");
  expect(await stopped).toEqual({ outcome: "abandoned" });
  const late = sendEffect(ports, "webhook", REQUEST, 1_000, new AbortController());
  await clock.advanceBy(1_000);
  expect(await late).toMatchObject({ outcome: "timeout" });
  expect(channel.sends).toBe(2);
});
