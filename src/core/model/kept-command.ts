/** What waits inside of an instance for its turn: kept commands, and events from inside. */
import type { Json } from "../json/json.js";
import type { KeptEvent, KeptSignal, KeptTimer } from "../message/kept.js";

/** An event that the instance raised itself: `raise`, or `done.state.<stateId>`. */
export interface RaisedEvent {
  eventId: string;
  data: Json;
}

export interface DelayedEvent extends RaisedEvent {
  timerId: string;
  dueAt: string;
  /** By which it can be called off. */
  id?: string;
}

export type KeptCommand = KeptEvent | KeptTimer | KeptSignal | KeptRaised;

/** An event that the instance raised itself, and put behind what had arrived. */
export interface KeptRaised extends RaisedEvent {
  kind: "raised";
  seq: number;
}
