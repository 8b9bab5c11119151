import { describe, expect, test } from "vitest";
import type { ChannelRequest } from "../../ports/channel.js";
import { completed, failed, scriptedChannel } from "./scripted-channel.js";

const request = (url?: string): ChannelRequest => ({
  idempotencyKey: "i1/2.0/work",
  instanceId: "i1",
  stateMachineId: "m",
  settings: url === undefined ? {} : { url },
});
const signal = new AbortController().signal;

describe("the scripted channel", () => {
  test("answers what is not scripted with 200 and an empty object, and keeps every request in order", async () => {
    const channel = scriptedChannel("webhook");
    expect(await channel.send(request("http://a.example/x?y=1"), signal)).toEqual(completed());
    await channel.send(request(), signal);
    expect(channel.requests.map(({ settings }) => settings)).toEqual([{ url: "http://a.example/x?y=1" }, {}]);
  });

  test("finds the answer by the path of a URL, else by the action's id", async () => {
    const channel = scriptedChannel("webhook")
      .on("/x", completed({ at: "x" }))
      .on("work", failed("no"));
    expect(await channel.send(request("http://a.example/x?y=1"), signal)).toEqual(completed({ at: "x" }));
    expect(await channel.send(request(), signal)).toMatchObject({ outcome: "failed", message: "no" });
  });

  test("counts the attempts of each place", async () => {
    const channel = scriptedChannel("webhook").on("/x", (_, attempt) => completed({ attempt }));
    await channel.send(request("http://a.example/y"), signal);
    await channel.send(request("http://a.example/x"), signal);
    expect(await channel.send(request("http://a.example/x"), signal)).toEqual(completed({ attempt: 2 }));
  });

  test("takes what an answer throws for a failed try", async () => {
    const channel = scriptedChannel("webhook").on("/x", () => Promise.reject(new Error("no line")));
    expect(await channel.send(request("http://a.example/x"), signal)).toEqual(failed("no line"));
  });

  test("ends an answer that never comes when the try is given up", async () => {
    const channel = scriptedChannel("webhook").on("/x", () => new Promise(() => {}));
    const aborting = new AbortController();
    const answer = channel.send(request("http://a.example/x"), aborting.signal);
    aborting.abort();
    expect(await answer).toMatchObject({ outcome: "failed", isFinal: false });
  });
});
