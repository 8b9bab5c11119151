/** What whoever talks to a server can meet: a part of the registry of errors (`errors.ts`). */
export const SERVER_ERRORS = {
  SERVER_UNREACHABLE: {
    status: 0,
    exitCode: 3,
    retryable: true,
    meaning: "The server that a command was to talk to does not answer, or what answers is none.",
  },
  SERVER_UNAVAILABLE: {
    status: 503,
    exitCode: 3,
    retryable: true,
    meaning: "The server cannot be reached, or is no Statewright.",
  },
} as const;
