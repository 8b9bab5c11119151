import { SIGNING_HEADERS } from "../auth/sign-request.js";
import { requestLabel, type WebRequest } from "../request/read-request.js";
import { SendFailure } from "../send-failure.js";
import type { Answer } from "./read-response.js";

export const MOST_REDIRECTS = 5;

/**
 * The request that an answer leads to, or `undefined` where it is the answer itself that counts: it is no redirect, its
 * status is the expected one, it names no place, or following it would change what was asked (a POST after 301 or 302).
 *
 * @throws SendFailure, final, when it leads to another scheme, host or port: the payload and the headers, with whatever
 * secrets they hold, were meant for this one.
 */
export function redirectOf(
  request: WebRequest,
  answer: Pick<Answer, "status" | "headers">,
  rewrite: (url: URL) => URL,
): WebRequest | undefined {
  const { status, headers } = answer;
  const method = methodAfter(status, request.method);
  if (!request.followRedirects || method === undefined || request.expectation.takesStatus(status))
    return undefined;
  const { location } = headers;
  if (location === undefined || !URL.canParse(location, request.url.href)) return undefined;
  const url = new URL(rewrite(new URL(location, request.url)));
  if (url.origin !== request.url.origin || url.username !== "" || url.password !== "") {
    throw new SendFailure(
      "ACTION_FAILED",
      `${requestLabel(request)} redirects to ${url.protocol}//${url.host}; redirects are followed on ${request.url.origin} only`,
      { isFinal: true, mayHaveActed: true },
    );
  }
  url.hash = "";
  if (method === request.method) return { ...request, url };
  const withoutBody = new Map(request.headers);
  withoutBody.delete("content-type");
  // What was signed is the body that is left out.
  for (const name of SIGNING_HEADERS) withoutBody.delete(name);
  return { ...request, url, method, headers: withoutBody, body: undefined };
}

/** RFC 9110, section 15.4, without the historic change of a POST into a GET. */
function methodAfter(status: number, method: string): string | undefined {
  const isRead = method === "GET" || method === "HEAD";
  if (status === 303) return isRead ? method : "GET";
  if (status === 307 || status === 308) return method;
  if (status === 301 || status === 302) return isRead ? method : undefined;
  return undefined;
}
