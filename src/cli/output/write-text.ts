/** Writes a text file in one step: a reader sees the old text or the new one. */
import { readFile } from "node:fs/promises";
import writeFileAtomic from "write-file-atomic";
import { whyUnreadable } from "../input/read-text.js";
import { usageError } from "../usage-error.js";

/** One that says the same already is not touched. Throws `USAGE` when it cannot be written. */
export async function writeText(path: string, text: string): Promise<"written" | "unchanged"> {
  try {
    if ((await readFile(path, "utf8")) === text) return "unchanged";
  } catch {
    // What cannot be read is written anew; whether that can be done is told then.
  }
  try {
    await writeFileAtomic(path, text);
  } catch (error) {
    throw usageError(
      `"${path}" cannot be written: ${whyUnreadable(error)}.`,
      "Check the path and its folder.",
    );
  }
  return "written";
}
