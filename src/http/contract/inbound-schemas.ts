/** What answers to other systems look like. */
import {
  BOOLEAN,
  COUNT,
  closedObject,
  described,
  ID,
  listOf,
  oneOfWords,
  openObject,
  TEXT,
} from "./schema-parts.js";

export const CALLBACK_PARAMS = closedObject(
  { token: described("The last part of the address that the action gave out, as it came.", TEXT) },
  { required: ["token"] },
);

const IS_REPEATED = described("True when it had come before: this is the first answer again.", BOOLEAN);
const SEQ = described("Of the command.", COUNT);

export const CALLBACK_ANSWER = openObject(
  "CallbackAnswer",
  "The action has its answer.",
  { instanceId: ID, outcome: oneOfWords(["done"]), seq: SEQ, isRepeated: IS_REPEATED },
  ["instanceId", "outcome", "seq", "isRepeated"],
);

const RECEIVER = openObject(
  "HookReceiver",
  "An instance that took a message, or began with it.",
  {
    instanceId: ID,
    outcome: oneOfWords(["taken", "queued", "started"]),
    seq: SEQ,
    transitionId: TEXT,
    from: TEXT,
    to: TEXT,
  },
  ["instanceId", "outcome", "seq"],
);

export const HOOK_ANSWER = openObject(
  "HookAnswer",
  "Who took a message: the one instance that waited for it, or all that it started.",
  { receivers: listOf(RECEIVER), isRepeated: IS_REPEATED },
  ["receivers", "isRepeated"],
);
