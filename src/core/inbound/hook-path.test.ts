import { expect, test } from "vitest";
import { compareRoutes, hookSegments, matchHookPath, parseHookPath } from "./hook-path.js";

function match(path: string, request: string) {
  return matchHookPath(parseHookPath(path), hookSegments(request) ?? []);
}

test("a path takes what has its segments, and reads its variables decoded", () => {
  expect(match("payments", "payments")).toEqual({});
  expect(match("/payments/:id/", "payments/42")).toEqual({ id: "42" });
  expect(match("payments/:id", "/payments/a%20b%2Fc")).toEqual({ id: "a b/c" });
  expect(match("a/:x/c/:y", "a/1/c/2")).toEqual({ x: "1", y: "2" });
});

test("a path takes nothing else: no other text, length, case or empty variable", () => {
  for (const request of ["payment/42", "payments", "payments/", "payments/42/x", "Payments/42", ""]) {
    expect(match("payments/:id", request)).toBeUndefined();
  }
  expect(hookSegments("payments/%E0%A4%A")).toBeUndefined();
});

test("the most literal route counts, segment by segment from the left", () => {
  const routes = [":/:", "a/:", ":/b", "a/b"].toSorted(compareRoutes);
  expect(routes).toEqual(["a/b", "a/:", ":/b", ":/:"]);
  expect(parseHookPath("a/:x").route).toBe(parseHookPath("/a/:y/").route);
});
