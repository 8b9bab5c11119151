/** The file channel, outward and inward. */
import { condition, duration, expression, forPeople, template } from "./plain-parts.js";
import { fields, jsonSchema, type SchemaNode, text, word } from "./schema-node.js";

/** What an inbound file has, as a trigger and as a callback. */
export const fileIn = {
  ...forPeople,
  watch: text("The files to watch, for example inbox/transfers/*.json.", { minLength: 1 }),
  format: word("How it is read; by its ending where missing.", ["json", "ndjson", "csv", "text"]),
  correlate: text("What finds the instance: a reference whose value equals the file's.", { minLength: 1 }),
  message: expression("What is taken of the file as the event's data."),
  expectedContent: jsonSchema("The JSON Schema of its content."),
  contentMatches: text("A text that it must hold.", { minLength: 1 }),
  condition: condition("Must hold over file for it to count."),
  settle: duration("How long its size and time must not change before it counts as complete."),
  // biome-ignore lint/suspicious/noThenProperty: the language calls it so
  then: word("What happens to an accepted file; move where missing.", ["move", "delete", "keep"]),
} as const;

export const fileParts: { readonly [name: string]: SchemaNode } = {
  FileOut: fields(
    "A file that is written.",
    {
      path: text("Where it is written, inside the configured roots. A template.", { minLength: 1 }),
      content: template("What is written; JSON where it is not a text."),
      mode: word("create (fails when it is there), append or replace; create where missing.", [
        "create",
        "append",
        "replace",
      ]),
    },
    ["path"],
  ),
  FileCallback: fields("The file that says that the work is done.", fileIn, ["watch"]),
};
