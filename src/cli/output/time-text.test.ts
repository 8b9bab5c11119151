import { expect, test } from "vitest";
import { instantText, spanBetween, spanText } from "./time-text.js";

test.each([
  [-5, "0.00 s"],
  [40, "0.04 s"],
  [12_340, "12.3 s"],
  [125_000, "2 min 05 s"],
  [3_599_700, "1 h 00 min"],
  [12_000_000, "3 h 20 min"],
  [187_200_000, "2 d 4 h"],
])("%d ms read as %s", (spanMs, text) => {
  expect(spanText(spanMs)).toBe(text);
});

test("a stay that is not over has no span", () => {
  expect(spanBetween("2026-01-31T09:30:00.000Z", undefined)).toBe("");
  expect(spanBetween("2026-01-31T09:30:00.000Z", "2026-01-31T09:30:01.500Z")).toBe("1.50 s");
});

test("an instant loses its letters, not its milliseconds", () => {
  expect(instantText("2026-01-31T09:30:00.123Z")).toBe("2026-01-31 09:30:00.123");
});
