/** The door from both sides: ids that are none, and results that careless functions and channels give. */
import { describe, expect, it } from "vitest";
import type { ChannelOutcome } from "../../src/ports/channel.js";
import { workMachine } from "../kit/definitions.js";
import { openBench } from "../kit/engine-bench.js";

const LONG = "x".repeat(256);

describe("an id", () => {
  it.each<[string, unknown, string, string]>([
    ["empty", "", "VALIDATION_FAILED", "is empty."],
    ["of 256 characters", LONG, "LIMIT_EXCEEDED", "has more than 255 characters."],
    ["with a line break", "a\nb", "VALIDATION_FAILED", "holds a control character."],
    ["with NUL", "a\0b", "VALIDATION_FAILED", "holds the NUL character."],
    [
      "with half a pair",
      "\ud83d",
      "VALIDATION_FAILED",
      "holds half of a surrogate pair, which is no character.",
    ],
    ["of another type", 7, "VALIDATION_FAILED", "must be a text, and is of type number."],
    ["that is a list", ["a"], "VALIDATION_FAILED", "must be a text, and is a list."],
  ])("%s is refused wherever it stands, with its name", async (_, id, code, ending) => {
    const bench = await openBench("memory", [workMachine()]);
    const { engine } = bench;
    await engine.start("workMachine", { instanceId: "one" });
    const odd = id as string;
    const refusals: readonly [string, Promise<unknown>][] = [
      ["stateMachineId", engine.start(odd)],
      ["instanceId", engine.start("workMachine", { instanceId: odd })],
      ["idempotencyKey", engine.start("workMachine", { idempotencyKey: odd })],
      ["instanceId", engine.send(odd, "go")],
      ["eventId", engine.send("one", odd)],
      ["actor", engine.send("one", "go", { actor: odd })],
      ["source", engine.send("one", "go", { source: odd })],
      ["idempotencyKey", engine.send("one", "go", { idempotencyKey: odd })],
      ["actor", engine.cancel("one", { actor: odd })],
    ];
    for (const [name, refusal] of refusals) {
      const message = `"${name}" ${ending}`;
      await expect(refusal).rejects.toMatchObject({
        code,
        message,
        rejection: { code, message, violations: [{ path: `/${name}`, message }] },
      });
    }
    expect((await engine.list({ limit: 10 })).map((row) => [row.instanceId, row.seq])).toEqual([["one", 1]]);
    await bench.close();
  });

  it("of 255 characters is taken, an emoji being one", async () => {
    const bench = await openBench("memory", [workMachine()]);
    const id = "🙂".repeat(255);
    await bench.engine.start("workMachine", { instanceId: id, actor: id, idempotencyKey: id });
    expect((await bench.engine.get(id)).instanceId).toBe(id);
    await bench.close();
  });
});

describe("numbers of a request", () => {
  it("are whole, or the request is refused", async () => {
    const bench = await openBench("memory", [workMachine()]);
    await bench.engine.start("workMachine", { instanceId: "one" });
    for (const odd of [Number.NaN, 0.5, -1, "1", null, 1n] as number[]) {
      const refused = { code: "VALIDATION_FAILED" };
      await expect(bench.engine.start("workMachine", { version: odd })).rejects.toMatchObject(refused);
      await expect(bench.engine.send("one", "go", { expectedSeq: odd })).rejects.toMatchObject(refused);
    }
    await bench.close();
  });
});

describe("a result", () => {
  const cyclic: { [name: string]: unknown } = {};
  cyclic.self = cyclic;

  it.each<[string, () => unknown, string]>([
    ["that contains itself", () => completed(cyclic), "RESPONSE_MISMATCH"],
    ["with a key __proto__", () => completed(JSON.parse('{"__proto__":1}')), "RESPONSE_MISMATCH"],
    ["that is a function", () => completed(() => 1), "RESPONSE_MISMATCH"],
    ["that is far too large", () => completed("x".repeat(7 * 1_048_576)), "LIMIT_EXCEEDED"],
    ["that is nothing at all", () => undefined, "ACTION_FAILED"],
    ["of an unknown kind", () => ({ outcome: "perhaps" }), "ACTION_FAILED"],
    ["without a response", () => ({ outcome: "completed" }), "ACTION_FAILED"],
    [
      "that is thrown and no error",
      () => {
        throw Object.create(null);
      },
      "ACTION_FAILED",
    ],
  ])("%s fails its action, and the engine goes on", async (_, give, code) => {
    const bench = await openBench("memory", [workMachine()]);
    bench.channel.on("/work", () => give() as ChannelOutcome);
    const { instanceId } = await bench.engine.start("workMachine");
    await bench.engine.send(instanceId, "go");
    await bench.settle();
    const snapshot = await bench.engine.snapshot(instanceId);
    expect(snapshot).toMatchObject({ status: "error", actions: { work: { error: { code } } } });
    expect((await bench.engine.pending(instanceId)).effects).toEqual([]);
    await bench.close();
  });

  it("of a failure may say anything: it is kept as text, and cut", async () => {
    const bench = await openBench("memory", [workMachine()]);
    const outcome = { outcome: "failed", code: "ODD", message: `\0${"x".repeat(5_000)}`, isFinal: true };
    bench.channel.on("/work", () => outcome as ChannelOutcome);
    const { instanceId } = await bench.engine.start("workMachine");
    await bench.engine.send(instanceId, "go");
    await bench.settle();
    const error = (await bench.engine.snapshot(instanceId))?.actions.work?.error;
    expect(error?.code).toBe("ODD");
    expect(error?.message.length).toBeLessThan(2_100);
    await bench.close();
  });
});

function completed(body: unknown): unknown {
  return { outcome: "completed", response: { status: 200, headers: {}, body } };
}
