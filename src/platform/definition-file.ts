/** Definitions that are given as files. */
import { readFile } from "node:fs/promises";
import { StatewrightError } from "../core/errors.js";

/** The text of a file; a path counts from the working directory. Throws `USAGE` that names it and says why. */
export async function readDefinitionFile(place: string | URL): Promise<string> {
  try {
    return await readFile(place, "utf8");
  } catch (error) {
    throw new StatewrightError("USAGE", `The definition "${place}" cannot be read: ${whyNot(error)}.`, {
      hint: "A text that does not begin with { is the path of a file, counted from the working directory; new URL(path, import.meta.url) counts from the module.",
      cause: error,
    });
  }
}

function whyNot(error: unknown): string {
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
