/**
 * Where callbacks come in to a server, and what their addresses are signed with.
 *
 * 1. The configured address counts; where there is none, the one that the server listens on.
 * 2. What an earlier process left is sent as soon as the database is open, and the server listens a little later. A port that
 *    is known gives the address at once; with one that is drawn the send waits and is made again.
 */
import { StatewrightError } from "../../core/errors.js";
import type { CallbackSettings } from "../../index.js";
import type { HttpConfig } from "../input/config-file.js";
import type { Settings } from "../input/settings.js";
import { usageError } from "../usage-error.js";

export interface OwnCallbacks {
  readonly settings: CallbackSettings;
  /** Host names at which the server is called because of them. */
  readonly hosts: readonly string[];
  /** Says where it listens. */
  listensOn(url: string): void;
}

/** Throws `USAGE` for a secret that is not there. */
export async function ownCallbacks(
  { config, secretsSource }: Settings,
  http: HttpConfig,
): Promise<OwnCallbacks> {
  const { baseUrl, secret } = config.callbacks ?? {};
  const signing = secret === undefined ? {} : { secret: await readSecret(secret, secretsSource) };
  let own = expectedUrl(http);
  return {
    settings: { baseUrl: baseUrl ?? (() => own ?? notYet()), ...signing },
    hosts: baseUrl !== undefined && URL.canParse(baseUrl) ? [new URL(baseUrl).hostname] : [],
    listensOn: (url) => {
      own = url;
    },
  };
}

function expectedUrl({ host = "127.0.0.1", port = 7400 }: HttpConfig): string | undefined {
  return port === 0 ? undefined : `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function notYet(): never {
  throw new StatewrightError("ENGINE_STOPPED", "The server does not listen yet, so nobody could call back.", {
    hint: "It is sent when the server listens. A fixed port (--port 7400) is known from the beginning.",
  });
}

async function readSecret(name: string, source: Settings["secretsSource"]): Promise<string> {
  const { environmentSecrets } = await import("../../index.js");
  const secrets = environmentSecrets(source);
  const value = secrets.read(name);
  if (value !== undefined) return value;
  throw usageError(`callbacks.secret names "${name}", which is not there.`, `${secrets.remedy(name)}.`);
}
