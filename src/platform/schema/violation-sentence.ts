/**
 * Turns what ajv found into violations that a person understands. Most sentences are those of
 * `@segment/ajv-human-errors`; the ones here name the property itself or say what is wanted where the library does not.
 *
 * 1. A value from the data is never part of a sentence: it may be sensitive. Names, types and lengths are.
 * 2. The path of a missing, undeclared or badly named property is the pointer of that property.
 * 3. An error that only repeats others (`if`, what is inside `propertyNames`) is left out.
 */
import { createRequire } from "node:module";
import type { ErrorObject } from "ajv";
import { appendPointer, pointerParts } from "../../core/json/pointer.js";
import type { Violation } from "../../core/model/schema-port.js";

const load = createRequire(import.meta.url);
const LONGEST_LIST = 20;

const FORMATS: { readonly [format: string]: string } = {
  date: "a date (2024-01-31)",
  "date-time": "a date and time by RFC 3339 (2024-01-31T14:30:00Z)",
  time: "a time with zone by RFC 3339 (14:30:00Z)",
  duration: "an ISO 8601 duration (PT30S)",
  uuid: "a UUID (123e4567-e89b-12d3-a456-426614174000)",
  email: "an e-mail address",
  uri: "a URI",
  hostname: "a host name",
  ipv4: "an IPv4 address",
  ipv6: "an IPv6 address",
  regex: "a regular expression",
};

/** In ajv's order, without repetitions. */
export function toViolations(errors: readonly ErrorObject[]): readonly Violation[] {
  const violations: Violation[] = [];
  const seen = new Set<string>();
  for (const error of errors) {
    if (error.keyword === "if" || error.propertyName !== undefined) continue;
    const violation = toViolation(error);
    const mark = `${violation.path}\n${violation.message}`;
    if (seen.has(mark)) continue;
    seen.add(mark);
    violations.push(violation);
  }
  return violations;
}

function toViolation(error: ErrorObject): Violation {
  const path = pathOf(error);
  const subject = subjectOf(path);
  const message = `${subject} ${predicateOf(error) ?? libraryPredicate(error)}`;
  return { path, message, keyword: error.keyword };
}

function pathOf({ keyword, params, instancePath }: ErrorObject): string {
  if (keyword === "required" || keyword === "dependencies") {
    return appendPointer(instancePath, String(params.missingProperty));
  }
  if (keyword === "additionalProperties") {
    return appendPointer(instancePath, String(params.additionalProperty));
  }
  if (keyword === "propertyNames") return appendPointer(instancePath, String(params.propertyName));
  return instancePath;
}

/** `"payee.iban"`, `"items[0].amount"`; the whole is "The data". */
function subjectOf(path: string): string {
  const parts = pointerParts(path);
  if (parts.length === 0) return "The data";
  const name = parts
    .map((part, index) => (/^\d+$/.test(part) ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join("");
  return JSON.stringify(name);
}

function predicateOf({ keyword, params, parentSchema }: ErrorObject): string | undefined {
  switch (keyword) {
    case "required":
      return "is missing";
    case "dependencies":
      return `is missing, which "${params.property}" asks for`;
    case "additionalProperties":
      return "is not declared here";
    case "propertyNames":
      return "is not a name that is allowed here";
    case "false schema":
      return "is not allowed here";
    case "format":
      return `must be ${FORMATS[String(params.format)] ?? `of the format "${params.format}"`}`;
    case "pattern":
      return `must match the pattern ${params.pattern}`;
    case "const":
      return `must be ${JSON.stringify(params.allowedValue)}`;
    case "enum":
      return params.allowedValues.length > LONGEST_LIST
        ? `must be one of the ${params.allowedValues.length} values that are allowed`
        : undefined;
    case "multipleOf":
      return `must be a multiple of ${parentSchema?.multipleOf}`;
    case "anyOf":
      return "fits none of the forms that are allowed here";
    case "oneOf":
      return Array.isArray(params.passingSchemas)
        ? "fits more than one of the forms of which exactly one is allowed"
        : "fits none of the forms that are allowed here";
    case "not":
      return "is of a form that is not allowed here";
    default:
      return undefined;
  }
}

function libraryPredicate(error: ErrorObject): string {
  const { AggregateAjvError } = load(
    "@segment/ajv-human-errors",
  ) as typeof import("@segment/ajv-human-errors");
  // A fixed label instead of the schema's own title, and none of its own messages: the subject stands before already.
  const { errorMessage: _, ...schema } = error.parentSchema ?? {};
  const [human] = [...new AggregateAjvError([{ ...error, parentSchema: { ...schema, title: "It" } }])];
  return human === undefined ? "is not valid" : human.message.replace(/^It /, "").replace(/\.$/, "");
}
