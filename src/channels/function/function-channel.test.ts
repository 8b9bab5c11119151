import { describe, expect, test } from "vitest";
import type { ChannelRequest } from "../../ports/channel.js";
import { functionChannel } from "./function-channel.js";

const signal = new AbortController().signal;

function request(name: string): ChannelRequest {
  return {
    idempotencyKey: "i1/2.0/work",
    instanceId: "i1",
    stateMachineId: "m",
    settings: { function: name, config: { level: 3 }, data: { amount: 5 }, variables: {} },
  };
}

describe("the function channel", () => {
  test("calls the registered function with data, config and key, and its result is the response", async () => {
    const channel = functionChannel({
      functions: { price: ({ data, config, idempotencyKey }) => ({ data, config, idempotencyKey }) },
    });
    expect(await channel.send(request("price"), signal)).toEqual({
      outcome: "completed",
      response: {
        status: 200,
        headers: {},
        body: { data: { amount: 5 }, config: { level: 3 }, idempotencyKey: "i1/2.0/work" },
      },
    });
  });

  test("a function that returns nothing has the result null", async () => {
    const channel = functionChannel({ functions: { quiet: async () => {} } });
    expect(await channel.send(request("quiet"), signal)).toMatchObject({ response: { body: null } });
  });

  test.each(["other", "constructor", "__proto__", ""])(
    "a name that is not registered (%s) is a final failure that names those that are",
    async (name) => {
      const channel = functionChannel({ functions: { price: () => 1 } });
      expect(await channel.send(request(name), signal)).toMatchObject({
        outcome: "failed",
        code: "FUNCTION_UNKNOWN",
        isFinal: true,
        message: expect.stringContaining("price"),
      });
    },
  );

  test("what it throws is the failure; its code and isFinal count", async () => {
    const functions = {
      plain: () => {
        throw new Error("no price");
      },
      coded: () => {
        throw Object.assign(new Error("limit"), { code: "LIMIT_REACHED", isFinal: true });
      },
      odd: () => {
        throw Object.assign(new Error("odd"), { code: "ENOENT\nx" });
      },
    };
    const channel = functionChannel({ functions });
    expect(await channel.send(request("plain"), signal)).toEqual({
      outcome: "failed",
      code: "ACTION_FAILED",
      message: 'Function "plain" failed: no price',
      isFinal: false,
      mayHaveActed: false,
    });
    expect(await channel.send(request("coded"), signal)).toMatchObject({
      code: "LIMIT_REACHED",
      isFinal: true,
    });
    expect(await channel.send(request("odd"), signal)).toMatchObject({ code: "ACTION_FAILED" });
  });
});
