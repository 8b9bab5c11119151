import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { continueLine, shellWord } from "./continue-line.js";

test("the line that goes on names the instance, once", () => {
  expect(continueLine(["run", "a.json"], "i-1")).toBe("statewright run a.json --instance i-1");
  expect(continueLine(["run", "a.json", "--instance", "i-1"], "i-1")).toBe(
    "statewright run a.json --instance i-1",
  );
  expect(continueLine(["run", "--instance=i-1", "a.json"], "i-1")).toBe(
    "statewright run --instance=i-1 a.json",
  );
});

test("a shell reads back every word as it was", () => {
  const words = fc.array(
    fc.string({ minLength: 1 }).filter((word) => !/[\0\r\n]/.test(word)),
    { minLength: 1, maxLength: 20 },
  );
  fc.assert(
    fc.property(words, (given) => {
      const read = execFileSync("/bin/sh", ["-c", `printf '%s\\n' ${given.map(shellWord).join(" ")}`], {
        encoding: "utf8",
      });
      expect(read).toBe(`${given.join("\n")}\n`);
    }),
    { numRuns: 30 },
  );
});
