/** Opens the database for reading: beside a running engine, or without one. */
import { existsSync } from "node:fs";
import { StatewrightError } from "../core/errors.js";
import type { Operators, Reader, Store } from "../index.js";
import type { DatabaseOptions } from "./cli-command.js";
import type { Place } from "./input/server-address.js";
import { resolveSettings } from "./input/settings.js";

export interface Opened {
  readonly reader: Reader;
  readonly operators: Operators;
  readonly store: Store;
}

/** Closes the store in any case. Throws `STORE_UNAVAILABLE` when there is no such database. */
export async function withReader<Result>(
  options: DatabaseOptions,
  place: Place,
  read: (opened: Opened) => Promise<Result>,
): Promise<Result> {
  const { databasePath } = await resolveSettings(options, place);
  if (!existsSync(databasePath)) {
    throw new StatewrightError("STORE_UNAVAILABLE", `There is no database "${databasePath}".`, {
      hint: "Name it with --db sqlite:PATH; `statewright run` makes one.",
    });
  }
  const { openReader, sqlite } = await import("../index.js");
  const store = sqlite(databasePath, { readOnly: true });
  const { reader, operators, close } = await openReader(store);
  try {
    return await read({ reader, operators, store });
  } finally {
    await close();
  }
}
