/** The one shape of everything that went wrong: `application/problem+json`, RFC 9457. */

import { FINDING } from "./definition-schemas.js";
import { described, listOf, openObject, TEXT, VIOLATIONS } from "./schema-parts.js";

export const PROBLEM_TYPE = "application/problem+json";

export const PROBLEM = openObject(
  "Problem",
  "What went wrong (RFC 9457). Programs decide by `code`; sentences may change.",
  {
    type: described("A URI that stands for the code.", { type: "string", format: "uri" }),
    title: described("What the code means.", TEXT),
    status: described("The HTTP status.", { type: "integer", minimum: 400, maximum: 599 }),
    code: described("A stable word of the registry of errors.", TEXT),
    detail: described("What happened here; names the thing.", TEXT),
    hint: described("What to do.", TEXT),
    violations: described("Where data or the request is at fault.", VIOLATIONS),
    enabled: described("With NOT_ENABLED: the events that the state names.", listOf(TEXT)),
    findings: described("With DEFINITION_INVALID: all findings.", listOf(FINDING)),
    request: described("With UNEXPECTED: what to look for in the log of the server.", TEXT),
  },
  ["type", "title", "status", "code", "detail"],
);
