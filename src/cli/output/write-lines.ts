/** Where `--output` leads: lines into a new file, or to standard output. A file that is there is never replaced. */
import { type FileHandle, open } from "node:fs/promises";
import { usageError } from "../usage-error.js";
import type { Terminal } from "./terminal.js";

export interface LineWriter {
  write(line: string): Promise<void>;
  close(): Promise<void>;
}

/** Throws `USAGE` when the file is there already or cannot be made. */
export async function openLines(output: string | undefined, terminal: Terminal): Promise<LineWriter> {
  if (output === undefined) return { write: async (line) => terminal.print(line), close: async () => {} };
  let file: FileHandle;
  try {
    file = await open(output, "wx");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EEXIST")
      throw usageError(`"${output}" is there already.`, "Name a file that is not there.");
    throw usageError(`"${output}" cannot be written: ${message}.`, "Choose another place.");
  }
  return {
    write: async (line) => {
      await file.write(`${line}\n`);
    },
    close: async () => {
      await file.sync();
      await file.close();
    },
  };
}
