import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ERRORS, type ErrorCode, StatewrightError } from "./errors.js";

const page = readFileSync(new URL("../../docs/reference/errors.md", import.meta.url), "utf8");
const rows = new Map(
  [...page.matchAll(/^\| `([A-Z_]+)` \| (\d+) \| (\S+) \| (yes|no) \| (.+) \|$/gm)].map((row) => [
    row[1],
    row.slice(2),
  ]),
);

describe("the registry of errors", () => {
  test("is documented whole: every code, exit code, status and meaning", () => {
    const registry = Object.entries(ERRORS).map(([code, error]) => [
      code,
      [
        String(error.exitCode),
        error.status === 0 ? "–" : String(error.status),
        error.retryable ? "yes" : "no",
        error.meaning,
      ],
    ]);
    expect([...rows]).toEqual(registry);
  });

  test("gives an error its exit code and status", () => {
    const error = new StatewrightError("STORE_LOCKED" satisfies ErrorCode, "x is locked", { hint: "wait" });
    expect([error.exitCode, error.status, error.hint]).toEqual([3, 503, "wait"]);
  });
});
