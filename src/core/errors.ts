/**
 * The registry of everything that can go wrong by name. Codes are stable and documented in `docs/reference/errors.md`
 * (a test holds the two together). Three kinds share the list and are never mixed: operational errors (thrown as
 * `StatewrightError`), refusals of a command (values), and failure codes of actions and instances (data).
 */
import { ACCESS_ERRORS } from "./access-errors.js";
import { SERVER_ERRORS } from "./server-errors.js";

export const ERRORS = {
  // operational: thrown
  DEFINITION_INVALID: {
    status: 422,
    exitCode: 1,
    retryable: false,
    meaning: "The definition has findings of severity error.",
  },
  DEFINITION_UNKNOWN: {
    status: 404,
    exitCode: 1,
    retryable: false,
    meaning: "No such state machine, or no such version, has been published.",
  },
  VERSION_EXISTS: {
    status: 409,
    exitCode: 1,
    retryable: false,
    meaning: "This version is published already with other content; a version never changes.",
  },
  INSTANCE_UNKNOWN: {
    status: 404,
    exitCode: 1,
    retryable: false,
    meaning: "There is no instance with this id.",
  },
  INSTANCE_EXISTS: {
    status: 409,
    exitCode: 1,
    retryable: false,
    meaning: "An instance with this id is there already.",
  },
  IDEMPOTENCY_MISMATCH: {
    status: 409,
    exitCode: 1,
    retryable: false,
    meaning: "The idempotency key was used before for another request.",
  },
  STORE_LOCKED: {
    status: 503,
    exitCode: 3,
    retryable: true,
    meaning: "Another process owns the database file.",
  },
  STORE_UNAVAILABLE: {
    status: 503,
    exitCode: 3,
    retryable: true,
    meaning: "The database cannot be opened or written.",
  },
  STORE_DAMAGED: {
    status: 500,
    exitCode: 3,
    retryable: false,
    meaning: "What the database holds of an instance is not what was written; the rest goes on.",
  },
  STORE_NEWER: {
    status: 503,
    exitCode: 3,
    retryable: false,
    meaning: "The database was written by a newer version of Statewright.",
  },
  ENGINE_STOPPED: {
    status: 503,
    exitCode: 3,
    retryable: true,
    meaning: "The engine is shutting down and takes no new work.",
  },
  RUN_TIMEOUT: {
    status: 504,
    exitCode: 1,
    retryable: true,
    meaning:
      "The time of a run is up before the instance is through; it goes on where it is with the next run.",
  },
  WAIT_TIMEOUT: {
    status: 504,
    exitCode: 1,
    retryable: true,
    meaning: "What was waited for did not come in time; the instance goes on all the same.",
  },
  HOOK_UNKNOWN: { status: 404, exitCode: 1, retryable: true, meaning: "No machine receives webhooks here." },
  HOOK_UNVERIFIED: {
    status: 401,
    exitCode: 1,
    retryable: false,
    meaning: "A sender does not prove who it is.",
  },
  MESSAGE_UNMATCHED: { status: 404, exitCode: 1, retryable: true, meaning: "Nobody waits for this message." },
  MESSAGE_AMBIGUOUS: { status: 409, exitCode: 1, retryable: true, meaning: "Several wait for this message." },
  USAGE: {
    status: 400,
    exitCode: 2,
    retryable: false,
    meaning: "The command line or the call is not of the right form.",
  },
  ...SERVER_ERRORS,
  // at the door of HTTP
  ...ACCESS_ERRORS,
  REQUEST_INVALID: {
    status: 400,
    exitCode: 2,
    retryable: false,
    meaning: "A request is not of the form that the contract says; every place is named.",
  },
  PATH_UNKNOWN: {
    status: 404,
    exitCode: 3,
    retryable: false,
    meaning: "There is nothing at this path of the server.",
  },
  INCIDENT_UNKNOWN: {
    status: 404,
    exitCode: 1,
    retryable: false,
    meaning: "There is no incident with this id.",
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    exitCode: 3,
    retryable: false,
    meaning: "The path is there, and does not know this method.",
  },
  MEDIA_TYPE_UNSUPPORTED: {
    status: 415,
    exitCode: 2,
    retryable: false,
    meaning: "A body is of a type, charset or encoding that is not taken.",
  },
  HOST_UNKNOWN: {
    status: 421,
    exitCode: 3,
    retryable: false,
    meaning: "The request names a host that this server does not answer for.",
  },
  ORIGIN_FOREIGN: {
    status: 403,
    exitCode: 1,
    retryable: false,
    meaning: "A web page of another origin wants to change something.",
  },
  RATE_LIMITED: {
    status: 429,
    exitCode: 3,
    retryable: true,
    meaning: "Too many requests in too short a time.",
  },
  REQUEST_TIMEOUT: {
    status: 408,
    exitCode: 3,
    retryable: true,
    meaning: "A request came too slowly.",
  },
  UNEXPECTED: {
    status: 500,
    exitCode: 3,
    retryable: false,
    meaning: "Something happened that nobody foresaw; the log of the server says more.",
  },
  ADDRESS_IN_USE: {
    status: 503,
    exitCode: 3,
    retryable: true,
    meaning: "The server cannot listen on this address.",
  },
  // refusals: the command leaves no trace
  NOT_ENABLED: {
    status: 409,
    exitCode: 1,
    retryable: false,
    meaning: "No transition on this event is enabled now.",
  },
  NOT_DISTINCT: {
    status: 403,
    exitCode: 1,
    retryable: false,
    meaning: "Four eyes: who sends this may not be who sent the event that the transition names.",
  },
  NOT_ASSIGNED: {
    status: 403,
    exitCode: 1,
    retryable: false,
    meaning: "The task takes its events and data from its assignee or the members of its groups alone.",
  },
  VALIDATION_FAILED: {
    status: 422,
    exitCode: 1,
    retryable: false,
    meaning: "Data does not satisfy the schema of a state, or what was sent is no JSON or no id.",
  },
  IMMUTABLE: {
    status: 422,
    exitCode: 1,
    retryable: false,
    meaning: "A property that may be set only once has another value already.",
  },
  SEQ_MISMATCH: {
    status: 412,
    exitCode: 1,
    retryable: true,
    meaning: "The instance has moved on since the expected seq.",
  },
  INSTANCE_SUSPENDED: {
    status: 409,
    exitCode: 1,
    retryable: true,
    meaning: "An operator holds the instance; it takes no events until it is resumed.",
  },
  INSTANCE_ENDED: {
    status: 409,
    exitCode: 1,
    retryable: false,
    meaning: "The instance has ended and cannot change any more.",
  },
  CALLBACK_UNKNOWN: {
    status: 404,
    exitCode: 1,
    retryable: false,
    meaning: "The callback address is none that this engine has given out.",
  },
  CALLBACK_GONE: {
    status: 410,
    exitCode: 1,
    retryable: false,
    meaning: "Nobody waits for this callback any more: it came too late, or the action is over.",
  },
  MIGRATION_BLOCKED: {
    status: 409,
    exitCode: 1,
    retryable: false,
    meaning: "The instance cannot be moved to the other version as it is; every reason is named.",
  },
  LIMIT_EXCEEDED: { status: 413, exitCode: 1, retryable: false, meaning: "A documented limit was passed." },
  // failures of actions and instances: what error routes can name as error.<code>
  ACTION_FAILED: {
    status: 0,
    exitCode: 1,
    retryable: true,
    meaning: "A try of an action failed, or was answered with a failure.",
  },
  ACTION_TIMEOUT: {
    status: 0,
    exitCode: 1,
    retryable: true,
    meaning: "A try of an action did not end within its timeout.",
  },
  CALLBACK_TIMEOUT: {
    status: 0,
    exitCode: 1,
    retryable: true,
    meaning: "The callback that an action waits for did not come within its timeout.",
  },
  CALLBACK_UNCONFIGURED: {
    status: 0,
    exitCode: 1,
    retryable: false,
    meaning: "An action waits for a callback, and the engine was given no address at which it can be called.",
  },
  OUTCOME_UNKNOWN: {
    status: 0,
    exitCode: 1,
    retryable: false,
    meaning: "What is sent at most once may have been done or not; it is not sent again by itself.",
  },
  STATE_TIMEOUT: {
    status: 0,
    exitCode: 1,
    retryable: false,
    meaning: "A state was not left within its timeout.",
  },
  RESPONSE_MISMATCH: {
    status: 0,
    exitCode: 1,
    retryable: false,
    meaning: "The response does not fit what the action expects.",
  },
  FUNCTION_UNKNOWN: {
    status: 0,
    exitCode: 1,
    retryable: false,
    meaning: "No function of this name is registered in the program that runs the engine.",
  },
  CIRCUIT_OPEN: {
    status: 0,
    exitCode: 1,
    retryable: true,
    meaning: "The host has failed again and again; calls to it are held back for a moment.",
  },
  SECRET_MISSING: {
    status: 503,
    exitCode: 1,
    retryable: false,
    meaning: "A secret that a call needs is not set, or cannot be used for what it is named for.",
  },
  ADDRESS_DENIED: {
    status: 0,
    exitCode: 1,
    retryable: false,
    meaning: "The address is one that outgoing calls may not reach.",
  },
  TEMPLATE_ERROR: {
    status: 0,
    exitCode: 1,
    retryable: false,
    meaning: "A template refers to something that is absent.",
  },
  EXPRESSION_ERROR: {
    status: 422,
    exitCode: 1,
    retryable: false,
    meaning: "An expression could not be evaluated within its limits.",
  },
  NO_TRANSITION: {
    status: 0,
    exitCode: 1,
    retryable: false,
    meaning: "A decision has no transition whose condition holds, and no default.",
  },
  AUTOMATIC_LIMIT: {
    status: 0,
    exitCode: 1,
    retryable: false,
    meaning: "One command caused more than 100 automatic steps.",
  },
  JOIN_STUCK: {
    status: 0,
    exitCode: 1,
    retryable: false,
    meaning: "A join waits for a token that cannot come any more.",
  },
  NOT_COMPENSATED: {
    status: 0,
    exitCode: 1,
    retryable: false,
    meaning: "Something is not undone: a rollback was cut short, or the machine no longer knows how.",
  },
  CHILD_FAILED: {
    status: 0,
    exitCode: 1,
    retryable: false,
    meaning: "A child instance ended with status error and named no code of its own.",
  },
  CHILD_CANCELLED: {
    status: 0,
    exitCode: 1,
    retryable: false,
    meaning: "A child instance was cancelled while its parent waited for it.",
  },
  ROUTED: {
    status: 0,
    exitCode: 1,
    retryable: false,
    meaning: "An automatic transition led into an error state without a failure behind it.",
  },
  CALLBACK_FAILED: {
    status: 0,
    exitCode: 1,
    retryable: false,
    meaning: "A callback or notice could not be delivered for 24 hours, or a message found no receiver.",
  },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** An operational error: thrown, with a stable code, a sentence that names the thing and, in `hint`, what to do. */
export class StatewrightError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly hint?: string; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "StatewrightError";
    this.code = code;
    this.hint = options.hint;
  }

  get exitCode(): number {
    return ERRORS[this.code].exitCode;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }
}
