import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "./cruise-layers.js";
import { anchorsOf, linksOf } from "./markdown-links.js";
import { textOf, trackedFiles } from "./repository-files.js";

const documents = (trackedFiles() ?? []).filter((path) => path.endsWith(".md"));

describe.skipIf(documents.length === 0)("the links of the documents", () => {
  it.each(documents)("lead to a file and a heading that are there: %s", (path) => {
    const broken = linksOf(textOf(path) ?? "").filter(
      ({ target, anchor }) => !resolves(path, target, anchor),
    );
    expect(broken.map(({ line, link }) => `${path}:${line} ${link}`)).toEqual([]);
  });
});

describe("the reader of links", () => {
  it("gives relative links with their line and leaves addresses and code alone", () => {
    const text =
      "[a](b.md)\n`[x](no.md)`\n```sh\n[y](no.md)\n```\n![p](p.svg) [w](https://example.com) [h](#top)\n[r]: c.md#d\n";
    expect(linksOf(text)).toEqual([
      { line: 1, link: "b.md", target: "b.md", anchor: "" },
      { line: 6, link: "p.svg", target: "p.svg", anchor: "" },
      { line: 6, link: "#top", target: "", anchor: "top" },
      { line: 7, link: "c.md#d", target: "c.md", anchor: "d" },
    ]);
  });

  it("names headings as the usual hosts do", () => {
    expect([...anchorsOf("# A `b` c!\n## A b c\n## Über uns\n```\n# no\n```\n")]).toEqual([
      "a-b-c",
      "a-b-c-1",
      "über-uns",
    ]);
  });
});

function resolves(from: string, target: string, anchor: string): boolean {
  const path = target === "" ? from : normalize(join(dirname(from), target));
  if (path.startsWith("..") || !existsSync(join(ROOT, path))) return false;
  return anchor === "" || !path.endsWith(".md") || anchorsOf(textOf(path) ?? "").has(anchor);
}
