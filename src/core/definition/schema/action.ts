/** Actions: what is done on entry, on exit and on the way. */
import { condition, duration, forPeople, metadata, plainIdentifier, template } from "./plain-parts.js";
import {
  byType,
  choose,
  dictionary,
  fields,
  list,
  refer,
  type SchemaNode,
  text,
  when,
  whole,
  word,
} from "./schema-node.js";
import { onError, onTimeout } from "./strategy.js";
import { ACTION_TYPES, RAISE_QUEUES } from "./word-list.js";

/** How tries are made; of an action, or of all that do not say. */
const tries = {
  retryCount: whole("Tries after the first; 0 where missing.", 0),
  retryDelay: duration("The wait before the next try; PT1S where missing."),
  retryOn: list(
    "Response codes or error codes that are retried although they count as final.",
    byType("A code.", [
      ["string", text("An error code.", { minLength: 1 })],
      ["integer", whole("A response code.", 100)],
    ]),
  ),
  backoff: refer("Backoff", "How the wait grows from try to try."),
  timeout: duration("The time of one try; PT30S where missing."),
  onError,
  onTimeout,
  delivery: word(
    "What is promised about tries: atLeastOnce, where a try of unknown outcome is made again, or atMostOnce, where it never is by itself; atLeastOnce where missing.",
    ["atLeastOnce", "atMostOnce"],
  ),
} as const;

export const actionParts: { readonly [name: string]: SchemaNode } = {
  CanonicalAction: fields(
    "An action.",
    {
      actionId: plainIdentifier("Unique in the machine."),
      ...forPeople,
      metadata,
      type: word("What it does; implied by trigger where missing.", ACTION_TYPES),
      trigger: refer("ActionTrigger", "The channel that starts the work."),
      callback: refer("ActionCallback", "The channel that is told, or waited for, when the work is done."),
      config: refer("ActionConfig", "Settings of notification, audit, log, raise and cancel."),
      assign: dictionary("Data that it sets, by property.", template("The value.")),
      function: text("Of type function: the name that the embedding program registered.", { minLength: 1 }),
      output: dictionary(
        "What of the result is kept in the instance's data, by property; templates over response.",
        template("The value."),
      ),
      condition: condition("It runs only if this holds; otherwise it is skipped."),
      ...tries,
      compensate: refer("CanonicalAction", "The action that undoes this one when a rollback reaches it."),
      reconcile: refer(
        "CanonicalAction",
        "Of what is sent at most once: the action that finds out what became of a try of unknown outcome. Its templates see the key of the try as actions.<actionId>.key.",
      ),
    },
    ["actionId"],
    {
      allOf: [
        when("type", "assign", { required: ["assign"] }),
        when("type", "function", { required: ["function"] }),
        when("type", "raise", { required: ["config"], properties: { config: { required: ["event"] } } }),
        when("type", "cancel", { required: ["config"], properties: { config: { required: ["id"] } } }),
        ...["webhook", "kafka", "file"].map((channel) =>
          when("type", channel, { required: ["trigger"], properties: { trigger: { required: [channel] } } }),
        ),
        choose(
          {
            type: "object",
            not: { anyOf: [{ required: ["trigger"] }, { required: ["assign"] }, { required: ["function"] }] },
          },
          { required: ["type"] },
        ),
      ],
    },
  ),
  ActionTrigger: fields(
    "One of the channels.",
    {
      webhook: refer("WebhookOut", "An HTTP call."),
      kafka: refer("KafkaOut", "A message to Kafka."),
      file: refer("FileOut", "A file that is written."),
    },
    [],
    { minProperties: 1, maxProperties: 1 },
  ),
  ActionCallback: fields(
    "One of the channels.",
    {
      webhook: refer("WebhookCallback", "An HTTP call, made or awaited."),
      kafka: refer("KafkaCallback", "A message that is waited for."),
      file: refer("FileCallback", "A file that is waited for."),
    },
    [],
    { minProperties: 1, maxProperties: 1 },
  ),
  ActionConfig: fields("Settings of notification, audit, log, raise and cancel.", {
    channel: text("Of notification: the configured channel.", { minLength: 1 }),
    template: text("Of notification: the template's name.", { minLength: 1 }),
    to: template("Of notification: who gets it."),
    subject: template("Of notification: its subject."),
    level: word("Of audit and log: how grave it is; info where missing.", ["debug", "info", "warn", "error"]),
    category: text("Of audit and log: a word to find it by."),
    message: template("What it says."),
    details: template("Anything more that belongs to it."),
    event: text("Of raise: the id of the event that is raised inside the instance. A template.", {
      minLength: 1,
    }),
    data: template("Of raise: what the event carries; seen as event.data."),
    delay: text("Of raise: how long it waits, as an ISO 8601 duration; at once where missing. A template.", {
      minLength: 1,
    }),
    queue: word(
      "Of raise: internal comes before all that comes from outside, external after what has arrived; internal where missing.",
      RAISE_QUEUES,
    ),
    id: text(
      "Of raise: a name by which a delayed event can be called off; of cancel: the name of what is called off. A template.",
      { minLength: 1 },
    ),
  }),
  Backoff: fields("How the wait grows from try to try.", {
    factor: {
      description: "Each wait is this many times the one before; 1 where missing.",
      type: "number",
      minimum: 1,
    },
    maxDelay: duration("No wait is longer than this."),
    jitter: {
      description: "The share by which a wait is shortened or lengthened at random, 0 to 1.",
      type: "number",
      minimum: 0,
      maximum: 1,
    },
  }),
  ActionDefaults: fields("Settings for the actions that do not say.", tries),
};

export const actions = (description: string): SchemaNode =>
  list(description, refer("CanonicalAction", "An action."));
