import type { Sha256 } from "../core/audit/audit-entry.js";
import type { ReadDefinition } from "../core/definition/read-definition.js";
import type { Json, JsonObject } from "../core/json/json.js";
import type { Machine } from "../core/model/machine.js";
import type { Channel } from "../ports/channel.js";
import type { Clock } from "../ports/clock.js";
import type { Faults } from "../ports/faults.js";
import type { Ids } from "../ports/ids.js";
import type { Logger } from "../ports/logger.js";
import type { Random } from "../ports/random.js";
import type { SenderVerifier } from "../ports/sender-verifier.js";
import type { Store } from "../ports/store.js";
import type { Telemetry } from "../ports/telemetry.js";
import type { TokenSigner } from "../ports/token-signer.js";
import type { CallbackSettings } from "./callbacks/callback-settings.js";

/** Everything through which the runtime touches the world. Real in production, virtual in tests and simulation. */
export interface RuntimePorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: Ids;
  readonly faults: Faults;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly channels: ReadonlyMap<string, Channel>;
  /** Verifies who sends messages from outside. */
  readonly senders: SenderVerifier;
  readonly sha256: Sha256;
  readonly signer: TokenSigner;
  /** Where callbacks come in; undefined where they do not. */
  readonly callbacks: CallbackSettings | undefined;
  /** Reads a definition in either form, with all findings. */
  readonly read: (source: { readonly text: string } | { readonly document: Json }) => ReadDefinition;
  /** Compiles a canonical definition that was valid when it was published. */
  readonly compile: (definition: JsonObject) => Machine;
}
