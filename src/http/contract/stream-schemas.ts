/** What the stream tells. */
import { INSTANCE_FILTER } from "./instance-schemas.js";
import {
  COUNT,
  closedObject,
  described,
  ID,
  INSTANT,
  oneOfWords,
  openObject,
  TEXT,
  VERSION,
} from "./schema-parts.js";

export const STREAM_QUERY = closedObject({
  ...INSTANCE_FILTER,
  instanceId: described("Only what happens to this instance.", ID),
  after: described("Where to go on, as Last-Event-ID; for clients that cannot set the header.", {
    type: "string",
    minLength: 1,
    maxLength: 40,
  }),
});

export const STREAM_HEADERS = {
  type: "object",
  properties: {
    "last-event-id": described("The id of the last message that was received: it goes on after it.", {
      type: "string",
      maxLength: 40,
    }),
  },
};

/** The `data` of a message; its `event` is the `type`. */
export const STREAM_EVENT = openObject(
  "StreamEvent",
  "One thing that happened, after its commit. The messages of an instance come in the order of its seq.",
  {
    type: oneOfWords(["started", "transition", "incident-opened", "incident-closed", "operator", "ended"]),
    instanceId: ID,
    stateMachineId: ID,
    version: VERSION,
    seq: COUNT,
    at: INSTANT,
    actor: TEXT,
    transitionId: TEXT,
    from: TEXT,
    to: TEXT,
    event: TEXT,
    state: TEXT,
    status: TEXT,
    act: TEXT,
    reason: TEXT,
    incidentId: TEXT,
    code: TEXT,
    message: TEXT,
    resolution: TEXT,
  },
  ["type", "instanceId", "stateMachineId", "version", "seq", "at", "actor"],
);
