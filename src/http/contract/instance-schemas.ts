/** What requests and answers about instances look like. */
import {
  ANY_OBJECT,
  BOOLEAN,
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
  STATUS,
  TEXT,
  VERSION,
  VIOLATIONS,
} from "./schema-parts.js";

const ACTION_RECORD = openObject(
  "ActionRecord",
  "One run of an action.",
  {
    actionId: TEXT,
    phase: oneOfWords(["entry", "exit", "transition", "compensation"]),
    status: TEXT,
    startedAt: INSTANT,
    completedAt: INSTANT,
    tries: COUNT,
    result: {},
    error: openObject("ActionError", "Why an action failed.", { code: TEXT, message: TEXT }, [
      "code",
      "message",
    ]),
    timedOut: BOOLEAN,
  },
  ["actionId", "phase", "status", "startedAt", "tries"],
);

export const VISIT = openObject(
  "Visit",
  "One stay in a state.",
  {
    ordinal: described("Its number in the instance, from 0.", COUNT),
    state: TEXT,
    token: TEXT,
    enteredAt: INSTANT,
    exitedAt: INSTANT,
    transitionId: TEXT,
    event: TEXT,
    actor: TEXT,
    data: ANY_OBJECT,
    actions: listOf(ACTION_RECORD),
  },
  ["ordinal", "state", "enteredAt", "actor", "actions"],
);

export const VISIT_PAGE = pageOf("VisitPage", VISIT);

const DOCUMENT = {
  instanceId: ID,
  stateMachineId: ID,
  version: VERSION,
  parent: described("The instance that waits for this one to end.", ID),
  currentState: TEXT,
  activeStates: described("Where there are several.", listOf(TEXT)),
  status: STATUS,
  reason: TEXT,
  startTime: INSTANT,
  lastUpdated: INSTANT,
  seq: described("Number of the last command; it is the ETag.", COUNT),
  data: described("Sensitive values are masked.", ANY_OBJECT),
  currentStateData: ANY_OBJECT,
  variables: ANY_OBJECT,
  history: listOf(VISIT),
  incidents: described("The open ones.", listOf(ANY_OBJECT)),
};

const DOCUMENT_REQUIRED = [
  "instanceId",
  "stateMachineId",
  "version",
  "currentState",
  "status",
  "startTime",
  "lastUpdated",
  "seq",
  "data",
  "currentStateData",
  "variables",
  "history",
];

export const INSTANCE = openObject("Instance", "An instance as a document.", DOCUMENT, DOCUMENT_REQUIRED);

export const STARTED = openObject(
  "StartedInstance",
  "The instance as it is now, and what the start was answered with.",
  {
    ...DOCUMENT,
    outcome: oneOfWords(["started"]),
    to: described("The state that the start led to.", TEXT),
    isRepeated: described("True when the same key had been answered before.", BOOLEAN),
  },
  [...DOCUMENT_REQUIRED, "outcome", "to", "isRepeated"],
);

export const INSTANCE_SUMMARY = openObject(
  "InstanceSummary",
  "An instance in a list.",
  {
    instanceId: ID,
    stateMachineId: ID,
    version: VERSION,
    seq: COUNT,
    status: STATUS,
    currentState: TEXT,
    startedAt: INSTANT,
    updatedAt: INSTANT,
    parentId: ID,
  },
  ["instanceId", "stateMachineId", "version", "seq", "status", "currentState", "startedAt", "updatedAt"],
);

export const INSTANCE_PAGE = openObject(
  "InstancePage",
  "One page of instances. A condition (`where`) is looked at for 10,000 instances at a time: a page may hold less than the limit, or nothing, and still have a next one.",
  {
    items: listOf(INSTANCE_SUMMARY),
    nextCursor: { type: ["string", "null"] },
    whereFault: described("About the first instance for which `where` could not be evaluated.", TEXT),
  },
  ["items", "nextCursor"],
);

/** What a list, a stream and a batch can be narrowed by. */
export const INSTANCE_FILTER = {
  stateMachineId: ID,
  version: VERSION,
  state: described("The current state; of several the first in document order.", ID),
  status: STATUS,
  code: described("Of an open incident.", ID),
  unchangedForMs: described("Nothing has changed in it for so long.", COUNT),
  where: described("A condition over `data`, `variables`, `state` and `instance`.", {
    type: "string",
    minLength: 1,
    maxLength: 4096,
  }),
};

export const INSTANCE_LIST_QUERY = closedObject({ ...INSTANCE_FILTER, limit: LIMIT, cursor: CURSOR });

export const INSTANCE_PARAMS = closedObject({ instanceId: ID }, { required: ["instanceId"] });

export const PAGE_QUERY = closedObject({ limit: LIMIT, cursor: CURSOR });

const WAIT = {
  wait: described(
    "Answer when no action is under way any more, not when the command is committed.",
    oneOfWords(["settled"]),
  ),
  timeoutMs: described("How long to wait then; 30,000 where nothing is said.", {
    type: "integer",
    minimum: 1,
    maximum: 30_000,
  }),
};

export const WAIT_QUERY = closedObject(WAIT);

export const COMMAND_HEADERS = {
  type: "object",
  properties: {
    "idempotency-key": described(
      "The same request under the same key acts once and gets its first answer, for 7 days.",
      ID,
    ),
    "if-match": described("The seq, as in the ETag: refused with 412 when the instance has moved on since.", {
      type: "string",
      maxLength: 40,
    }),
  },
};

export const KEY_HEADERS = {
  type: "object",
  properties: { "idempotency-key": COMMAND_HEADERS.properties["idempotency-key"] },
};

const PAYLOAD = {
  data: described("Data, as the schemas of the states declare it.", ANY_OBJECT),
  variables: described("Free working values.", ANY_OBJECT),
};

export const START_BODY = closedObject(
  {
    stateMachineId: ID,
    version: described("The newest where nothing is said.", VERSION),
    instanceId: described("Chosen by the engine where nothing is said.", ID),
    ...PAYLOAD,
  },
  { title: "StartRequest", required: ["stateMachineId"] },
);

export const EVENT_BODY = closedObject(
  { event: described("Without it the request is an update of the current state's data.", ID), ...PAYLOAD },
  { title: "EventRequest" },
);

export const EVENT_ANSWER = openObject(
  "EventAnswer",
  "What became of the event, and the instance as it is now.",
  {
    outcome: oneOfWords(["taken", "updated", "queued"]),
    seq: described("Of the command.", COUNT),
    transitionId: TEXT,
    from: TEXT,
    to: TEXT,
    blocked: described(
      "With `updated`: what the data would have moved if it were complete.",
      listOf(
        openObject(
          "BlockedTransition",
          "An automatic transition that waits for more data.",
          { transitionId: TEXT, violations: VIOLATIONS },
          ["transitionId", "violations"],
        ),
      ),
    ),
    isRepeated: BOOLEAN,
    instance: INSTANCE,
  },
  ["outcome", "seq", "isRepeated", "instance"],
);

export const SIGNAL_BODY = closedObject(
  { signal: described("Its name.", ID), data: PAYLOAD.data },
  { title: "SignalRequest", required: ["signal"] },
);

export const SIGNAL_ANSWER = openObject(
  "SignalAnswer",
  "Who has taken the signal.",
  {
    signal: ID,
    taken: described("How many instances took it, or keep it until they are settled.", COUNT),
    started: described("Ids of the instances that began with it.", listOf(ID)),
  },
  ["signal", "taken", "started"],
);

export const TRAIL_ENTRY = openObject(
  "TrailEntry",
  "One entry of the audit trail: a command and what it caused. Sensitive values are masked.",
  {
    entry: ANY_OBJECT,
    hash: TEXT,
    previousHash: TEXT,
    isWhole: described("False when values of it were erased; they read as null.", BOOLEAN),
  },
  ["entry", "hash", "previousHash", "isWhole"],
);

export const TRAIL_PAGE = openObject(
  "TrailPage",
  "One page of a trail.",
  {
    items: listOf(TRAIL_ENTRY),
    nextCursor: { type: ["string", "null"] },
    isOver: described(
      "The instance has ended, its last actions too, and these are the last entries: nothing comes any more.",
      BOOLEAN,
    ),
  },
  ["items", "nextCursor", "isOver"],
);

export const TRAIL_QUERY = closedObject({
  afterSeq: described("Only entries after this seq; a cursor goes on from where it was given out.", COUNT),
  limit: LIMIT,
  cursor: CURSOR,
});
