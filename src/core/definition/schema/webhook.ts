/** The webhook channel, outward and inward. */
import { condition, duration, expression, forPeople, template } from "./plain-parts.js";
import {
  byType,
  dictionary,
  fields,
  flag,
  jsonSchema,
  list,
  refer,
  type SchemaNode,
  text,
  whole,
  word,
} from "./schema-node.js";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"] as const;

const request = {
  url: text("Where it goes. A template.", { minLength: 1 }),
  method: word("The HTTP method; POST where missing.", METHODS),
  headers: dictionary("Headers; values are templates.", template("A header's value.")),
  query: dictionary("Query parameters; values are templates.", template("A parameter's value.")),
  payload: template("The body, sent as JSON."),
  expectedResponse: refer("ExpectedResponse", "Which responses count as success; any 2xx where missing."),
  condition: condition("Must hold over response for the call to count as success."),
  auth: refer("WebhookAuth", "How the call proves who sends it."),
  sign: refer("WebhookSign", "Signs the call by Standard Webhooks."),
  followRedirects: flag("Whether redirects on the same host are followed."),
} as const;

function secrets(description: string): SchemaNode {
  const one = "The secret.";
  return byType(`${description} A list during a rotation: any of them will do.`, [
    ["array", { ...list("Secrets, any of which will do.", refer("SecretText", one)), minItems: 1 }],
    ["string", refer("SecretText", one)],
    ["object", refer("SecretText", one)],
  ]);
}

export const webhookParts: { readonly [name: string]: SchemaNode } = {
  WebhookOut: fields("An HTTP call.", request, ["url"]),
  WebhookCallback: fields(
    "With url: who is told when the action is done. With await: the action waits until its callback address is called.",
    {
      ...request,
      await: flag("True: the action is done when its one-time callback address is called."),
      timeout: duration(
        "With await: how long it is waited for, from the send; the action's timeout where missing.",
      ),
    },
  ),
  ExpectedResponse: byType("Which responses count as success.", [
    ["string", text("A status as in 200, 200 OK or 2xx.", { pattern: "^[1-5](\\d\\d|xx)( .*)?$" })],
    ["integer", { ...whole("A status code.", 100), maximum: 599 }],
    ["object", refer("ExpectedResponseParts", "Status, headers and body.")],
  ]),
  ExpectedResponseParts: fields("What a response must have to count as success.", {
    status: byType("The status.", [
      ["array", list("Any of these.", refer("ExpectedStatus", "A status."))],
      ["string", refer("ExpectedStatus", "A status.")],
      ["integer", refer("ExpectedStatus", "A status.")],
    ]),
    headers: dictionary("Headers that the response must have.", text("The header's value.")),
    body: jsonSchema("The JSON Schema of the body."),
  }),
  ExpectedStatus: byType("A status.", [
    ["string", text("A status as in 200, 200 OK or 2xx.", { pattern: "^[1-5](\\d\\d|xx)( .*)?$" })],
    ["integer", { ...whole("A status code.", 100), maximum: 599 }],
  ]),
  WebhookAuth: fields("How the call proves who sends it: one of these.", {
    bearer: refer("SecretText", "A bearer token."),
    basic: fields(
      "User name and password.",
      { username: refer("SecretText", "The user."), password: refer("SecretText", "The password.") },
      ["username", "password"],
    ),
    header: fields(
      "A header of your own.",
      { name: text("The header's name.", { minLength: 1 }), value: refer("SecretText", "Its value.") },
      ["name", "value"],
    ),
    oauth2: fields(
      "OAuth 2 client credentials.",
      {
        tokenUrl: text("Where tokens come from.", { minLength: 1 }),
        clientId: refer("SecretText", "The client."),
        clientSecret: refer("SecretText", "The client's secret."),
        scope: text("The scope asked for."),
      },
      ["tokenUrl", "clientId", "clientSecret"],
    ),
  }),
  WebhookVerify: fields("How a sender proves who it is: one of secret, hmac, bearer and basic.", {
    secret: secrets("Standard Webhooks: the secret that signs id, time and body."),
    tolerance: refer(
      "Duration",
      "Of secret: how far the message's time may be from now; PT5M where missing.",
    ),
    hmac: fields(
      "A header holds the HMAC of the body.",
      {
        header: text("The header's name.", { pattern: "^[A-Za-z0-9-]+$" }),
        secret: secrets("The key."),
        algorithm: word("The hash; sha256 where missing.", ["sha256"]),
        encoding: word("How the HMAC is written; hex where missing.", ["hex", "base64"]),
        prefix: text("What stands before it in the header, for example sha256=."),
      },
      ["header", "secret"],
    ),
    bearer: secrets("A token in the header Authorization."),
    basic: fields(
      "User name and password in the header Authorization.",
      { username: refer("SecretText", "The user."), password: refer("SecretText", "The password.") },
      ["username", "password"],
    ),
  }),
  WebhookSign: fields(
    "Signing by Standard Webhooks.",
    {
      secret: byType("The signing secret; in a list several, while one takes over from another.", [
        ["array", list("Signing secrets, the newest first.", refer("SecretText", "A signing secret."))],
        ["string", refer("SecretText", "The signing secret.")],
        ["object", refer("SecretText", "The signing secret.")],
      ]),
    },
    ["secret"],
  ),
};

const HOOK_SEGMENT = "([A-Za-z0-9._~-]+|:[A-Za-z_][A-Za-z0-9_]*)";

/** What an inbound webhook has, on a transition and on a start. */
export const webhookIn = {
  ...forPeople,
  path: text("The path under /hooks/, with :names for its variable parts.", {
    pattern: `^/?${HOOK_SEGMENT}(/${HOOK_SEGMENT})*/?$`,
  }),
  correlate: text("What the instance waits with: a template over it, whose value the message must carry.", {
    minLength: 1,
  }),
  message: expression("Over message: the value that must equal what correlate gives."),
  condition: condition("Must hold over message for the request to count."),
  data: dictionary(
    "What of the request becomes data, as templates over message; the body's properties that the states declare where missing.",
    template("A property's value, over message."),
  ),
  messageId: expression(
    "Over message: what the same message has again when it is repeated; the header webhook-id or idempotency-key where missing, else path, query and body.",
  ),
  expectedMessage: jsonSchema("The JSON Schema of the request's body."),
  verify: refer("WebhookVerify", "How a sender proves who it is; anybody may send where missing."),
} as const;
