/**
 * What the CloudEvents 1.0 JSON format asks of a message, as a draft-07 schema: which attributes there are, of which kinds,
 * and which must be there. Extensions have names of lower-case letters and digits.
 */
import type { JsonObject } from "../../src/core/json/json.js";

const text = { type: "string", minLength: 1 };
const textOrNull = { type: ["string", "null"], minLength: 1 };

export const CLOUD_EVENT: JsonObject = {
  type: "object",
  required: ["id", "source", "specversion", "type"],
  propertyNames: { pattern: "^([a-z0-9]+|data_base64)$" },
  properties: {
    id: text,
    source: { ...text, format: "uri-reference" },
    specversion: { ...text, const: "1.0" },
    type: text,
    datacontenttype: textOrNull,
    dataschema: { ...textOrNull, format: "uri" },
    subject: textOrNull,
    time: { ...textOrNull, format: "date-time" },
    data: { type: ["object", "string", "number", "array", "boolean", "null"] },
    data_base64: { type: ["string", "null"] },
  },
  not: { required: ["data", "data_base64"] },
};
