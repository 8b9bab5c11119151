/** What stands in the repository: the tracked files and their texts. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./cruise-layers.js";

/** Paths relative to the root, sorted by git; `undefined` outside a git checkout (an unpacked archive). */
export function trackedFiles(): readonly string[] | undefined {
  if (!existsSync(join(ROOT, ".git"))) return undefined;
  const listed = execFileSync("git", ["-c", "safe.directory=*", "ls-files", "-z"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  return listed.split("\0").filter((path) => path !== "" && existsSync(join(ROOT, path)));
}

/** The text of a file; `undefined` when it holds a NUL and is therefore no text. */
export function textOf(path: string): string | undefined {
  const text = readFileSync(join(ROOT, path), "utf8");
  return text.includes("\0") ? undefined : text;
}
