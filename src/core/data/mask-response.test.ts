import { expect, test } from "vitest";
import { maskResponse } from "./mask-response.js";

const data = { card: { number: "4711-0815" }, pin: 12, amount: 5 };
const sensitive = ["/card/number", "/pin"];

test("masks what is sensitive by its name, and by its value wherever it comes back", () => {
  const body = { number: "other", why: "card 4711-0815 is blocked", list: [12, "12", 5], at: "12:00" };
  expect(maskResponse({ status: 422, headers: { secret: "x" }, body }, data, sensitive)).toEqual({
    status: 422,
    body: { number: "***", why: "card *** is blocked", list: ["***", "***", 5], at: "12:00" },
  });
});

test("cuts a long body, after masking it", () => {
  const shown = maskResponse({ status: 500, headers: {}, body: "4711-0815".repeat(2000) }, data, sensitive);
  expect(String(shown.body)).toHaveLength(2001);
  expect(String(shown.body)).not.toContain("4711");
});
