/** Turns what SQLite and the file system report into errors that name the file and say what to do. */
import { StatewrightError } from "../../core/errors.js";
import { DriverError } from "./driver/driver.js";

/** The error to throw for a failure at the database file `path`. What is none of the database's comes back as it is. */
export function storeFailure(error: unknown, path: string): unknown {
  if (error instanceof DriverError) {
    if (error.is("SQLITE_CONSTRAINT")) {
      return new Error(
        `Broken invariant: a row to be written to ${path} is there already (${error.message}).`,
        {
          cause: error,
        },
      );
    }
    const [what, hint] = explain(error);
    return unavailable(path, what, hint, error);
  }
  if (isFileSystemError(error)) {
    const [what, hint] = explainFile(error.code);
    return unavailable(path, what, hint, error);
  }
  return error;
}

export function unavailable(path: string, what: string, hint: string, cause?: unknown): StatewrightError {
  return new StatewrightError("STORE_UNAVAILABLE", `The database ${path} ${what}.`, { hint, cause });
}

function explain(error: DriverError): readonly [what: string, hint: string] {
  if (error.is("SQLITE_BUSY") || error.is("SQLITE_LOCKED")) {
    return [
      "is held by another process for more than 5 seconds",
      "End the program that keeps it locked, or try again.",
    ];
  }
  if (error.is("SQLITE_FULL")) {
    return ["cannot grow: the disk is full", "Make room on the disk, then try again; nothing was written."];
  }
  if (error.is("SQLITE_NOTADB")) {
    return [
      "is no SQLite database",
      "Name another file, or move this one away so that a new one can be made.",
    ];
  }
  if (error.is("SQLITE_CORRUPT")) {
    return ["is damaged", "Restore it from a backup; `PRAGMA integrity_check` says what is wrong."];
  }
  if (error.is("SQLITE_CANTOPEN") || error.is("SQLITE_AUTH") || error.is("SQLITE_PERM")) {
    return [
      "cannot be opened",
      "Check that it is a file, and that this user may read and write it and its directory.",
    ];
  }
  if (error.is("SQLITE_READONLY")) {
    return ["cannot be written", "Check that this user may write the file and its directory."];
  }
  if (error.is("SQLITE_IOERR")) {
    return [
      "cannot be read or written: the disk reported an error",
      "Check the disk and its file system, then restart.",
    ];
  }
  return [`failed: ${error.message}`, "Check the file and the disk it is on, then try again."];
}

function explainFile(code: string): readonly [what: string, hint: string] {
  switch (code) {
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return ["cannot be reached: permission denied", "Give this user the right to its directory."];
    case "ENOSPC":
    case "EDQUOT":
      return ["cannot be made: the disk is full", "Make room on the disk, then try again."];
    case "ENOTDIR":
    case "EEXIST":
      return [
        "cannot be made: a part of its path is no directory",
        "Name a path whose parents are directories.",
      ];
    default:
      return [`cannot be reached (${code})`, "Check the path and the disk it is on."];
  }
}

function isFileSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && "syscall" in error && "code" in error && typeof error.code === "string";
}
