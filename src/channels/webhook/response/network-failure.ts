import { AddressDenied, isFromConnecting } from "../address/guarded-connect.js";
import { requestLabel, type WebRequest } from "../request/read-request.js";
import { SendFailure } from "../send-failure.js";

/** What a code of the platform or of undici means, to go on with the request's name. */
const SENTENCES: { readonly [code: string]: string } = {
  ECONNREFUSED: "refused the connection",
  ENOTFOUND: "could not be resolved",
  EAI_AGAIN: "could not be resolved",
  EAI_FAIL: "could not be resolved",
  EAI_NONAME: "could not be resolved",
  ENODATA: "could not be resolved",
  UND_ERR_CONNECT_TIMEOUT: "did not take the connection in time",
  ETIMEDOUT: "did not take the connection in time",
  EHOSTUNREACH: "could not be reached",
  ENETUNREACH: "could not be reached",
  EADDRNOTAVAIL: "could not be reached",
  UND_ERR_HEADERS_OVERFLOW: "answered with headers that are too large",
};
const CLOSED = new Set([
  "ECONNRESET",
  "EPIPE",
  "ECONNABORTED",
  "UND_ERR_SOCKET",
  "UND_ERR_RES_CONTENT_LENGTH_MISMATCH",
]);

/**
 * The failure that a rejected exchange stands for. All are worth another try but a denied address, and what this
 * channel itself did wrong.
 */
export function networkFailure(
  request: WebRequest,
  error: unknown,
  phase: "before-answer" | "in-answer",
): SendFailure {
  if (error instanceof SendFailure) return error;
  const label = requestLabel(request);
  if (error instanceof AddressDenied) return deniedFailure(request, error.subject, error.reason);
  const code = codeOf(error);
  if (code === "UND_ERR_INVALID_ARG") {
    return new SendFailure("ACTION_FAILED", `${label} cannot be sent as it is`, {
      isFinal: true,
      mayHaveActed: false,
    });
  }
  return new SendFailure("ACTION_FAILED", `${label} ${sentence(code, phase)}`, {
    isFinal: false,
    mayHaveActed: !isFromConnecting(error),
  });
}

export function deniedFailure(request: WebRequest, subject: string, reason: string): SendFailure {
  return new SendFailure("ADDRESS_DENIED", `${requestLabel(request)} was not sent: ${subject} ${reason}`, {
    isFinal: true,
    mayHaveActed: false,
  });
}

function sentence(code: string, phase: "before-answer" | "in-answer"): string {
  if (CLOSED.has(code)) {
    return phase === "before-answer"
      ? "closed the connection before answering"
      : "closed the connection in the middle of its answer";
  }
  if (code === "HPE_INVALID") return "did not answer in HTTP";
  if (/CERT|SELF_SIGNED|UNABLE_TO|^ERR_TLS/.test(code))
    return `has a certificate that is not trusted (${code})`;
  if (/SSL|EPROTO/.test(code)) return `did not agree on TLS (${code})`;
  return SENTENCES[code] ?? `failed on the way (${code === "" ? "for an unknown reason" : code})`;
}

function codeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: unknown };
  if (name === "HTTPParserError") return "HPE_INVALID";
  return typeof code === "string" ? code : "";
}
