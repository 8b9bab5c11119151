import type { Json } from "../json/json.js";

/** Whatever would be stuck says so; open ones are in the snapshot. */
export interface Incident {
  incidentId: string;
  tokenId: string;
  state: string;
  actionId?: string;
  /** Of an action of unknown outcome: the idempotency key under which it was sent. */
  key?: string;
  transitionId?: string;
  /** Of a time-based transition, or an event from inside: its event. It is tried again when the incident is. */
  eventId?: string;
  /** Of an event from inside: its data. */
  raisedData?: Json;
  code: string;
  message: string;
  violations?: { path: string; message: string }[];
  /** Status code of the last response, where there was one. */
  responseStatus?: number;
  /** What came back last, masked and cut. */
  response?: { status: number; body: Json };
  tries?: number;
  /** Somebody should look at once. */
  severity?: "critical";
  /** False for one that leaves the instance as it is (a last action of an ended instance, a callback). */
  suspends: boolean;
  openedAt: string;
  closedAt?: string;
  resolution?: string;
}
