import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SCXML_CODES } from "./scxml-codes.js";

describe("the codes of findings", () => {
  const page = readFileSync(new URL("../../../docs/reference/convert.md", import.meta.url), "utf8");

  it.each(Object.entries(SCXML_CODES))(
    "%s stands on the reference page with its severity",
    (code, { severity }) => {
      expect(page).toContain(`| \`${code}\` | ${severity} |`);
    },
  );

  it("on the page are those that there are", () => {
    const told = [...page.matchAll(/^\| `((?:SCXML|XML)_\w+)` \|/gm)].map(([, code]) => code);
    expect(told).toEqual(Object.keys(SCXML_CODES));
  });
});
