/** What came while actions were under way, and waits for its turn. */
import type { JsonObject } from "../json/json.js";
import type { Inbound } from "./inbound.js";

export interface KeptEvent {
  kind: "event";
  /** The seq of the command that brought it. */
  seq: number;
  eventId: string;
  data: JsonObject;
  variables: JsonObject;
  actor: string;
  groups?: readonly string[];
  /** Of a message from outside. */
  inbound?: Inbound;
}

export interface KeptSignal {
  kind: "signal";
  seq: number;
  eventId: string;
  data: JsonObject;
  actor?: string;
}

export interface KeptTimer {
  kind: "timer";
  seq: number;
  tokenId: string;
  /** The visit whose timer it is. */
  visit: number;
  transitionId: string;
  eventId: string;
}
