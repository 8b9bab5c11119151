/** The small shapes that many places share: identifiers, durations, conditions, descriptions for people. */
import { anyObject, anything, byType, fields, refer, type SchemaNode, text } from "./schema-node.js";

/**
 * Letters of any script, because BPMN has them in ids and ids are kept as they are. Ids are keys in the short form and in
 * snapshots, and `__proto__` is no key that every reader of JSON keeps.
 */
const IDENTIFIER_PATTERN = "^(?!__proto__$)[\\p{L}_][\\p{L}\\p{N}_.-]*$";
const PLAIN_IDENTIFIER_PATTERN = "^(?!__proto__$)[A-Za-z_][A-Za-z0-9_.-]*$";

export const plainParts: { readonly [name: string]: SchemaNode } = {
  Identifier: text(
    "An identifier: a letter or underscore first, then letters, digits, underscores, dots and hyphens.",
    {
      pattern: IDENTIFIER_PATTERN,
      minLength: 1,
      maxLength: 255,
    },
  ),
  PlainIdentifier: text(
    "An identifier of ASCII letters, digits, underscores, dots and hyphens that begins with a letter or underscore.",
    { pattern: PLAIN_IDENTIFIER_PATTERN, minLength: 1, maxLength: 255 },
  ),
  Duration: text("An ISO 8601 duration, for example PT10S, P1M, P2W, PT0.5S or P1DT12H.", { minLength: 1 }),
  Expression: text("An expression, for example data.amount > 0.", { minLength: 1 }),
  Condition: byType("An expression, or one in another language.", [
    ["string", refer("Expression", "An expression, for example data.amount > 0.")],
    ["object", refer("FeelCondition", "An expression in another language.")],
  ]),
  FeelCondition: fields(
    "A condition in FEEL, the language of BPMN tools.",
    {
      language: { description: "The language.", type: "string", enum: ["feel"] },
      expression: text("The expression as FEEL writes it, for example amount > 0.", { minLength: 1 }),
    },
    ["language", "expression"],
  ),
  Secret: fields(
    "A value that is taken from the environment or the secrets file when it is needed, and never stored.",
    {
      secret: text("The name of the secret: letters, digits, underscores, dots and hyphens.", {
        pattern: PLAIN_IDENTIFIER_PATTERN,
        minLength: 1,
        maxLength: 255,
      }),
    },
    ["secret"],
  ),
  SecretText: byType("A secret by name. A literal text works, with a warning.", [
    ["string", text("The value itself; better name a secret.")],
    ["object", refer("Secret", "The name of a secret.")],
  ]),
};

/** What every named thing has for people. */
export const forPeople = {
  name: text("A name for people."),
  description: text("A description for people."),
} as const;

export const metadata = anyObject("Anything you like; never interpreted.");

export const identifier = (description: string): SchemaNode => refer("Identifier", description);
export const plainIdentifier = (description: string): SchemaNode => refer("PlainIdentifier", description);
export const duration = (description: string): SchemaNode => refer("Duration", description);
export const condition = (description: string): SchemaNode => refer("Condition", description);
export const expression = (description: string): SchemaNode => refer("Expression", description);
export const template = (description: string): SchemaNode =>
  anything(`${description} Strings in it are templates: "$data.id" or "\${expression}".`);
