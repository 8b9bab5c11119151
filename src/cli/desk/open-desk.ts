/**
 * Where a command works: at a server when `--url`, `STATEWRIGHT_URL` or the configuration names one, else on a database
 * of this machine. What a command does not use of the two is not loaded.
 */
import type { CommandContext, DatabaseOptions } from "../cli-command.js";
import { type ServerAddress, serverOf } from "../input/server-address.js";
import { withReader } from "../open-store.js";
import { withEngine } from "../owner/with-engine.js";
import { usageError } from "../usage-error.js";
import type { ReadingDesk, WorkingDesk } from "./desk.js";
import { localReading, localWorking } from "./local-desk.js";

/** Options that say who acts. */
interface WhoOptions {
  readonly actor?: string;
  readonly author?: string;
  readonly group?: readonly string[];
}

export async function readAt<Result>(
  options: DatabaseOptions,
  context: CommandContext,
  read: (desk: ReadingDesk) => Promise<Result>,
): Promise<Result> {
  const server = await serverOf(options, context);
  if (server === undefined) return withReader(options, context, (opened) => read(localReading(opened)));
  const { remoteReading } = await import("../remote/remote-reading.js");
  return read(remoteReading(await clientOf(server)));
}

export async function workAt<Result>(
  options: DatabaseOptions & WhoOptions,
  context: CommandContext,
  work: (desk: WorkingDesk) => Promise<Result>,
): Promise<Result> {
  const server = await serverOf(options, context);
  if (server === undefined) return withEngine(options, context, (engine) => work(localWorking(engine)));
  checkWho(server, options);
  const { remoteWorking } = await import("../remote/remote-working.js");
  return work(remoteWorking(await clientOf(server)));
}

async function clientOf(server: ServerAddress) {
  const { HttpClient } = await import("../remote/http-client.js");
  return new HttpClient(server);
}

/** A name that the server would not put into the trail is not passed over in silence. */
function checkWho({ url, token }: ServerAddress, { actor, author, group }: WhoOptions): void {
  const named = actor !== undefined ? "--actor" : author !== undefined ? "--author" : undefined;
  if (token !== undefined && named !== undefined) {
    throw usageError(
      `${named} does not go with a token.`,
      `${url} knows by the token who acts; leave it out.`,
    );
  }
  if (group !== undefined) {
    throw usageError(
      "--group does not go with a server.",
      `The groups at ${url} are those of the key or token that is sent: STATEWRIGHT_TOKEN.`,
    );
  }
}
