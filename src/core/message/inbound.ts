import type { Json } from "../json/json.js";

/** How a message came, and what it carries. */
export interface Inbound {
  readonly channel: "webhook";
  /** What it was awaited by: of a webhook the path, as the definition has it. */
  readonly name: string;
  readonly value: Json;
  /** What its sender knows it by. */
  readonly messageId: string;
  /** Those whose conditions over the message hold; no other may take it. */
  readonly transitionIds: readonly string[];
  /** What of its data nobody declares is left out. */
  readonly takesPart: boolean;
}
