/** `keys create|list|revoke`: the API keys of a server, kept in its database. Works also while the server runs; alone it lists. */
import { existsSync } from "node:fs";
import type { Command } from "commander";
import { parseDuration } from "../../core/duration/parse-duration.js";
import { StatewrightError } from "../../core/errors.js";
import { KeyRing, type ListedKey } from "../../http/access/key-ring.js";
import {
  addDatabaseOptions,
  addExamples,
  type CommandContext,
  type DatabaseOptions,
} from "../cli-command.js";
import { resolveSettings } from "../input/settings.js";
import { usageError } from "../usage-error.js";

interface CreateOptions extends DatabaseOptions {
  readonly tenant?: string;
  readonly role?: readonly string[];
  readonly grant?: readonly string[];
  readonly group?: readonly string[];
  readonly expires?: string;
}

export function configure(command: Command, context: CommandContext): void {
  command.enablePositionalOptions();
  addDatabaseOptions(command);
  addExamples(command, [
    { line: "statewright keys create ada --role admin", says: "a key that may do everything" },
    {
      line: "statewright keys create shop --grant orderSM:start orderSM:send:pay",
      says: "one that may do two things",
    },
    { line: "statewright keys revoke shop", says: "refuse it from now on" },
  ]);
  const list = (_: unknown, self: Command): Promise<void> => {
    const options = self.optsWithGlobals<DatabaseOptions>();
    return withKeys(options, context, async (keys) => showKeys(await keys.list(), options, context));
  };
  command.action(list);
  configureCreate(command.command("create").description("make a key; it is shown once"), context);
  const listing = command.command("list").description("list keys, without their secrets");
  addDatabaseOptions(listing).action(list);
  addExamples(listing, [{ line: "statewright keys list", says: "also those that are revoked" }]);
  configureRevoke(command.command("revoke").description("revoke a key, or all keys of a name"), context);
}

function configureCreate(command: Command, context: CommandContext): void {
  command
    .argument("<name>", "who uses it: the actor in the audit trail")
    .option("--role <role...>", "viewer, operator, publisher or admin")
    .option(
      "--grant <grant...>",
      "MACHINE:start, MACHINE:send, MACHINE:send:EVENT, MACHINE:update, *:signal:NAME",
    )
    .option("--group <name...>", "groups that it is a member of, for tasks of candidate groups")
    .option("--tenant <name>", "whose database it reaches", "default")
    .option("--expires <when>", "an instant, or a duration from now: 2030-01-31T00:00:00Z, P90D");
  addDatabaseOptions(command);
  addExamples(command, [
    { line: "statewright keys create nightly --role operator --expires P90D", says: "one for 90 days" },
  ]);
  command.action((name: string, _: unknown, self: Command) => {
    const options = self.optsWithGlobals<CreateOptions>();
    const create = async (keys: KeyRing) =>
      showNew(await keys.create(requestOf(name, options)), options, context);
    return withKeys(options, context, create, true);
  });
}

function configureRevoke(command: Command, context: CommandContext): void {
  addDatabaseOptions(command.argument("<key>", "the id of a key, or a name"));
  addExamples(command, [
    { line: "statewright keys revoke 4f1d2c3b5a69", says: "one key; others of its name go on" },
  ]);
  command.action((idOrName: string, _: unknown, self: Command) => {
    const options = self.optsWithGlobals<DatabaseOptions>();
    return withKeys(options, context, async (keys) => {
      const revoked = await keys.revoke(idOrName);
      if (options.json === true) context.terminal.json({ revoked });
      else context.terminal.print(`${revoked.join(", ")}  revoked; the next request with it is refused.`);
    });
  });
}

async function withKeys(
  options: DatabaseOptions,
  context: CommandContext,
  work: (keys: KeyRing) => Promise<void>,
  canBeNew = false,
): Promise<void> {
  const { databasePath } = await resolveSettings(options, context);
  if (!canBeNew && !existsSync(databasePath)) {
    throw new StatewrightError("STORE_UNAVAILABLE", `There is no database "${databasePath}".`, {
      hint: "Name it with --db sqlite:PATH.",
    });
  }
  const { sqlite } = await import("../../index.js");
  const store = sqlite(databasePath);
  await store.open();
  try {
    await work(new KeyRing(store));
  } finally {
    await store.close();
  }
  context.finish(0);
}

function requestOf(name: string, { tenant, role, grant, group, expires }: CreateOptions) {
  return {
    name,
    ...(tenant === undefined ? {} : { tenant }),
    roles: role ?? [],
    grants: grant ?? [],
    groups: group ?? [],
    ...(expires === undefined ? {} : { expiresAt: instantOf(expires) }),
  };
}

function instantOf(text: string): string {
  if (!Number.isNaN(Date.parse(text))) return new Date(text).toISOString();
  const duration = parseDuration(text);
  if (duration.ok) return new Date(duration.duration.addTo(Date.now())).toISOString();
  throw usageError(
    `--expires ${text} is not right.`,
    "Give an instant or a duration: 2030-01-31T00:00:00Z, P90D.",
  );
}

function showNew(
  made: ListedKey & { readonly key: string },
  { json }: CreateOptions,
  { terminal }: CommandContext,
): void {
  if (json === true) terminal.json(made);
  else {
    terminal.print(made.key);
    terminal.note(`Key ${made.keyId} of "${made.name}". Keep it now: it cannot be shown again.`);
  }
}

function showKeys(keys: readonly ListedKey[], { json }: DatabaseOptions, { terminal }: CommandContext): void {
  if (json === true) {
    terminal.json({ keys });
    return;
  }
  if (keys.length === 0) terminal.note("There are no keys: statewright keys create NAME --role admin");
  for (const { keyId, name, tenant, roles, grants, expiresAt, revokedAt } of keys) {
    const end =
      revokedAt === undefined ? (expiresAt === undefined ? "" : `  until ${expiresAt}`) : "  revoked";
    terminal.print(`${keyId}  ${name}  ${tenant}  ${[...roles, ...grants].join(" ")}${end}`);
  }
}
