import { describe, expect, it } from "vitest";
import { HostGate } from "./host-gate.js";

const NEVER = new AbortController().signal;

describe("the gate of a host", () => {
  it("admits in the order of asking, never more than the bound", async () => {
    const gate = new HostGate(2);
    const seen: number[] = [];
    const leaves: (() => void)[] = [];
    const asking = [0, 1, 2, 3, 4].map(async (number) => {
      const leave = await gate.enter("http://a", NEVER);
      seen.push(number);
      leaves.push(leave);
    });
    await Promise.all(asking.slice(0, 2));
    await Promise.resolve();
    expect(seen).toEqual([0, 1]);
    for (const count of [2, 3, 4]) {
      leaves.shift()?.();
      await asking[count];
      expect(seen).toEqual([0, 1, 2, 3, 4].slice(0, count + 1));
    }
  });

  it("does not let one host wait for another", async () => {
    const gate = new HostGate(1);
    await gate.enter("http://a", NEVER);
    await expect(gate.enter("http://b", NEVER)).resolves.toBeTypeOf("function");
  });

  it("forgets who gave up, and gives the place to the next", async () => {
    const gate = new HostGate(1);
    const leave = await gate.enter("http://a", NEVER);
    const aborter = new AbortController();
    const impatient = gate.enter("http://a", aborter.signal);
    const patient = gate.enter("http://a", NEVER);
    aborter.abort(new Error("no patience"));
    await expect(impatient).rejects.toThrow("no patience");
    leave();
    await expect(patient).resolves.toBeTypeOf("function");
    await expect(gate.enter("http://b", AbortSignal.abort(new Error("late")))).rejects.toThrow("late");
  });
});
