/** What requests and answers about definitions look like. */
import {
  ANY_OBJECT,
  COUNT,
  CURSOR,
  closedObject,
  described,
  ID,
  INSTANT,
  LIMIT,
  listOf,
  oneOfWords,
  openObject,
  pageOf,
  TEXT,
  VERSION,
} from "./schema-parts.js";

export const FINDING = openObject(
  "Finding",
  "What validation says about a place in a definition.",
  {
    code: TEXT,
    severity: oneOfWords(["error", "warning"]),
    pointer: described("RFC 6901 pointer into the document as it was sent.", TEXT),
    line: described("One-based, in the text that was sent.", COUNT),
    column: described("One-based.", COUNT),
    message: TEXT,
    hint: TEXT,
  },
  ["code", "severity", "pointer", "message"],
);

export const PUBLISHED = openObject(
  "Published",
  "A version that is there now.",
  {
    stateMachineId: ID,
    version: VERSION,
    hash: described("SHA-256 of the canonical definition, hexadecimal.", TEXT),
    outcome: described(
      "`unchanged`: the same content was there already.",
      oneOfWords(["published", "unchanged"]),
    ),
    warnings: listOf(FINDING),
  },
  ["stateMachineId", "version", "hash", "outcome", "warnings"],
);

const ABOUT = {
  stateMachineId: ID,
  version: VERSION,
  hash: TEXT,
  publishedAt: INSTANT,
  author: TEXT,
  note: TEXT,
};

export const DEFINITION_SUMMARY = openObject(
  "DefinitionSummary",
  "A published version without its content.",
  ABOUT,
  Object.keys(ABOUT),
);

export const DEFINITION = openObject(
  "Definition",
  "A published version.",
  { ...ABOUT, definition: described("In canonical form.", ANY_OBJECT) },
  [...Object.keys(ABOUT), "definition"],
);

export const DEFINITION_PAGE = pageOf("DefinitionPage", DEFINITION_SUMMARY);

export const DEFINITION_DIFF = openObject(
  "DefinitionDiff",
  "What changed from one version to another, in words.",
  {
    from: described("ID@VERSION.", TEXT),
    to: described("ID@VERSION.", TEXT),
    changes: listOf(
      openObject(
        "DefinitionChange",
        "One difference.",
        {
          change: oneOfWords(["removed", "added", "changed"]),
          subject: oneOfWords(["machine", "state", "transition", "action", "schema"]),
          id: TEXT,
          message: TEXT,
        },
        ["change", "subject", "id", "message"],
      ),
    ),
  },
  ["from", "to", "changes"],
);

export const DEFINITION_PARAMS = closedObject({ stateMachineId: ID }, { required: ["stateMachineId"] });

export const DEFINITION_VERSION_PARAMS = closedObject(
  { stateMachineId: ID, version: VERSION },
  { required: ["stateMachineId", "version"] },
);

export const DEFINITION_LIST_QUERY = closedObject({
  stateMachineId: described("Only versions of this state machine.", ID),
  limit: LIMIT,
  cursor: CURSOR,
});

export const DEFINITION_DIFF_QUERY = closedObject(
  { from: described("The older version.", VERSION), to: described("The newer version.", VERSION) },
  { required: ["from", "to"] },
);

export const PUBLISH_QUERY = closedObject({
  note: described("What is new; kept with the version.", { type: "string", maxLength: 4096 }),
});
