import { readFile } from "node:fs/promises";
import { usageError } from "../usage-error.js";

/** The text of a file that the command line names. Throws `USAGE` that says why it cannot be read. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw usageError(`"${path}" cannot be read: ${whyUnreadable(error)}.`, "Check the path.");
  }
}

export function whyUnreadable(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case "ENOENT":
      return "there is no such file";
    case "EISDIR":
      return "it is a directory";
    case "EACCES":
      return "it may not be read by this user";
    default:
      return (error as Error).message;
  }
}
