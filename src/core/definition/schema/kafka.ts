/** The Kafka channel, outward and inward. */
import { condition, expression, forPeople, template } from "./plain-parts.js";
import { dictionary, fields, jsonSchema, list, type SchemaNode, text, whole, word } from "./schema-node.js";

const cluster = {
  cluster: text("The cluster's name in the configuration.", { minLength: 1 }),
  brokers: list("Addresses of brokers, where no cluster is named.", text("host:port", { minLength: 1 })),
} as const;

/** What an inbound message has, as a trigger and as a callback. */
export const kafkaIn = {
  ...forPeople,
  ...cluster,
  topic: text("The topic.", { minLength: 1 }),
  group: text("The consumer group.", { minLength: 1 }),
  correlate: text("What the instance waits with: a template over it, whose value the message must carry.", {
    minLength: 1,
  }),
  message: expression("Over message: the value that must equal what correlate gives."),
  expectedMessage: jsonSchema("The JSON Schema of the message's value."),
  condition: condition("Must hold over message for it to count."),
  onUnmatched: word("What happens to a message that fits nothing; dlq where missing.", [
    "dlq",
    "drop",
    "stop",
  ]),
} as const;

export const kafkaParts: { readonly [name: string]: SchemaNode } = {
  KafkaOut: fields(
    "A message to Kafka.",
    {
      ...cluster,
      topic: text("The topic. A template.", { minLength: 1 }),
      key: template("The key; the instance's id where missing."),
      message: template("The value, sent as JSON."),
      headers: dictionary("Headers; values are templates.", template("A header's value.")),
      partition: whole("The partition; by the key where missing.", 0),
    },
    ["topic"],
  ),
  KafkaCallback: fields("The message that says that the work is done.", kafkaIn, ["topic"]),
};
