import { describe, expect, it } from "vitest";
import { blocksOf, isExpectedOutput } from "./document-blocks.js";

const fence = (info: string, body: string) => `\`\`\`${info}\n${body}\n\`\`\`\n`;

describe("the blocks of a document", () => {
  it("are those that are marked, in order, each with its line", () => {
    const text = `# A\n${fence("sh", "no")}${fence("sh run", "echo 1")}then\n${fence("text output", "1")}${fence("json validate", "{}")}`;
    expect(blocksOf(text)).toEqual([
      { kind: "run", line: 5, script: "echo 1", exitCode: 0, output: "1" },
      { kind: "validate", line: 12, definition: "{}" },
    ]);
  });

  it("may say that a script fails", () => {
    expect(blocksOf(fence("sh run exit=1", "false"))).toEqual([
      { kind: "run", line: 1, script: "false", exitCode: 1 },
    ]);
  });

  it("are refused where they would never be checked", () => {
    expect(() => blocksOf(fence("text output", "1"))).toThrow("Line 1");
    expect(() =>
      blocksOf(`${fence("sh run", "a")}${fence("text", "x")}${fence("text output", "1")}`),
    ).toThrow("Line 7");
    expect(() => blocksOf(fence("sh runs", "a"))).toThrow("sh runs");
  });
});

describe("expected output", () => {
  it("is the printed text, line by line", () => {
    expect(isExpectedOutput("a\nb", "a  \nb\n")).toBe(true);
    expect(isExpectedOutput("a\nb", "a\nb\nc\n")).toBe(false);
    expect(isExpectedOutput("a.b", "axb")).toBe(false);
  });

  it("may leave text of a line and whole lines open", () => {
    expect(isExpectedOutput("id … done", "id 3f7 done")).toBe(true);
    expect(isExpectedOutput("id … done", "id 3f7\ndone")).toBe(false);
    expect(isExpectedOutput("a\n…\nz", "a\nb\nc\nz")).toBe(true);
    expect(isExpectedOutput("a\n…\nz", "a\nz")).toBe(true);
    expect(isExpectedOutput("a\n…", "a\nb\nc")).toBe(true);
    expect(isExpectedOutput("a\n…", "a")).toBe(true);
    expect(isExpectedOutput("…\nz", "a\nb")).toBe(false);
  });
});
