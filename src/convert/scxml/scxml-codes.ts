/**
 * What the conversion of SCXML has to say, each with its severity and with one word for its cause. A refusal is an
 * error; a warning tells of something that was added, left out or said differently. `docs/reference/convert.md` lists
 * all of them.
 */
export const SCXML_CODES = {
  XML_INVALID: { severity: "error", cause: "xml" },
  SCXML_INVALID: { severity: "error", cause: "invalid" },
  SCXML_UNKNOWN_STATE: { severity: "error", cause: "invalid" },
  SCXML_DUPLICATE_ID: { severity: "error", cause: "invalid" },
  SCXML_SCRIPT: { severity: "error", cause: "scripting" },
  SCXML_EXPRESSION: { severity: "error", cause: "datamodel" },
  SCXML_LOCATION: { severity: "error", cause: "datamodel" },
  SCXML_DATA: { severity: "error", cause: "datamodel" },
  SCXML_SOURCE: { severity: "error", cause: "source" },
  SCXML_INVOKE: { severity: "error", cause: "invoke" },
  SCXML_TRANSPORT: { severity: "error", cause: "transport" },
  SCXML_SEND: { severity: "error", cause: "dynamic-send" },
  SCXML_FOREACH: { severity: "error", cause: "foreach" },
  SCXML_HISTORY: { severity: "error", cause: "history" },
  SCXML_SEVERAL_TARGETS: { severity: "error", cause: "several-targets" },
  SCXML_EVENT_FIELD: { severity: "error", cause: "event-fields" },
  SCXML_UNKNOWN_ELEMENT: { severity: "error", cause: "extension" },
  SCXML_DYNAMIC_TARGET: { severity: "warning", cause: "dynamic-send" },
  SCXML_CERTAIN_ERROR: { severity: "warning", cause: "certain-error" },
  SCXML_UNREACHABLE: { severity: "warning", cause: "unreachable" },
  SCXML_END_ADDED: { severity: "warning", cause: "end" },
  SCXML_EVENTS_OUTSIDE: { severity: "warning", cause: "events" },
  SCXML_LEFT_OUT: { severity: "warning", cause: "left-out" },
  SCXML_RENAMED: { severity: "warning", cause: "renamed" },
} as const;

export type ScxmlCode = keyof typeof SCXML_CODES;
