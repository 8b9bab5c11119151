/** What access control refuses by: a part of the registry of errors (`errors.ts`). */
export const ACCESS_ERRORS = {
  UNAUTHENTICATED: {
    status: 401,
    exitCode: 1,
    retryable: false,
    meaning: "The request does not show who sends it, or its key or token is not valid.",
  },
  FORBIDDEN: {
    status: 403,
    exitCode: 1,
    retryable: false,
    meaning: "Who sends the request may not do this; what is missing is named.",
  },
  IDENTITY_UNAVAILABLE: {
    status: 503,
    exitCode: 3,
    retryable: true,
    meaning: "The keys that tokens are checked with cannot be fetched from the identity provider.",
  },
  TENANT_UNAVAILABLE: {
    status: 503,
    exitCode: 3,
    retryable: true,
    meaning: "The server has no place for one more tenant, or is closing.",
  },
} as const;
