/**
 * The fenced blocks of a Markdown document that a test runs. The info string says what a block is:
 *
 *     sh run             a script; it must exit with 0
 *     sh run exit=1      a script that must exit with 1
 *     text output        what the script before it prints on standard output
 *     json validate      a definition that the command line finds valid
 *
 * Every other block is for people only. A line `…` in expected output stands for any number of lines, and a `…` inside
 * a line for any text.
 */

export type DocumentBlock =
  | {
      readonly kind: "run";
      readonly line: number;
      readonly script: string;
      readonly exitCode: number;
      /** `undefined` when the document does not say what is printed. */
      readonly output?: string;
    }
  | { readonly kind: "validate"; readonly line: number; readonly definition: string };

interface Fence {
  readonly line: number;
  readonly info: string;
  readonly body: string;
}

/** In the order of the document. Throws when an output block follows no script, because it would never be compared. */
export function blocksOf(markdown: string): DocumentBlock[] {
  const blocks: DocumentBlock[] = [];
  let previous: Fence | undefined;
  for (const fence of fencesOf(markdown)) {
    const run = /^sh run(?: exit=(\d+))?$/.exec(fence.info);
    if (run !== null) {
      blocks.push({ kind: "run", line: fence.line, script: fence.body, exitCode: Number(run[1] ?? 0) });
    } else if (fence.info === "json validate") {
      blocks.push({ kind: "validate", line: fence.line, definition: fence.body });
    } else if (fence.info === "text output") {
      const script = blocks.at(-1);
      if (script?.kind !== "run" || previous?.info.startsWith("sh run") !== true) {
        throw new Error(`Line ${fence.line}: an output block must follow a block that is run.`);
      }
      blocks[blocks.length - 1] = { ...script, output: fence.body };
    } else if (/^(sh|json|text) (run|validate|output)/.test(fence.info)) {
      throw new Error(`Line ${fence.line}: "${fence.info}" is no way to mark a block.`);
    }
    previous = fence;
  }
  return blocks;
}

/** Whether printed text is what was expected; spaces at the ends of lines and of the text do not count. */
export function isExpectedOutput(expected: string, printed: string): boolean {
  const pattern = tidy(expected)
    .split("\n")
    .map((line) => (line.trim() === "…" ? "(?:.*\\n)*?" : `${line.split("…").map(quote).join(".*?")}\\n`));
  return new RegExp(`^${pattern.join("")}$`, "u").test(`${tidy(printed)}\n`);
}

function tidy(text: string): string {
  return text.replace(/[ \t\r]+$/gm, "").replace(/^\n+|\n+$/g, "");
}

function quote(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

function fencesOf(markdown: string): Fence[] {
  const fences: Fence[] = [];
  let open:
    | { readonly mark: string; readonly info: string; readonly line: number; readonly body: string[] }
    | undefined;
  markdown.split("\n").forEach((content, index) => {
    const [, mark = "", info = ""] = /^(`{3,}|~{3,})\s*(.*?)\s*$/.exec(content) ?? [];
    if (open === undefined) {
      if (mark !== "") open = { mark, info, line: index + 1, body: [] };
    } else if (info === "" && mark.startsWith(open.mark)) {
      fences.push({ line: open.line, info: open.info, body: open.body.join("\n") });
      open = undefined;
    } else open.body.push(content);
  });
  return fences;
}
