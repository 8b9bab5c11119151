/** What fires a transition, or starts an instance. */
import { fileIn } from "./file.js";
import { kafkaIn } from "./kafka.js";
import { forPeople, identifier } from "./plain-parts.js";
import { byType, byWord, choose, fields, refer, type SchemaNode, text, word } from "./schema-node.js";
import { webhookIn } from "./webhook.js";

const timing = {
  after: refer("Duration", "How long after entry, as an ISO 8601 duration."),
  at: text("When: a timestamp, or a reference such as $data.dueDate.", { minLength: 1 }),
  every: text("How often: a duration or a cron expression.", { minLength: 1 }),
  timezone: text(
    "The time zone of calendar arithmetic and cron, for example Europe/Berlin; UTC where missing.",
    {
      minLength: 1,
    },
  ),
  catchUp: word(
    "Of every: what becomes of the times that were missed while nothing ran. once: one for all of them (where missing); all: each; skip: none.",
    ["once", "all", "skip"],
  ),
} as const;

/** The time settings, also as the short form has them on the transition itself. */
export const timingFields = timing;

/**
 * Each kind of trigger. `prefix` sets the names of the canonical shapes apart from those that authors write: in the
 * canonical form the words are settled and every trigger has its id.
 */
function triggerParts(prefix: string, isCanonical: boolean): { readonly [name: string]: SchemaNode } {
  const words = (canonical: string, ...others: string[]) =>
    isCanonical ? [canonical] : [canonical, ...others];
  const kind = (
    description: string,
    triggerWords: readonly string[],
    properties: { readonly [name: string]: SchemaNode },
    required: readonly string[] = [],
  ): SchemaNode =>
    fields(
      description,
      {
        eventId: identifier("The event's id; one id may stand on several transitions."),
        ...forPeople,
        trigger: { description: "The kind of trigger.", type: "string", enum: triggerWords },
        ...properties,
      },
      ["trigger", ...(isCanonical ? ["eventId"] : []), ...required],
    );
  const automatic = words("automatic", "auto");
  const timed = words("time-based", "timer");
  return {
    [`${prefix}Trigger`]: byWord("What fires the transition.", "trigger", "The kind of trigger.", [
      [["manual"], `${prefix}ManualTrigger`],
      [automatic, `${prefix}AutomaticTrigger`],
      [timed, `${prefix}TimeTrigger`],
      [["webhook"], `${prefix}WebhookTrigger`],
      [["kafka"], `${prefix}KafkaTrigger`],
      [["file"], `${prefix}FileTrigger`],
      [["signal"], `${prefix}SignalTrigger`],
    ]),
    [`${prefix}ManualTrigger`]: kind(
      "Somebody sends the event.",
      ["manual"],
      {},
      isCanonical ? [] : ["eventId"],
    ),
    [`${prefix}AutomaticTrigger`]: kind(
      "As soon as the state is settled, and whenever data changes after that.",
      automatic,
      {},
    ),
    [`${prefix}TimeTrigger`]: {
      ...kind("When the time has come: one of after, at and every.", timed, timing),
      ...choose(
        { type: "object", not: { anyOf: [{ required: ["at"] }, { required: ["every"] }] } },
        { required: ["after"] },
      ),
    },
    [`${prefix}WebhookTrigger`]: kind("A request comes in.", ["webhook"], webhookIn, ["path"]),
    [`${prefix}KafkaTrigger`]: kind("A message comes in.", ["kafka"], kafkaIn, ["topic"]),
    [`${prefix}FileTrigger`]: kind("A file comes in.", ["file"], fileIn, ["watch"]),
    [`${prefix}SignalTrigger`]: kind(
      "A named signal is broadcast; every instance that waits for it takes it.",
      ["signal"],
      {
        signal: text("The signal's name; the event's id where missing.", { minLength: 1 }),
      },
    ),
  };
}

export const authoredTriggerParts = triggerParts("Authored", false);
export const canonicalTriggerParts = triggerParts("Event", true);

const start = (
  description: string,
  words: readonly string[],
  properties: { readonly [name: string]: SchemaNode },
  required: readonly string[] = [],
): SchemaNode =>
  fields(
    description,
    {
      eventId: identifier("The event's id."),
      ...forPeople,
      trigger: { description: "The kind of trigger.", type: "string", enum: words },
      ...properties,
    },
    ["trigger", ...required],
  );

export const startParts: { readonly [name: string]: SchemaNode } = {
  StartTrigger: byWord("What starts an instance here.", "trigger", "The kind of trigger.", [
    [["webhook"], "WebhookStart"],
    [["kafka"], "KafkaStart"],
    [["file"], "FileStart"],
    [["time-based", "timer"], "TimeStart"],
    [["message"], "MessageStart"],
    [["signal"], "SignalStart"],
  ]),
  WebhookStart: start("A request starts an instance.", ["webhook"], webhookIn, ["path"]),
  KafkaStart: start("A message starts an instance.", ["kafka"], kafkaIn, ["topic"]),
  FileStart: start("A file starts an instance.", ["file"], fileIn, ["watch"]),
  TimeStart: start("The time starts an instance.", ["time-based", "timer"], timing),
  MessageStart: start("A named message starts an instance.", ["message"], {
    message: text("The message's name; the event's id where missing.", { minLength: 1 }),
  }),
  SignalStart: start("A named signal starts an instance.", ["signal"], {
    signal: text("The signal's name; the event's id where missing.", { minLength: 1 }),
  }),
};

/** An event of the short form: an id (somebody sends it) or a whole trigger. */
export const shortEvent = byType("An event's id, or a whole trigger.", [
  ["string", identifier("The id of an event that somebody sends.")],
  ["object", refer("AuthoredTrigger", "A whole trigger.")],
]);
