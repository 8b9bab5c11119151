import { describe, expect, it } from "vitest";
import { Report } from "../report.js";
import { readXml } from "./xml-element.js";

function refusal(text: string): string | undefined {
  const report = new Report();
  expect(readXml(text, report)).toBeUndefined();
  return report.findings.map(({ line, message }) => `${line}: ${message}`).join("\n");
}

describe("reading XML", () => {
  it("keeps names, namespaces, attributes, text and places", () => {
    const root = readXml('<x:a xmlns:x="urn:a">\n  <x:b n="1&lt;2">t<![CDATA[&]]></x:b></x:a>', new Report());
    expect(root).toMatchObject({ name: "a", namespace: "urn:a", place: { line: 1, column: 1 } });
    const [child] = root?.children ?? [];
    expect(child).toMatchObject({ name: "b", namespace: "urn:a", text: "t&", place: { line: 2, column: 3 } });
    expect(child?.attributes.get("n")).toBe("1<2");
  });

  it("reads past a byte order mark", () => {
    expect(readXml("\uFEFF<a/>", new Report())?.name).toBe("a");
  });

  it("refuses a document type, so that no entity is ever expanded", () => {
    const bomb = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]>\n<a>&c;</a>';
    expect(refusal(bomb)).toMatch(/document type/);
    expect(refusal("<a>&unknown;</a>")).toMatch(/^1: This is not well-formed XML/);
  });

  it.each(["", "text", "<a>", "<a></b>", "<a b=1/>", "<a/><b/>", '<x:a b="1"/>'])("refuses %j", (text) => {
    expect(refusal(text)).toMatch(/^1: /);
  });

  it("refuses elements nested more than 100 levels deep", () => {
    const nested = (levels: number) => "<a>".repeat(levels) + "</a>".repeat(levels);
    expect(readXml(nested(100), new Report())?.name).toBe("a");
    expect(refusal(nested(101))).toBe("1: Elements are nested more than 100 levels deep.");
  });
});
