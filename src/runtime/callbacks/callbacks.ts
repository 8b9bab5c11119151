/**
 * Callback addresses: given out with a try, read when they are called.
 *
 * Invariants:
 * 1. An address says which try of which action of which instance it is for, and nobody else can make one.
 * 2. The same try has the same address, also when it is sent again after a crash.
 * 3. The secret is the configured one, or was drawn once and stays in the database.
 */
import type { RuntimePorts } from "../runtime-ports.js";
import { isCallable } from "./callback-settings.js";

/** The try that an address is for. */
export interface CallbackPlace {
  readonly instanceId: string;
  /** The key of the action: `<instanceId>/<seq>.<ordinal>/<actionId>`. */
  readonly key: string;
  readonly tryNumber: number;
}

const SECRET_NAME = "callback-secret";
/** So that a token of another kind that is signed with the same secret one day is none of these. */
const KIND = "callback";
/** Longer ones were never given out. */
const MAX_TOKEN_CHARS = 8_192;

export class Callbacks {
  #secret: Promise<string> | undefined;

  constructor(private readonly ports: Pick<RuntimePorts, "store" | "random" | "signer" | "callbacks">) {}

  /** The address of a try; `undefined` when nobody has said where this engine can be called. */
  async addressOf({ instanceId, key, tryNumber }: CallbackPlace): Promise<string | undefined> {
    const { callbacks, signer } = this.ports;
    const baseUrl = typeof callbacks?.baseUrl === "function" ? callbacks.baseUrl() : callbacks?.baseUrl;
    if (baseUrl === undefined || !isCallable(baseUrl)) return undefined;
    const text = JSON.stringify([KIND, instanceId, key.slice(instanceId.length), tryNumber]);
    return `${baseUrl.replace(/\/+$/, "")}/callbacks/${signer.issue(await this.#getSecret(), text)}`;
  }

  /** The try that a token was given out for; `undefined` for one that was not. */
  async read(token: string): Promise<CallbackPlace | undefined> {
    if (token.length > MAX_TOKEN_CHARS) return undefined;
    const text = this.ports.signer.read(await this.#getSecret(), token);
    if (text === undefined) return undefined;
    const [kind, instanceId, rest, tryNumber] = JSON.parse(text) as [string, string, string, number];
    return kind === KIND ? { instanceId, key: instanceId + rest, tryNumber } : undefined;
  }

  #getSecret(): Promise<string> {
    const { callbacks, store, random } = this.ports;
    if (callbacks?.secret !== undefined) return Promise.resolve(callbacks.secret);
    this.#secret ??= store.keepSetting(SECRET_NAME, random.hex(32)).catch((error: unknown) => {
      this.#secret = undefined;
      throw error;
    });
    return this.#secret;
  }
}
